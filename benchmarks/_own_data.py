"""The project's own training and evaluation messages, for systems that do not know its format."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from benchmarks._labelled import Row
from bot.learning.evaluation import read_cases
from bot.settings import ROOT

FIRST_MESSAGES = "tests/nlu/first_message.jsonl"
OUT_OF_SCOPE = "tests/nlu/out_of_scope.jsonl"
OOS_LABEL = "other/out_of_scope"
# Plain questions: no red flag, no form, no handoff, so that both systems do the same work.
QUESTION_GROUPS = frozenset({"faq", "clinic"})


def nlu_items(root: Path = ROOT) -> Iterator[dict[str, Any]]:
    """The entries of `data/nlu`, as in its files."""
    for path in sorted((root / "data" / "nlu").glob("*.yml")):
        yield from yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]


def training_rows(root: Path = ROOT) -> list[Row]:
    """Every training example with its topic."""
    return [Row(text, item["intent"]) for item in nlu_items(root) for text in examples_of(item)]


def examples_of(item: dict[str, Any]) -> list[str]:
    """The examples of one entry of `data/nlu`."""
    lines = (line.strip() for line in item["examples"].splitlines())
    return [line.removeprefix("- ").strip() for line in lines if line.startswith("- ")]


def evaluation_rows(root: Path = ROOT) -> list[Row]:
    """The evaluation messages that have one right topic."""
    cases = read_cases(root / FIRST_MESSAGES) + read_cases(root / OUT_OF_SCOPE)
    return [Row(case.text, case.expect[0]) for case in cases if len(case.expect) == 1]


def questions(root: Path = ROOT) -> list[str]:
    """The evaluation messages that ask about acupuncture or the clinic."""
    return [
        case.text
        for case in read_cases(root / FIRST_MESSAGES)
        if all(topic.partition("/")[0] in QUESTION_GROUPS for topic in case.expect)
    ]
