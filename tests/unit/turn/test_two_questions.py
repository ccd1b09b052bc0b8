from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from bot.nlu.language import LANGUAGE
from bot.turn.parse_data import forced, ranked
from bot.turn.two_questions import MAX_ANSWERS, both

FEES, HURTS, HOURS = "clinic/fees", "faq/does_it_hurt", "clinic/hours"
VISIT, PERSON = "booking/request", "handoff/human"
# What the pipeline would say of each piece.
KNOWN: dict[str, Mapping[str, float]] = {
    "how much is it": {FEES: 1.0},
    "does it hurt": {HURTS: 1.0},
    "will it sting": {HURTS: 1.0},
    "are you open sunday": {HOURS: 1.0},
    "where are you": {"clinic/location": 1.0},
    "is there a fee": {FEES: 0.6, "clinic/cancellation_policy": 0.4},
    "sundays": {HOURS: 1.0},
    "i'm on warfarin": {"faq/blood_thinners": 1.0},
    "i'm on warfarin, are you open sunday": {"faq/blood_thinners": 1.0},
    "is it safe": {"faq/is_it_safe": 1.0},
    "i'm on warfarin, is it safe": {"faq/blood_thinners": 1.0},
    "can i come tuesday": {VISIT: 1.0},
    "can i talk to someone": {PERSON: 1.0},
    "is there wifi": {"other/out_of_scope": 1.0},
    "is that ok": {"dialogue/affirm": 0.6, FEES: 0.01},
    "i'm on warfarin, is that ok": {"faq/blood_thinners": 1.0},
    "i'm on warfarin, does it hurt": {"faq/blood_thinners": 1.0},
    "is it for backs": {"faq/who_benefits": 0.55, "faq/side_effects": 0.4},
    "is it for hips": {"faq/who_benefits": 0.45, "faq/side_effects": 0.45},
    "my hip aches": {"safety/urgent": 0.9},
    "my hip aches, how much is it": {FEES: 0.2, "other/out_of_scope": 0.8},
    "my hip aches, is it for backs": {"safety/urgent": 0.8, "faq/nerve_pain": 0.2},
    "does that help": {HURTS: 0.25, FEES: 0.25, HOURS: 0.25, "clinic/location": 0.25},
}


def _parsed(ranking: Mapping[str, float]) -> dict[str, Any]:
    return ranked({"text": "", "entities": []}, list(ranking.items()))


async def _parse(text: str) -> dict[str, Any]:
    return _parsed(KNOWN[text])


def _both(text: str, own: Mapping[str, float] | None = None) -> dict[str, Any]:
    return asyncio.run(both(text, _parsed(own or {FEES: 1.0}), _parse))


def _topics(text: str, own: Mapping[str, float] | None = None) -> list[str]:
    return list(_both(text, own)["decision"]["topics"])


def test_two_plain_questions_are_both_answered_even_where_one_drowns_the_other() -> None:
    assert _topics("how much is it and does it hurt") == [FEES, HURTS]
    assert _topics("does it hurt how much is it") == [HURTS, FEES]


def test_three_are_answered_and_no_more() -> None:
    asked = "how much is it, does it hurt and where are you, are you open sunday"
    topics = _topics(asked)
    assert topics == [FEES, HURTS, "clinic/location"]
    assert len(topics) == MAX_ANSWERS


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("how much is it", "one question"),
        ("how much is it and how much is it", "the same twice"),
        ("how much is it and does that help", "the second is a guess"),
        ("how much is it and is there wifi", "the second is out of scope"),
    ],
)
def test_one_question_keeps_its_own_decision(text: str, why: str) -> None:
    own = _parsed({FEES: 1.0})
    assert asyncio.run(both(text, own, _parse)) is own, why


def test_a_doubtful_question_is_read_by_the_light_of_the_whole_message() -> None:
    asked = "does it hurt and is there a fee"
    policy = "clinic/cancellation_policy"
    assert _topics(asked, {HURTS: 0.7, policy: 0.3}) == [HURTS, policy]
    assert _topics(asked, {HURTS: 0.7, FEES: 0.3}) == [HURTS, FEES]


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("how much is it and sundays", HOURS),
        ("how much is it, i'm on warfarin", "faq/blood_thinners"),
    ],
)
def test_what_is_no_plain_question_needs_the_whole_message_to_bear_it_out(
    text: str, second: str
) -> None:
    assert _topics(text, {FEES: 1.0}) == [FEES]
    assert _topics(text, {FEES: 0.7, second: 0.3}) == [FEES, second]


