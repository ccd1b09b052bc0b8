from __future__ import annotations

import json
from typing import Any

import pytest
from fakes.lessons import labelled
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.proposals import WHY_NOT, Known, draft_questions, propose
from bot.learning.taught import Taught, examples_in, read_taught, write_taught
from bot.learning.traffic import Labelled, case_of
from bot.learning.trainable import trainable
from bot.redaction.redactor import MARKS
from bot.review.label import Verdict
from bot.review.sameness import folded
from bot.safety import Gate
from bot.settings import ROOT

GATE = Gate.load(ROOT / "data" / "safety")
HURTS, FEES = "faq/does_it_hurt", "clinic/fees"
NOTHING = Known({}, frozenset())
WRONG, RIGHT, NEW = Verdict.WRONG, Verdict.RIGHT, Verdict.NEW


def has_flag(text: str) -> bool:
    return GATE.check(text).level is not None


def examples(*messages: Labelled, known: Known = NOTHING) -> list[tuple[str, str]]:
    return [(p.topic, p.text) for p in propose(messages, known, has_flag).examples]


def why(message: Labelled, known: Known = NOTHING) -> str:
    (reason,) = propose([message], known, has_flag).dropped.values()
    assert reason in WHY_NOT
    return reason


def test_a_wrong_answer_with_the_right_one_is_an_example() -> None:
    found = propose([labelled("what do i pay", WRONG, FEES, number=7)], NOTHING, has_flag)
    (one,) = found.examples
    assert (one.topic, one.text, one.inbox_id, one.by) == (FEES, "what do i pay", 7, "Kim")
    assert found.dropped == {}
    assert found.taught.examples == {FEES: ("what do i pay",)}


def test_a_right_answer_is_one_where_the_assistant_was_not_sure() -> None:
    answered: dict[str, Any] = {"outcome": "answer", "answer": HURTS}
    unsure = labelled("ouchy?", RIGHT, **answered, confidence=0.6)
    assert examples(unsure) == [(HURTS, "ouchy?")]
    assert examples(labelled("fix my roof", RIGHT)) == [("other/out_of_scope", "fix my roof")]
    sure = labelled("ouchy?", RIGHT, **answered, confidence=0.9)
    assert why(sure) == "nothing_new"
    flag = labelled("chest pain", RIGHT, outcome="emergency", answer="safety/emergency")
    assert why(flag) == "nothing_new"
    # What was asked back has no one right answer.
    assert examples(labelled("ouchy?", RIGHT, outcome="clarify", answer=HURTS)) == []


@pytest.mark.parametrize("verdict", [NEW, Verdict.IGNORE])
def test_other_labels_propose_nothing(verdict: Verdict) -> None:
    found = propose([labelled("ear seeds", verdict)], NOTHING, has_flag)
    assert (found.examples, found.dropped) == ((), {})


def test_an_evaluation_message_is_never_proposed() -> None:
    path = ROOT / "tests" / "nlu" / "first_message.jsonl"
    texts = [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()][:200]
    known = Known({}, frozenset(map(folded, texts)))
    harmless = [text for text in texts if trainable(text) and not has_flag(text)]
    assert len(harmless) > 150
    for text in harmless:
        assert why(labelled(text, WRONG, FEES), known) == "held_out"
        assert why(labelled(f"{text.upper()} !!", WRONG, FEES), known) == "held_out"


def test_nor_is_a_near_copy_of_one() -> None:
    known = Known({}, frozenset({"how do a bunch of tiny needles fix a back"}))
    near = labelled("how does a bunch of tiny needles fix a back?", WRONG, FEES)
    assert why(near, known) == "held_out"
    assert examples(labelled("how do needles fix anything", WRONG, FEES), known=known)


def test_what_the_training_data_has_is_not_proposed() -> None:
    known = Known({"what do i pay": FEES}, frozenset())
    assert why(labelled("What do I pay?", WRONG, FEES), known) == "known"
    assert why(labelled("What do I pay?", WRONG, HURTS), known) == "known_elsewhere"


def test_alarming_words_are_never_taught_as_harmless() -> None:
    text = "i have crushing chest pain, how much is a visit"
    assert why(labelled(text, WRONG, FEES)) == "red_flag"
    assert examples(labelled(text, WRONG, "safety/emergency"))


