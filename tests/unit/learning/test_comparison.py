from __future__ import annotations

from typing import Any

import pytest

from bot.learning.comparison import MAX_CHANGES, Judged, compare, is_worse
from bot.learning.evaluation import Case

RIGHT = {"outcome": "answer", "answer_ids": ["clinic/fees"]}
WRONG = {"outcome": "answer", "answer_ids": ["clinic/hours"]}
DECLINED: dict[str, Any] = {"outcome": "decline", "answer_ids": ["other/out_of_scope"]}
WARNED = {"outcome": "emergency", "answer_ids": ["safety/emergency"]}


def topic(old: Any, new: Any, **more: Any) -> Judged:
    return Judged("first.jsonl", Case("what do i pay", ("clinic/fees",)), old, new, **more)


def flag(old: Any, new: Any, **more: Any) -> Judged:
    return Judged("safety.jsonl", Case("chest pain", ("safety/emergency",)), old, new, **more)


def harmless(old: Any, new: Any) -> Judged:
    return Judged("harmless.jsonl", Case("killing me", ("benign",)), old, new)


def test_a_better_candidate_may_be_promoted() -> None:
    judged = [topic(RIGHT, RIGHT)] * 90 + [topic(DECLINED, RIGHT)] * 8 + [topic(RIGHT, WRONG)] * 2
    report = compare([*judged, flag(WARNED, WARNED)], ["A note."], 8)
    assert report.refusals == ()
    topics, flags = report.scores
    assert (topics.count, topics.old_right, topics.new_right) == (100, 92, 98)
    assert (topics.gained, topics.lost, topics.old_wrong, topics.new_wrong) == (8, 2, 0, 2)
    assert (flags.kind, flags.count, flags.lost) == ("flags", 1, 0)
    assert (report.changed, report.notes, report.taught) == (10, ("A note.",), 8)


def test_one_red_flag_newly_missed_is_enough() -> None:
    better = [topic(DECLINED, RIGHT)] * 500
    report = compare([*better, flag(WARNED, RIGHT)])
    assert report.refusals == ("1 red flag is newly missed.",)
    assert report.changes[0]["text"] == "chest pain"
    # Also one that a patient wrote and a reviewer confirmed; and found ones do not make up for it.
    mine = [flag(WARNED, DECLINED, inbox_id=7), *[flag(DECLINED, WARNED)] * 9]
    assert compare(mine).refusals == ("1 red flag is newly missed.",)
    assert compare([flag(DECLINED, DECLINED)] * 5).refusals == ()


def test_another_level_of_red_flag_is_a_missed_one() -> None:
    urgent = {"outcome": "urgent", "answer_ids": ["safety/urgent"]}
    assert compare([flag(WARNED, urgent)]).refusals == ("1 red flag is newly missed.",)
    both = {"outcome": "crisis", "answer_ids": ["safety/crisis", "safety/emergency"]}
    assert compare([flag(WARNED, both)]).refusals == ()


@pytest.mark.parametrize(
    ("lost", "gained", "worse"),
    [
        (0, 0, False),
        (1, 0, False),
        (4, 0, False),
        # Five of five: a fair coin does that once in 32 tries.
        (5, 0, True),
        (5, 5, False),
        (9, 2, True),
        (10, 5, False),
        (60, 40, True),
        (55, 45, False),
    ],
)
def test_worse_is_more_than_chance(lost: int, gained: int, worse: bool) -> None:
    assert is_worse(lost, gained) is worse
    assert not is_worse(gained, lost) or lost < gained


def test_a_worse_candidate_is_refused() -> None:
    right = [topic(RIGHT, RIGHT)] * 300
    (refusal,) = compare([*right, *[topic(RIGHT, DECLINED)] * 8]).refusals
    assert refusal.startswith("Of the questions, 8 are no longer answered right")
    assert compare([*right, *[topic(RIGHT, DECLINED)] * 4]).refusals == ()
    # As many right as before, but what was declined gets a wrong answer now.
    (refusal,) = compare([*right, *[topic(DECLINED, WRONG)] * 8]).refusals
    assert refusal.startswith("Of the questions, 8 get a wrong answer")


def test_more_false_alarms_are_refused() -> None:
    alarms = [harmless(RIGHT, WARNED)] * 8
    (refusal,) = compare([*alarms, harmless(WARNED, RIGHT)]).refusals
    assert refusal.startswith("Of the harmless messages")


def test_patients_words_are_not_in_the_report() -> None:
    report = compare([topic(DECLINED, RIGHT, inbox_id=9)])
    assert report.scores[0].kind == "labels"
    (change,) = report.as_json()["changes"]
    assert change["inbox_id"] == 9
    assert "what do i pay" not in str(report.as_json())


def test_what_gets_worse_stands_first_and_the_list_ends() -> None:
    better = [topic(DECLINED, RIGHT)] * (MAX_CHANGES + 5)
    report = compare([*better, topic(RIGHT, WRONG), topic(WRONG, RIGHT)])
    assert report.changed == MAX_CHANGES + 7
    assert len(report.changes) == MAX_CHANGES
    assert report.changes[0]["verdicts"] == ["right", "wrong"]
    assert report.changes[0]["new"] == ["answer", "clinic/hours"]


def test_what_patients_do_not_notice_is_no_change() -> None:
    choices = {"outcome": "clarify", "answer_ids": ["clinic/fees", "clinic/hours"]}
    turned = {"outcome": "clarify", "answer_ids": ["clinic/hours", "clinic/fees"]}
    assert not topic(choices, turned).is_changed
    assert topic(choices, {**choices, "outcome": "answer"}).is_changed
    # Nobody knows what a harmless message asks: only a warning that comes or goes tells.
    assert not harmless(RIGHT, WRONG).is_changed
    assert harmless(RIGHT, WARNED).is_changed
