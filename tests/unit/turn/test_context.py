from __future__ import annotations

import pytest

from bot.content.topics import load_topics
from bot.nlu.decision import OUT_OF_SCOPE
from bot.settings import ROOT
from bot.turn.context import (
    asks_whether_it_helps,
    complete,
    fragment,
    is_outside,
    leans,
    names_only_a_place,
    weigh,
)
from bot.turn.frames import BENEFITS, FOR_SOMEBODY, FRAMES, SUBJECTS

HOURS, FEES, HURT, COVER = "clinic/hours", "clinic/fees", "faq/does_it_hurt", "clinic/insurance"


@pytest.mark.parametrize(
    "text", ["and sundays?", "what about parking", "is it covered by the plan i have", "how long"]
)
def test_an_opening_a_pronoun_or_few_words_lean(text: str) -> None:
    assert leans(text)


def test_a_sentence_of_its_own_does_not_lean() -> None:
    assert not leans("can pregnant women have acupuncture at your clinic")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("and sundays?", "sundays"),
        ("Ok but what about my left knee then", "my left knee"),
        ("even if i'm late?", "if i'm late"),
        ("and for the first one", "for the first one"),
        ("and is it covered", None),
        ("how long does that take", None),
        ("and?", None),
        ("", None),
    ],
)
def test_a_fragment_is_what_is_left_without_the_opening(text: str, left: str | None) -> None:
    assert fragment(text) == left


@pytest.mark.parametrize(
    ("text", "topic", "whole"),
    [
        ("what about good friday", HOURS, "are you open on good friday"),
        ("and on sundays?", HOURS, "are you open on sundays"),
        ("and for the first one?", FEES, "how much is it for the first one"),
        ("do i need a note for that", COVER, "do i need a note for acupuncture"),
        ("is it near a train station", "clinic/location", "is the clinic near a train station"),
        ("does that hurt", "faq/added_therapies", "does cupping hurt"),
        ("does that part hurt", "faq/what_to_expect", None),
        ("can i come this week", HOURS, None),
        ("and sundays?", "smalltalk/greet", None),
        ("is there parking", HOURS, None),
        ("and", HOURS, None),
    ],
)
def test_a_message_is_made_whole_by_the_topic_before(
    text: str, topic: str, whole: str | None
) -> None:
    assert complete(text, topic) == whole


@pytest.mark.parametrize(
    "text", ["what about my shoulder?", "and a sore left knee", "same for the neck?", "lower back?"]
)
def test_a_part_of_the_body_alone(text: str) -> None:
    assert names_only_a_place(text)


@pytest.mark.parametrize(
    "text",
    ["what about my shoulder surgery", "what about my dog", "and sundays?", "what about", ""],
)
def test_more_or_less_than_a_part_of_the_body(text: str) -> None:
    assert not names_only_a_place(text)


def test_whether_it_helps_with_what_was_said() -> None:
    assert asks_whether_it_helps("ok, does it help with that too?")
    assert asks_whether_it_helps("can acupuncture treat that")
    assert not asks_whether_it_helps("does it help with my taxes")


def test_a_message_is_outside_when_its_own_words_say_so() -> None:
    mostly = [(OUT_OF_SCOPE, 0.6), (HOURS, 0.4)]
    assert is_outside("what about the hockey game", mostly)
    assert not is_outside("and what about that", mostly), "it has no words of its own"
    assert not is_outside("what about the game", [(HOURS, 0.6), (OUT_OF_SCOPE, 0.4)])


def test_a_red_flag_takes_no_share_when_it_is_asked_whether_a_message_is_outside() -> None:
    ranking = [("safety/crisis", 0.6), (OUT_OF_SCOPE, 0.3), (HOURS, 0.1)]
    assert is_outside("what about bungee jumping", ranking)


def _best(*arguments: object) -> tuple[str, float]:
    return weigh(*arguments)[0]  # type: ignore[arg-type]


def test_what_was_said_before_tips_an_unsure_message() -> None:
    own = [(FEES, 0.4), (HOURS, 0.35), (HURT, 0.25)]
    assert _best(own, None, [], [])[0] == FEES
    assert _best(own, None, [HOURS], [])[0] == HOURS
    assert _best(own, None, [], [HURT])[0] == HURT


def test_the_completed_form_weighs_more_than_the_message() -> None:
    topic, probability = _best([(FEES, 0.5), (HOURS, 0.1)], [(HOURS, 0.9), (FEES, 0.1)], [], [])
    assert topic == HOURS
    assert probability > 0.5


def test_a_ranking_is_sorted_adds_up_and_holds_no_red_flag() -> None:
    own = [("safety/urgent", 0.5), (FEES, 0.3), (HOURS, 0.2)]
    ranking = weigh(own, [("safety/crisis", 0.9), (HURT, 0.1)], [COVER], [])
    assert sum(p for _, p in ranking) == pytest.approx(1.0)
    assert [p for _, p in ranking] == sorted((p for _, p in ranking), reverse=True)
    assert {topic for topic, _ in ranking} == {FEES, HOURS, HURT, COVER}


def test_frames_are_for_topics_that_are_answered() -> None:
    topics = load_topics(ROOT / "data" / "topics.yml")
    answered = {topic for topic in topics if topic.startswith(("faq/", "clinic/"))}
    assert set(FRAMES) == answered
    assert set(SUBJECTS) < answered
    assert BENEFITS < FOR_SOMEBODY < answered
