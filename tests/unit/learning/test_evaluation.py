from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingError
from bot.learning.evaluation import Case, Report, read_cases, verdict

HURT, SAFE, FEES = "faq/does_it_hurt", "faq/is_it_safe", "clinic/fees"


def _answer(*ids: str, outcome: str = "answer", ms: float = 5.0) -> dict[str, Any]:
    return {"answer_ids": list(ids), "outcome": outcome, "ms": ms}


DECLINED = _answer("other/out_of_scope", outcome="decline")


@pytest.mark.parametrize(
    ("expect", "answer", "judged"),
    [
        ((HURT,), _answer(HURT), "right"),
        ((HURT,), _answer(SAFE), "wrong"),
        ((HURT,), _answer(), "wrong"),
        ((HURT,), _answer(HURT, SAFE), "right"),
        ((HURT, SAFE), _answer(SAFE), "right"),
        ((HURT, SAFE), _answer(FEES), "wrong"),
        ((HURT,), _answer(HURT, SAFE, outcome="clarify"), "clarified"),
        ((HURT,), _answer(SAFE, outcome="clarify"), "clarified"),
        ((HURT,), DECLINED, "declined"),
        (("other/out_of_scope",), DECLINED, "right"),
        (("other/out_of_scope",), _answer(HURT), "wrong"),
        (("other/out_of_scope",), _answer(HURT, outcome="clarify"), "clarified"),
        (("safety/urgent",), _answer("safety/urgent", FEES, outcome="urgent"), "right"),
        (("safety/urgent",), _answer("safety/emergency", outcome="emergency"), "wrong"),
    ],
)
def test_one_of_the_labels_is_enough(
    expect: tuple[str, ...], answer: dict[str, Any], judged: str
) -> None:
    assert verdict(Case("text", expect), answer) == judged


@pytest.mark.parametrize(
    ("answer", "judged"),
    [
        (_answer(HURT, FEES), "right"),
        (_answer(FEES, HURT, SAFE), "right"),
        (_answer(HURT), "wrong"),
        (_answer(FEES, SAFE), "wrong"),
        (_answer(HURT, FEES, outcome="clarify"), "clarified"),
        (DECLINED, "declined"),
    ],
)
def test_all_labels_are_wanted_when_it_says_so(answer: dict[str, Any], judged: str) -> None:
    assert verdict(Case("text", (HURT, FEES), every=True), answer) == judged


@pytest.mark.parametrize(
    ("answer", "judged"),
    [
        (_answer(HURT), "right"),
        (DECLINED, "right"),
        (_answer(HURT, outcome="clarify"), "right"),
        (_answer("safety/urgent", outcome="urgent"), "wrong"),
        (_answer("safety/crisis", FEES, outcome="crisis"), "wrong"),
    ],
)
def test_a_benign_message_may_get_any_answer_but_a_warning(
    answer: dict[str, Any], judged: str
) -> None:
    assert verdict(Case("text", ("benign",)), answer) == judged


@pytest.mark.parametrize(
    ("offer", "answer", "judged"),
    [
        (True, _answer(SAFE, HURT, outcome="clarify"), "right"),
        (True, _answer(SAFE, FEES, outcome="clarify"), "clarified"),
        (True, _answer(HURT), "right"),
        (True, _answer(SAFE), "wrong"),
        (False, _answer(HURT, SAFE, outcome="clarify"), "clarified"),
    ],
)
def test_an_offer_is_right_only_where_it_says_so(
    offer: bool, answer: dict[str, Any], judged: str
) -> None:
    assert verdict(Case("text", (HURT,), offer=offer), answer) == judged


def _file(folder: Path, *lines: str) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_cases_are_read_in_order_and_empty_lines_left_out(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        json.dumps({"text": "疼吗", "expect": HURT}),
        "",
        json.dumps({"text": "both", "expect": [HURT, FEES], "all": True}),
        "   ",
        json.dumps({"text": "either", "expect": [HURT, FEES], "note": "more"}),
        json.dumps({"before": ["a", "b"], "text": "and?", "expect": HURT, "offer": True}),
    )
    assert read_cases(path) == [
        Case("疼吗", (HURT,)),
        Case("both", (HURT, FEES), every=True),
        Case("either", (HURT, FEES)),
        Case("and?", (HURT,), before=("a", "b"), offer=True),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "does it hurt",
        "{",
        "[]",
        "7",
        "null",
        '{"text": "hi"}',
        '{"expect": "faq/x"}',
        '{"text": "hi", "expect": 7}',
        '{"text": "hi", "expect": null}',
        '{"text": "hi", "expect": []}',
        '{"text": "hi", "expect": "faq/x", "before": "one"}',
    ],
)
def test_a_wrong_line_is_named_with_its_number(tmp_path: Path, line: str) -> None:
    path = _file(tmp_path, json.dumps({"text": "hi", "expect": HURT}), "", line)
    with pytest.raises(SettingError, match=r"cases\.jsonl:3 "):
        read_cases(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="nothing"):
        read_cases(tmp_path / "nothing.jsonl")


@pytest.fixture
def report() -> Report:
    return Report(
        [
            (Case("hurts?", (HURT,)), _answer(HURT, ms=1.0)),
            (Case("ouch", (HURT,)), _answer(SAFE, ms=2.0)),
            (Case("price", (FEES,)), _answer(FEES, SAFE, outcome="clarify", ms=3.0)),
            (Case("safe?", (SAFE,)), {**DECLINED, "ms": 40.0}),
        ]
    )


def test_a_report_counts_each_verdict(report: Report) -> None:
    assert report.verdicts == ["right", "wrong", "clarified", "declined"]
    assert report.accuracy == 0.25


def test_a_report_shows_totals_topics_confusions_and_mistakes(report: Report) -> None:
    text = report.render(20)
    for part in (
        "4 messages",
        "25.0%",
        "2.5",
        f"{HURT:<28}   1 of 2",
        f"{FEES:<28}   0 of 1",
        f"{HURT} -> wrong: {SAFE}",
        f"{FEES} -> clarified: {FEES}, {SAFE}",
        f"{SAFE} -> declined: other/out_of_scope",
        "'ouch'",
    ):
        assert part in text
    assert "'hurts?'" not in text


def test_a_report_lists_no_more_mistakes_than_asked_for(report: Report) -> None:
    text = report.render(1)
    assert "'ouch'" in text
    assert "'price'" not in text


def test_the_weakest_topic_stands_first(report: Report) -> None:
    text = report.render(0)
    assert text.index(f"{FEES:<28}") < text.index(f"{HURT:<28}")


def test_nothing_to_judge_is_no_failure() -> None:
    assert Report([]).accuracy == 1.0
    assert "0 messages" in Report([]).render(20)


def test_a_mistake_is_shown_with_what_came_before() -> None:
    text = Report([(Case("and?", (HURT,), before=("a", "b")), _answer(SAFE))]).render(1)
    assert "'a' / 'b' / 'and?' -> faq/is_it_safe" in text


@pytest.mark.parametrize(
    "name",
    ["first_message", "out_of_scope", "safety", "safety_benign", "follow_ups", "follow_ups_dev"],
)
def test_the_projects_own_cases_can_be_read(root: Path, name: str) -> None:
    assert read_cases(root / "tests" / "nlu" / f"{name}.jsonl")
