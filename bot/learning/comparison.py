"""Holds a candidate against the model that is served. Pure functions.

Both answer the same messages, so only those messages tell them apart that one of them gets right
and the other does not. If the two were equally good, each such message would fall either way like
a coin. A candidate is refused when so many fall against it that a fair coin would show as much in
one of twenty tries or fewer; less than that is chance. A red flag that it newly misses is never
put down to chance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from scipy.stats import binomtest

from bot.learning.evaluation import BENIGN, Case, verdict

# One in twenty.
CHANCE = 0.05
MAX_CHANGES = 300
Kind = Literal["topics", "flags", "harmless", "labels"]
NAMES: dict[str, str] = {
    "topics": "Questions",
    "flags": "Red flags",
    "harmless": "Harmless messages that look alarming",
    "labels": "Labelled messages of patients",
}
SAFETY = "safety/"


@dataclass(frozen=True)
class Judged:
    """A message with both answers, in the form of ``bot ask --jsonl``.

    Attributes:
        name: The file it comes from, or ``labels``.
        case: The message and what is right.
        old: The served model's answer.
        new: The candidate's.
        inbox_id: Of a patient's message; its words are then not repeated anywhere.
    """

    name: str
    case: Case
    old: dict[str, Any]
    new: dict[str, Any]
    inbox_id: int | None = None

    @property
    def kind(self) -> Kind:
        """Which score it counts for; a red flag is one wherever it comes from."""
        if all(label.startswith(SAFETY) for label in self.case.expect):
            return "flags"
        if self.inbox_id is not None:
            return "labels"
        return "harmless" if self.case.expect == (BENIGN,) else "topics"

    @property
    def verdicts(self) -> tuple[str, str]:
        """Of the old answer and of the new one."""
        return verdict(self.case, self.old), verdict(self.case, self.new)

    @property
    def is_changed(self) -> bool:
        """Whether a patient would be told something else; the order of choices does not count.

        Of a harmless message nobody knows the right topic: there a warning comes or goes.
        """
        if self.kind == "harmless":
            old, new = self.verdicts
            return old != new
        return _told(self.old) != _told(self.new)


@dataclass(frozen=True)
class Score:
    """Both models on one kind of message; counts."""

    kind: str
    count: int
    old_right: int
    new_right: int
    old_wrong: int
    new_wrong: int
    gained: int
    lost: int


@dataclass(frozen=True)
class Report:
    """What a comparison came to; kept as JSON.

    Attributes:
        scores: One for each kind of message that there was.
        changes: Answers that would change, those that get worse first; at most ``MAX_CHANGES``.
        changed: How many answers would change.
        refusals: Why the candidate may not be promoted; empty when it may.
        notes: What a reader should know.
        taught: How many examples the candidate learned beside the shipped data.
    """

    scores: tuple[Score, ...]
    changes: tuple[dict[str, Any], ...]
    changed: int
    refusals: tuple[str, ...]
    notes: tuple[str, ...] = ()
    taught: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def compare(judged: Sequence[Judged], notes: Sequence[str] = (), taught: int = 0) -> Report:
    """Scores both models and says whether the candidate may be promoted.

    Args:
        judged: Every message with both answers.
        notes: What a reader should know.
        taught: How many examples the candidate learned beside the shipped data.
    """
    kinds = [kind for kind in NAMES if any(one.kind == kind for one in judged)]
    scores = tuple(_score(kind, [one for one in judged if one.kind == kind]) for kind in kinds)
    changed = sorted((one for one in judged if one.is_changed), key=_gravity)
    changes = tuple(_change(one) for one in changed[:MAX_CHANGES])
    refusals = (*_missed(judged), *(words for score in scores for words in _worse(score, judged)))
    return Report(scores, changes, len(changed), refusals, tuple(notes), taught)


def _score(kind: str, judged: Sequence[Judged]) -> Score:
    pairs = Counter(one.verdicts for one in judged)

    def count(old: str | None = None, new: str | None = None) -> int:
        return sum(n for (o, w), n in pairs.items() if old in (None, o) and new in (None, w))

    right = "right"
    both = count(right, right)
    return Score(
        kind,
        len(judged),
        old_right=count(old=right),
        new_right=count(new=right),
        old_wrong=count(old="wrong"),
        new_wrong=count(new="wrong"),
        gained=count(new=right) - both,
        lost=count(old=right) - both,
    )


def _missed(judged: Sequence[Judged]) -> list[str]:
    missed = [one for one in judged if one.kind == "flags" and one.verdicts[0] == "right"]
    newly = sum(one.verdicts[1] != "right" for one in missed)
    if not newly:
        return []
    flags = "1 red flag is" if newly == 1 else f"{newly} red flags are"
    return [f"{flags} newly missed."]


def _worse(score: Score, judged: Sequence[Judged]) -> list[str]:
    found = []
    name = NAMES[score.kind].lower()
    if score.kind != "flags" and is_worse(score.lost, score.gained):
        found.append(
            f"Of the {name}, {score.lost} are no longer answered right and {score.gained} newly "
            "are: more than chance."
        )
    mine = [one.verdicts for one in judged if one.kind == score.kind]
    worse = sum(old != "wrong" and new == "wrong" for old, new in mine)
    better = sum(old == "wrong" and new != "wrong" for old, new in mine)
    if score.kind == "topics" and is_worse(worse, better):
        found.append(
            f"Of the {name}, {worse} get a wrong answer that did not before, and {better} "
            "no longer do: more than chance."
        )
    return found


def is_worse(lost: int, gained: int) -> bool:
    """Whether so many lost against so many gained are more than chance.

    The sign test for two answers to the same messages (McNemar's, exact and one-sided).
    """
    if lost <= gained:
        return False
    test = binomtest(lost, lost + gained, 0.5, alternative="greater")
    return bool(test.pvalue <= CHANCE)


def _gravity(one: Judged) -> tuple[int, str]:
    old, new = one.verdicts
    if old == "right" and new != "right":
        return (0 if one.kind == "flags" else 1), one.name
    return (2 if new == "wrong" else 3 if old == new else 4), one.name


def _change(one: Judged) -> dict[str, Any]:
    old, new = one.verdicts
    words = {"inbox_id": one.inbox_id} if one.inbox_id is not None else {"text": one.case.text}
    return {
        **words,
        "kind": one.kind,
        "name": one.name,
        "expect": list(one.case.expect),
        "old": _said(one.old),
        "new": _said(one.new),
        "verdicts": [old, new],
    }


def _told(answer: dict[str, Any]) -> list[str]:
    outcome, *topics = _said(answer)
    return [outcome, *(sorted(topics) if outcome == "clarify" else topics)]


def _said(answer: dict[str, Any]) -> list[str]:
    """The outcome and the topics, which stand for the words: the cards are the same for both."""
    return [str(answer["outcome"]), *map(str, answer["answer_ids"])]
