"""Scores answers against labels."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median
from typing import Any

from bot.errors import SettingError

BENIGN = "benign"


@dataclass(frozen=True)
class Case:
    """A labelled message.

    Attributes:
        text: The message.
        expect: Acceptable topic ids; ``benign`` means any answer that is no red flag.
        every: All of ``expect`` must be answered, not just one.
        before: Messages of the same conversation that come first; their answers are not judged.
        offer: Offering one of ``expect`` as a choice is right as well.
    """

    text: str
    expect: tuple[str, ...]
    every: bool = False
    before: tuple[str, ...] = ()
    offer: bool = False


def read_cases(path: Path) -> list[Case]:
    """Reads labelled JSONL.

    Raises:
        SettingError: names the file and line that is wrong.
    """
    if not path.is_file():
        raise SettingError(f"There is no file {path}.", remedy="Give a JSONL file.")
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    return [_case(line, f"{path}:{number}") for number, line in lines if line.strip()]


def _case(line: str, where: str) -> Case:
    try:
        row = json.loads(line)
        expect = row["expect"]
        labels = (expect,) if isinstance(expect, str) else tuple(map(str, expect))
        return Case(
            text=str(row["text"]),
            expect=(labels[0], *labels[1:]),
            every=bool(row.get("all", False)),
            before=_texts(row.get("before", [])),
            offer=bool(row.get("offer", False)),
        )
    except (ValueError, LookupError, TypeError):
        raise SettingError(
            f"{where} is not a labelled message.",
            remedy='Write {"text": "…", "expect": "faq/does_it_hurt"}.',
        ) from None


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("a list of messages is wanted")
    return tuple(map(str, value))


@dataclass(frozen=True)
class Report:
    """Answers beside their labels."""

    rows: Sequence[tuple[Case, dict[str, Any]]]

    @cached_property
    def verdicts(self) -> list[str]:
        """For each row ``right``, ``wrong``, ``clarified`` or ``declined``."""
        return [verdict(case, answer) for case, answer in self.rows]

    @property
    def accuracy(self) -> float:
        """Share of right answers; 1.0 when there is nothing to answer."""
        return self._share("right") if self.rows else 1.0

    def _share(self, name: str) -> float:
        return self.verdicts.count(name) / max(1, len(self.rows))

    def render(self, show: int) -> str:
        """The report as text: totals, the weakest topics, confusions, mistakes."""
        return "\n\n".join(
            part for part in (self._totals(), self._by_topic(), self._confusions(show)) if part
        )

    def _totals(self) -> str:
        lines = [f"{len(self.rows)} messages"]
        for name in ("right", "wrong", "clarified", "declined"):
            lines.append(f"{name:<10}{self._share(name):8.1%}{self.verdicts.count(name):7}")
        if self.rows:
            lines.append(f"ms median {median(answer['ms'] for _, answer in self.rows):8.1f}")
        return "\n".join(lines)

    def _by_topic(self) -> str:
        total: Counter[str] = Counter()
        right: Counter[str] = Counter()
        for (case, _), verdict_ in zip(self.rows, self.verdicts, strict=True):
            total[case.expect[0]] += 1
            right[case.expect[0]] += verdict_ == "right"
        order = sorted(total, key=lambda topic: (right[topic] / total[topic], topic))
        return "\n".join(f"{topic:<28}{right[topic]:4} of {total[topic]}" for topic in order)

    def _confusions(self, show: int) -> str:
        pairs: Counter[tuple[str, str]] = Counter()
        mistakes = []
        for (case, answer), verdict_ in zip(self.rows, self.verdicts, strict=True):
            if verdict_ != "right":
                got = ", ".join(answer["answer_ids"]) or answer["outcome"]
                pairs[case.expect[0], f"{verdict_}: {got}"] += 1
                mistakes.append(f"  {verdict_:<10}{_said(case)} -> {got}")
        lines = [f"{n:4}  {want} -> {got}" for (want, got), n in pairs.most_common(show)]
        return "\n".join([*lines, *mistakes[:show]])


def _said(case: Case) -> str:
    return " / ".join(map(repr, (*case.before, case.text)))


def verdict(case: Case, answer: dict[str, Any]) -> str:
    """Judges one answer: ``right``, ``wrong``, ``clarified`` or ``declined``."""
    ids = answer["answer_ids"]
    if case.expect == (BENIGN,):
        return "wrong" if any(i.startswith("safety/") for i in ids) else "right"
    hits = [label in ids for label in case.expect]
    if answer["outcome"] == "clarify" and not (case.offer and any(hits)):
        return "clarified"
    if all(hits) if case.every else any(hits):
        return "right"
    return "declined" if answer["outcome"] == "decline" else "wrong"
