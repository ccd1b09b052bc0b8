from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["action_desk"]

ACTION = "action_answer_question"


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