def test_what_leans_on_the_message_before_is_left_out() -> None:
    for text in ("and on sundays?", "is it covered by my plan at work", "yes please"):
        assert why(labelled(text, WRONG, FEES, before=("how much",))) == "leans"
    alone = labelled("is it covered by my plan at work", WRONG, FEES)
    assert examples(alone)
    assert examples(labelled("what do i pay for an hour", WRONG, FEES, before=("hello",)))


def test_of_two_labels_for_the_same_words_the_later_counts() -> None:
    first = labelled("what do i pay", WRONG, HURTS, number=1)
    second = labelled("What do I pay?", WRONG, FEES, number=2)
    found = propose([first, second], NOTHING, has_flag)
    assert [(p.topic, p.inbox_id) for p in found.examples] == [(FEES, 2)]
    assert found.dropped == {1: "contradicted"}


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("hi im [name], do you bill green shield", True),
        ("call me at [phone] about the fees please thanks", True),
        ("[name]", False),
        ("[name] here, [phone]", False),
        ("i live at [address] is there parking near you", False),
        ("my number is [health number] is that covered by it", False),
        ("x" * 301, False),
        ("👍", False),
        ("   ", False),
    ],
)
def test_a_message_with_marks_is_filled_or_dropped(text: str, fit: bool) -> None:
    made = trainable(text)
    assert (made is not None) == fit
    if made:
        assert "[" not in made
    assert trainable(text) == made, "always the same stand-in"


@given(st.text(max_size=400) | st.sampled_from(list(MARKS.values())))
def test_no_text_breaks_the_training_file(text: str) -> None:
    import tempfile
    from pathlib import Path

    made = trainable(text)
    if made is None:
        return
    assert not set(made) & set("[]{}\n\r\x00")
    assert not made.startswith("/")
    with tempfile.TemporaryDirectory() as folder:
        write_taught(Path(folder), Taught.of([(FEES, made)]))
        assert read_taught(Path(folder)).examples == {FEES: (made,)}


def test_rasas_own_notes_on_a_text_are_taken_out() -> None:
    assert trainable('pay [$10]{"entity": "x"} (now) /fees') == 'pay $10 "entity": "x" (now) /fees'
    assert trainable("/clinic_fees what is it") == "clinic_fees what is it"


def test_questions_are_gathered_by_draft_card() -> None:
    asked = [
        labelled("ear seeds?", NEW, draft_id=4),
        labelled("do you do ear seeds", NEW, draft_id=4),
        labelled("ear seeds?", NEW, draft_id=4),
        labelled("moxa", NEW),
        labelled("[address]", NEW),
        labelled("fees", WRONG, FEES),
    ]
    found = draft_questions(asked)
    assert found == {4: ["ear seeds?", "do you do ear seeds"], None: ["moxa"]}


@pytest.mark.parametrize(
    ("message", "right"),
    [
        (labelled("a", WRONG, FEES), FEES),
        (labelled("a", NEW), "other/out_of_scope"),
        (labelled("a", RIGHT), "other/out_of_scope"),
        (labelled("a", RIGHT, outcome="answer", answer=HURTS), HURTS),
        (labelled("a", RIGHT, outcome="crisis", answer="safety/crisis"), "safety/crisis"),
        (labelled("a", RIGHT, outcome="clarify", answer=HURTS), None),
        (labelled("a", Verdict.IGNORE), None),
    ],
)
def test_what_would_have_been_right(message: Labelled, right: str | None) -> None:
    assert message.right == right
    case = case_of(message)
    assert (case.expect if case else None) == ((right,) if right else None)


def test_what_is_taught_is_kept_sorted_and_once(tmp_path: Any) -> None:
    taught = Taught.of([(HURTS, "b?"), (FEES, "pay"), (HURTS, "a: - #x"), (HURTS, "B")])
    write_taught(tmp_path, taught)
    assert examples_in(tmp_path / "nlu") == [(FEES, "pay"), (HURTS, "a: - #x"), (HURTS, "b?")]
    assert len(read_taught(tmp_path)) == 3
    write_taught(tmp_path, Taught())
    assert not list((tmp_path / "nlu").iterdir())
    assert len(read_taught(tmp_path / "nowhere")) == 0
