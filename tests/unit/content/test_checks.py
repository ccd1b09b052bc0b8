from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from .conftest import TOPICS, Content, make_card, sound_cards, with_talk

LONG = "This sentence has forty characters here. "


def test_sound_content_has_no_problem(content: Content) -> None:
    assert content.problems() == []


@pytest.mark.parametrize(
    ("topic", "change", "fault"),
    [
        ("faq/is_it_safe", {"approved_by": ...}, "not approved"),
        ("faq/is_it_safe", {"approved_on": ...}, "not approved"),
        ("faq/is_it_safe", {"review_by": ...}, "no review date"),
        ("faq/is_it_safe", {"review_by": date(2027, 1, 14)}, "expired on 2027-01-14"),
        ("faq/is_it_safe", {"web": LONG * 15}, "web text has 614 characters"),
        ("faq/is_it_safe", {"sms": LONG * 8}, "sms text has 327 characters"),
        ("faq/is_it_safe", {"sms": "€" * 161}, "sms text has 322 characters"),
        ("faq/is_it_safe", {"sms": "It’s fine."}, "lacks: ’"),
        ("faq/is_it_safe", {"web": "This cures pain."}, "says “cures”"),
        ("faq/is_it_safe", {"sms": "We guarantee it."}, "says “guarantee”"),
        ("faq/is_it_safe", {"web": "Stop taking pills."}, "says “stop taking”"),
        ("faq/is_it_safe", {"web": "It works 100% of the time."}, "says “100%”"),
        ("faq/is_it_safe", {"title": "A pain-free back"}, "says “pain-free”"),
        ("clinic/hours", {"unset": {"hours": "A cure.", "holiday_status": "Ask."}}, "says “cure”"),
        ("faq/is_it_safe", {"web": "Call {fone}."}, "unknown placeholder {fone}"),
        ("faq/is_it_safe", {"web": "Call {phone."}, "web:"),
        ("faq/is_it_safe", {"web": "Call {phone!r}."}, "plain name in braces"),
        ("faq/is_it_safe", {"web": "Write to {email}."}, "add wording for {email}"),
        ("clinic/hours", {"unset": {"hours": "At {address}."}}, "may not need {address}"),
        ("faq/is_it_safe", {"choices": ["faq/unheard_of"]}, "offers faq/unheard_of"),
        ("faq/is_it_safe", {"choices": ["faq/is_it_safe"]}, "offers faq/is_it_safe"),
        ("faq/is_it_safe", {"choices": ["clinic/hours"] * 4}, "at most 3"),
        ("faq/is_it_safe", {"title": "x" * 21}, "20 characters"),
        ("faq/is_it_safe", {"title": "does_it_hurt"}, "shares the title"),
        ("faq/is_it_safe", {"sources": []}, "rests on no source"),
        ("faq/is_it_safe", {"sources": [{"kind": "article", "section": "A"}]}, "rests on article"),
        ("faq/does_it_hurt", {"sources": [{"kind": "care_principle"}]}, "rests on care_principle"),
        (
            "clinic/hours",
            {"sources": [{"kind": "clinic"}, {"kind": "care_principle"}]},
            "rests on care_principle, clinic",
        ),
        ("faq/is_it_safe", {"sources": [{"kind": "rumour"}]}, "sources.0"),
        ("faq/is_it_safe", {"sources": [{"kind": "external", "title": "A"}]}, "year"),
        ("safety/emergency", {"web": "Keep calm. Call {emergency}."}, "start with {emergency}"),
        ("safety/emergency", {"sms": "Call {phone} now."}, "start with {emergency}"),
        ("faq/is_it_safe", {"author": "nobody"}, "author"),
    ],
)
def test_each_seeded_fault_is_found_alone(
    content: Content, topic: str, change: dict[str, Any], fault: str
) -> None:
    content.spoil(topic, **change)

    problems = [problem for problem in content.problems() if problem.card == topic]

    assert any(fault in problem.fault for problem in problems), problems
    assert all(problem.file.endswith("cards.yml") and problem.remedy for problem in problems)
    others = {p.card for p in content.problems()} - {topic, "faq/does_it_hurt"}
    assert not others


def test_words_that_only_resemble_a_promise_pass(content: Content) -> None:
    content.spoil("faq/is_it_safe", web="The room is secure; the curtain is 1000 % clean.")

    assert content.problems() == []


@pytest.mark.parametrize("absent", ["faq/is_it_safe", "other/english_only"])
def test_a_missing_card_is_found(content: Content, absent: str) -> None:
    cards = sound_cards()
    del cards[absent]
    content.write_cards(map(with_talk, cards.values()))

    (problem,) = content.problems()

    assert str(problem).endswith(f"answers: {absent}: has no card. Write one and have it approved.")


def test_a_card_on_no_known_topic_is_found(content: Content) -> None:
    content.write_cards([make_card("faq/horoscope")], "extra.yml")

    (problem,) = content.problems()

    assert problem.card == "faq/horoscope"
    assert "no known topic" in problem.fault


def test_a_card_that_stands_twice_is_found_in_both_files(content: Content) -> None:
    content.write_cards([make_card("other/clarify")], "twice.yml")

    problems = content.problems()

    assert {(p.card, p.fault) for p in problems} == {("other/clarify", "stands more than once.")}
    assert len(problems) == 2


def test_the_wording_for_an_unset_fact_is_measured_too(content: Content) -> None:
    content.spoil("clinic/hours", unset={"hours": LONG * 8, "holiday_status": "Ask."})

    assert [problem.fault for problem in content.problems()] == ["sms text has 327 characters."]


def test_every_problem_is_told_at_once(content: Content) -> None:
    cards = sound_cards()
    cards["faq/is_it_safe"]["title"] = "x" * 21
    cards["faq/does_it_hurt"]["web"] = "A cure."
    del cards["clinic/hours"]
    content.write_cards(map(with_talk, cards.values()))
    content.write("answers/broken.yml", ["no cards here"])

    assert {problem.card for problem in content.problems()} == {
        "",
        "faq/is_it_safe",
        "faq/does_it_hurt",
        "clinic/hours",
    }


def test_an_entry_that_is_no_card_is_found(content: Content) -> None:
    content.write("answers/odd.yml", {"cards": ["a line"]})

    (problem,) = content.problems()

    assert (problem.card, problem.fault) == ("card 1", "is not named values.")


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("topics.yml", {**TOPICS, "faq": "none"}, "faq holds no topics"),
        (
            "topics.yml",
            {"faq": {"is_it_safe": {"source": "rumour", "means": "?"}}},
            "faq/is_it_safe",
        ),
        ("profile.yml", {"name": "X"}, "phone"),
    ],
)
def test_a_wrong_list_or_profile_is_one_problem(
    content: Content, name: str, text: dict[str, Any], fault: str
) -> None:
    content.write(name, text)

    (problem,) = content.problems()

    assert fault in problem.fault
    assert name in problem.fault


def test_a_topic_needs_nothing_that_only_a_phrase_is_given(content: Content) -> None:
    words = "A short answer from {person}."
    content.spoil("clinic/hours", web=words)
    problems = [problem.fault for problem in content.problems()]
    assert "needs person, which is not known there." in problems
