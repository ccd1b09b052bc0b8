from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.safety import Assessment, Gate, Level

JUMBLE = (
    "no,not,cant,feel,my,legs,chest,pain,and,or,.,?,in,2009,what,if,i,want,to,die,fever,back,"
    "numb,between,pee,lost,control,bladder,never,since,now,k,i,l,l,u"
)
QUIET = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
BENIGN = (
    "How much is a session?",
    "Do you direct bill?",
    "My back is stiff in the morning.",
    "Thanks so much!",
    "I sit at a desk all day.",
    "No fever.",
    "It was cleared in 2009.",
    "What if I am late?",
    "Can acupuncture cause bruising?",
    "This pain is killing me.",
    "Legs are sore after leg day.",
)
RED = (
    ("I can't feel my legs.", Level.EMERGENCY),
    ("cant pee since last night", Level.EMERGENCY),
    ("chest pain", Level.EMERGENCY),
    ("I want to kill myself.", Level.CRISIS),
    ("my left leg is getting weaker", Level.URGENT),
    ("I have a fever and back pain.", Level.URGENT),
)


def test_nothing_found_leaves_the_text_as_it_is(gate: Gate) -> None:
    text = "  Does it hurt?\n"
    assert gate.check(text) == Assessment((), None, text)


@pytest.mark.parametrize("text", ["", " ", "\n", "?!", "\u200b", "🙂", "\x00"])
def test_text_without_words_is_harmless(gate: Gate, text: str) -> None:
    assert gate.check(text).level is None


def test_flags_come_most_severe_first(gate: Gate) -> None:
    found = gate.check("My foot drags. I want to die. I have chest pain.").flags
    assert [flag.level for flag in found] == [Level.EMERGENCY, Level.CRISIS, Level.URGENT]


def test_a_flag_points_at_its_words_in_the_raw_text(gate: Gate) -> None:
    text = "Hello 👋 – I can’t feel\u200b my LEGS at all"
    (flag,) = gate.check(text).flags
    assert text[flag.start : flag.end] == "can’t feel\u200b my LEGS"


def test_one_sign_is_reported_once_per_sentence(gate: Gate) -> None:
    flags = gate.check("Chest pain, such chest pain. The chest pain is back.").flags
    assert [flag.sign for flag in flags] == ["chest_pain", "chest_pain"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I can't feel my legs. How much is a session?", "How much is a session?"),
        ("How much is a session? I can't feel my legs.", "How much is a session?"),
        ("how much is it and also i cant feel down there", "how much is it"),
        ("i cant feel down there, whats the price of a visit?", "whats the price of a visit?"),
        ("cant feel my legs how much is a session", "how much is a session"),
        ("I have chest pain", ""),
        ("I wet myself and my back hurts", ""),
        ("I have a fever. Does acupuncture help back pain?", "Does acupuncture help back pain?"),
        ("I have a fever. My back hurts.", ""),
        ("chest pain\nwhere do I park", "where do I park"),
    ],
)
def test_the_remainder_is_what_can_still_be_answered(gate: Gate, text: str, left: str) -> None:
    assessment = gate.check(text)
    assert assessment.flags
    assert assessment.remainder == left


@pytest.mark.parametrize(
    "text",
    [
        "ＣＨＥＳＴ ＰＡＩＮ",
        "ch\u200best pa\u00adin",
        "chést paín",
        "c h e s t p a i n",
        "c.h.e.s.t p.a.i.n",
        "chestpain",
        "chesst paaaaain",
        "ch3st pa1n",
        "cehst pain",
        "сhеst раin",  # Cyrillic look-alikes
    ],
)
def test_disguised_spelling_is_read(gate: Gate, text: str) -> None:
    assert [flag.sign for flag in gate.check(text).flags] == ["chest_pain"]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("no fever, no numbness between my legs", None),
        ("no fever, numb between my legs", Level.EMERGENCY),
        ("no, my chest hurts", Level.EMERGENCY),
        ("no my chest hurts", Level.EMERGENCY),
        ("no fever but chest pain", Level.EMERGENCY),
        ("no chest pain or numbness between the legs", None),
        ("no chest pain. numb between the legs", Level.EMERGENCY),
        ("never had chest pain like this", Level.EMERGENCY),
        ("chest pain: none", None),
        ("my legs are not weak", None),
    ],
)
def test_a_denial_reaches_as_far_as_its_clause(gate: Gate, text: str, level: Level | None) -> None:
    assert gate.check(text).level is level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("heart attack in 2009, cleared", None),
        ("I had a heart attack in 2009 and now my chest hurts", Level.EMERGENCY),
        ("chest pain since 2019", Level.EMERGENCY),
        ("lost control of my bladder two weeks ago", Level.EMERGENCY),
        ("in 2010 I was paralyzed", None),
        ("I had breast cancer in 2012 and now my back hurts", Level.URGENT),
    ],
)
def test_history_is_told_from_the_present(gate: Gate, text: str, level: Level | None) -> None:
    assert gate.check(text).level is level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("can acupuncture cause a collapsed lung?", None),
        ("can it cause a collapsed lung? I am short of breath", Level.EMERGENCY),
        ("could the needles cause my chest pain", Level.EMERGENCY),
        ("what if I faint", None),
        ("what if I kill myself", Level.CRISIS),
        ("can you treat foot drop", None),
        ("can you treat my foot drop", Level.URGENT),
    ],
)
def test_a_question_about_risk_is_told_from_a_complaint(
    gate: Gate, text: str, level: Level | None
) -> None:
    assert gate.check(text).level is level


@QUIET
@given(text=st.text(max_size=400))
def test_any_text_is_judged(gate: Gate, text: str) -> None:
    assessment = gate.check(text)
    assert (assessment.level is None) == (assessment.flags == ())
    assert all(0 <= flag.start < flag.end <= len(text) for flag in assessment.flags)


@QUIET
@given(
    words=st.lists(
        st.sampled_from(JUMBLE.split(",")),
        max_size=60,
    )
)
def test_any_jumble_of_table_words_is_judged(gate: Gate, words: list[str]) -> None:
    text = " ".join(words)
    for flag in gate.check(text).flags:
        assert text[flag.start : flag.end].strip()


@QUIET
@given(
    red=st.sampled_from(RED),
    before=st.lists(st.sampled_from(BENIGN), max_size=4),
    after=st.lists(st.sampled_from(BENIGN), max_size=4),
    joint=st.sampled_from([" ", "\n", "\n\n"]),
)
def test_harmless_sentences_around_never_remove_a_flag(
    gate: Gate, red: tuple[str, Level], before: list[str], after: list[str], joint: str
) -> None:
    sentence, level = red
    whole = joint.join([*before, sentence.rstrip(".") + ".", *after])
    assert level in {flag.level for flag in gate.check(whole).flags}


def test_a_flag_at_the_end_of_a_very_long_message_is_found(gate: Gate) -> None:
    text = "My back is stiff in the morning. " * 400 + "I can't pee."
    assert gate.check(text).level is Level.EMERGENCY