def test_what_is_asked_of_the_clinic_does_not_depend_on_the_story() -> None:
    whole = {HOURS: 0.6, "faq/blood_thinners": 0.4}
    assert _topics("i'm on warfarin. are you open sunday", whole) == ["faq/blood_thinners", HOURS]


def test_how_it_feels_does_not_depend_on_the_story() -> None:
    whole = {FEES: 0.6, "faq/blood_thinners": 0.4}
    assert HURTS in _topics("i'm on warfarin, does it hurt and how much is it", whole)


def test_what_the_piece_hardly_says_is_not_taken_from_the_other_question() -> None:
    asked = "i'm on warfarin, is that ok and how much is it"
    assert _topics(asked, {FEES: 0.93, "faq/blood_thinners": 0.07}) == ["faq/blood_thinners", FEES]


def test_a_piece_is_answered_where_one_topic_is_likelier_than_all_else() -> None:
    assert _topics("how much is it and is it for backs") == [FEES, "faq/who_benefits"]
    assert _topics("how much is it and is it for hips") == [FEES]


def test_a_story_that_drowns_the_question_is_left_out() -> None:
    asked = "my hip aches, is it for backs and how much is it"
    assert _topics(asked, {FEES: 1.0}) == ["faq/who_benefits", FEES]


def test_what_is_asked_of_acupuncture_is_read_with_the_story() -> None:
    whole = {FEES: 0.6, "faq/blood_thinners": 0.4}
    asked = "i'm on warfarin, is it safe and how much is it"
    assert _topics(asked, whole) == ["faq/blood_thinners", FEES]


@pytest.mark.parametrize(
    ("text", "flow", "intent", "outcome"),
    [
        ("how much is it and can i come tuesday", VISIT, "booking_request", "booking"),
        ("can i talk to someone, also how much is it", PERSON, "handoff_human", "handoff"),
    ],
)
def test_a_wish_stands_first_and_sets_what_the_rules_do(
    text: str, flow: str, intent: str, outcome: str
) -> None:
    parsed = _both(text)
    assert parsed["decision"]["topics"] == [flow, FEES]
    assert parsed["intent"]["name"] == intent
    assert parsed["decision"]["outcome"] == outcome


DROWNED = "my hip aches, is it for backs"


def _outcome(text: str, own: Mapping[str, float]) -> tuple[str, list[str]]:
    decision = _both(text, own)["decision"]
    return decision["outcome"], list(decision["topics"])


def test_the_one_question_that_a_story_drowned_is_answered() -> None:
    unsure = {HURTS: 0.25, HOURS: 0.25, "clinic/location": 0.25, "faq/evidence": 0.25}
    assert _outcome("my hip aches. how much is it", unsure) == ("answer", [FEES])
    assert _outcome(DROWNED, unsure) == ("answer", ["faq/who_benefits"])


def test_of_a_message_declined_as_a_whole_only_the_clinics_matters_are_answered() -> None:
    outside = {"other/out_of_scope": 1.0}
    assert _outcome("is there wifi and how much is it", outside) == ("answer", [FEES])
    assert _outcome("is there wifi and does it hurt", outside)[0] == "decline"


def test_two_wishes_at_once_keep_their_own_decision() -> None:
    text = "how much is it, can i come tuesday and can i talk to someone"
    assert _topics(text, {VISIT: 1.0}) == [VISIT]
    assert _topics("can i come tuesday and can i talk to someone", {VISIT: 1.0}) == [VISIT]


def test_a_warning_stands_alone() -> None:
    flagged = forced("how much is it and does it hurt", "safety/urgent")
    assert asyncio.run(both(flagged["text"], flagged, _parse)) == flagged


def test_another_language_is_not_taken_apart() -> None:
    own = {**_parsed({"other/out_of_scope": 1.0}), LANGUAGE: "fr"}
    assert asyncio.run(both("how much is it and does it hurt", own, _parse)) is own


def test_a_message_of_one_piece_costs_no_second_look() -> None:
    async def never(text: str) -> dict[str, Any]:
        raise AssertionError(text)

    own = _parsed({FEES: 1.0})
    assert asyncio.run(both("hi, can you tell me how much is it please", own, never)) is own
