from __future__ import annotations

from typing import Any

import pytest

from bot.content.card import AnswerCard
from bot.content.grounds import ground_faults, grounds, is_clinical
from bot.content.topics import Topic

from .conftest import Content, make_card

HURTS = Topic(source="article", means="does it hurt")
HOURS = Topic(source="clinic", means="opening hours")
SECTION = {"kind": "article", "section": "A heading"}


def card(topic: str = "faq/does_it_hurt", **changes: Any) -> AnswerCard:
    return AnswerCard(**make_card(topic, **changes))


def faults(card: AnswerCard, topic: Topic | None = HURTS) -> list[str]:
    return [fault for fault, _ in ground_faults(card, topic)]


def test_a_card_whose_sentences_all_stand_on_something_has_no_fault() -> None:
    grounded = card(
        web="Needles are thin. Call {phone}.",
        sms="Needles are thin.",
        sources=[{**SECTION, "says": ["Needles are thin."]}],
        not_clinical=["Call {phone}."],
    )

    assert faults(grounded) == []
    assert [str(source) for source in grounds(grounded)["Needles are thin."]] == [
        "the clinic's article on back pain, section “A heading”"
    ]


@pytest.mark.parametrize("wording", ["web", "sms"])
def test_a_clinical_sentence_of_either_wording_needs_a_source(wording: str) -> None:
    changed = card(
        sources=[{**SECTION, "says": ["A short answer."]}],
        **{wording: "A short answer. It tingles."},
    )

    assert faults(changed) == ["“It tingles.” stands on no source."]


def test_a_changed_sentence_loses_its_source() -> None:
    changed = card(web="A shorter one.", sources=[{**SECTION, "says": ["A short answer"]}])

    assert faults(changed) == [
        "“A shorter one.” stands on no source.",
        "“A short answer.” stands on no source.",
        "says names “A short answer”, which the card does not say.",
    ]


def test_a_sentence_that_is_gone_is_not_left_among_the_others() -> None:
    stale = card(
        sources=[{**SECTION, "says": ["A short answer."]}], not_clinical=["Call us any time."]
    )

    assert faults(stale) == ["not_clinical names “Call us any time.”, which the card does not say."]


def test_a_sentence_is_clinical_or_not() -> None:
    both = card(
        sources=[{**SECTION, "says": ["A short answer."]}], not_clinical=["A short answer."]
    )

    assert faults(both) == ["“A short answer.” stands under a source and under not_clinical."]


def test_a_care_principle_carries_advice_only() -> None:
    claim = card(
        web="Cupping may leave marks. Ask your doctor.",
        sms="Ask your doctor.",
        sources=[
            {"kind": "care_principle", "says": ["Cupping may leave marks.", "Ask your doctor."]}
        ],
    )

    assert faults(claim) == [
        "“Cupping may leave marks.” stands on a care principle and gives no advice."
    ]


def test_a_source_must_carry_a_sentence() -> None:
    idle = card(sources=[SECTION], not_clinical=["A short answer."])

    assert faults(idle) == [
        "no sentence stands on the clinic's article on back pain, section “A heading”."
    ]


def test_a_card_about_the_clinic_says_nothing_of_health_unmarked() -> None:
    clinic = card("clinic/hours", web="We open at nine. Needles ease pain.", sms="We open at nine.")

    assert faults(clinic, HOURS) == ["“Needles ease pain.” stands on no source."]
    assert not is_clinical(clinic, HOURS)


def test_safety_warnings_are_clinical_though_no_topic_says_so() -> None:
    assert is_clinical(card("safety/emergency"), Topic(source=None, means="life in danger"))
    assert not is_clinical(card("smalltalk/greet"), None)


def test_the_wording_for_an_unset_fact_counts() -> None:
    unset = card(
        "clinic/hours",
        web="Open {hours}.",
        sms="Open {hours}.",
        unset={"hours": "Massage is safe."},
    )

    assert faults(unset, HOURS) == ["“Massage is safe.” stands on no source."]


def test_the_content_check_reports_it_with_file_and_remedy(content: Content) -> None:
    content.spoil("faq/does_it_hurt", not_clinical=[], web="It tingles.")

    (problem,) = content.problems()

    assert problem.file.endswith("cards.yml")
    assert "It tingles." in problem.fault
    assert "`says`" in problem.remedy
