from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.booking.opening import named

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["action_desk"]

ACTION = "action_answer_question"
NOW = datetime.now()


async def test_it_says_the_approved_card_with_its_source_and_choices(desk: Desk) -> None:
    done = await desk.run(ACTION, topics=["faq/does_it_hurt"])
    card = desk.library.render("faq/does_it_hurt", "web")
    assert done.message["text"] == card.text
    assert done.message["source"] == card.source != ""
    assert done.message["answer_ids"] == ["faq/does_it_hurt"]
    assert done.message["outcome"] == "answer"
    titles = [desk.library.title(topic) for topic in card.choices]
    assert titles
    assert done.message["buttons"] == [{"title": t, "payload": t} for t in titles]
    assert done.events == []


async def test_it_answers_each_topic_in_order(desk: Desk) -> None:
    topics = ["clinic/fees", "faq/is_it_safe"]
    done = await desk.run(ACTION, topics=topics)
    assert [message["answer_ids"] for message in done.messages] == [[topic] for topic in topics]


@pytest.mark.parametrize("channel", ["web", "sms", "messenger"])
async def test_it_uses_the_words_of_the_channel(desk: Desk, channel: str) -> None:
    done = await desk.run(ACTION, topics=["faq/does_it_hurt"], channel=channel)
    assert done.texts == [desk.library.render("faq/does_it_hurt", channel).text]


async def test_another_channel_gets_the_webs_words(desk: Desk) -> None:
    done = await desk.run(ACTION, topics=["faq/does_it_hurt"], channel="cmdline")
    assert done.texts == [desk.library.render("faq/does_it_hurt", "web").text]


async def test_small_talk_is_called_so(desk: Desk) -> None:
    done = await desk.run(ACTION, topics=["smalltalk/greet"])
    assert done.message["outcome"] == "smalltalk"


async def test_a_card_that_may_not_be_served_is_replaced_by_a_person(desk: Desk) -> None:
    done = await desk.run(ACTION, topics=["faq/never_written"])
    assert done.message["text"] == desk.library.render("handoff/human", "web").text
    assert done.message["answer_ids"] == ["handoff/human"]
    assert done.message["outcome"] == "handoff"


async def test_a_wish_with_a_flow_of_its_own_is_left_to_it(desk: Desk) -> None:
    done = await desk.run(ACTION, topics=["booking/request", "clinic/fees"])
    assert done.message["answer_ids"] == ["clinic/fees"]
    done = await desk.run(ACTION, topics=["booking/request"], outcome="booking")
    assert (done.messages, done.events) == ([], [])


async def test_a_day_that_is_named_is_held_against_hours_and_holidays(desk: Desk) -> None:
    day = date.today() + timedelta(days=7)
    while not desk.services.profile.opening_on(day):
        day += timedelta(days=1)
    christmas = date(day.year + 1, 12, 25)
    for asked, words in (
        (day, f"The clinic is open on {named([day], NOW)}, "),
        (christmas, f"The clinic is closed on {named([christmas], NOW)}."),
    ):
        text = f"are you open on {asked:%B} {asked.day} {asked.year}"
        done = await desk.run(ACTION, text=text, topics=["clinic/hours"])
        assert [message["answer_ids"] for message in done.messages] == [["clinic/hours"]] * 2
        assert done.texts[0].startswith(words)
        assert "Our hours are" in done.texts[1]


@pytest.mark.parametrize("text", ["when are you open", "are you open on mondays", "next week?"])
async def test_without_a_certain_day_the_hours_are_said_alone(desk: Desk, text: str) -> None:
    done = await desk.run(ACTION, text=text, topics=["clinic/hours"])
    assert "Our hours are" in done.message["text"]


async def test_a_day_beside_another_question_is_left_alone(desk: Desk) -> None:
    done = await desk.run(ACTION, text="how much is it on december 25", topics=["clinic/fees"])
    assert done.message["answer_ids"] == ["clinic/fees"]
