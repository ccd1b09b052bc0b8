"""From labels to training examples, and why a label gives none. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from bot.learning.taught import Taught
from bot.learning.traffic import OUT_OF_SCOPE, Labelled
from bot.learning.trainable import trainable
from bot.nlu.decision import SAFETY_GROUP, group
from bot.review.label import Verdict
from bot.review.model import HIGH
from bot.review.sameness import folded
from bot.turn.context import refers

# A near copy of an evaluation message would be learned by heart just as well.
NEAR = 92.0
# After something was said, so few words rarely stand by themselves.
TOO_FEW = 2
# Why a label gives no example.
WHY_NOT = {
    "private": "it has names or numbers that it cannot do without",
    "leans": "it leans on what was said before it",
    "red_flag": "it has a red flag in it",
    "held_out": "it is one of the messages that models are compared on, or nearly one",
    "known": "the training data has it already",
    "known_elsewhere": "the training data has it under another answer",
    "contradicted": "a later label of the same words says otherwise",
    "nothing_new": "the assistant was right and sure",
}
CAN_BE_TAUGHT = (Verdict.RIGHT, Verdict.WRONG)


@dataclass(frozen=True)
class Proposal:
    """A training example that a label proposes.

    Attributes:
        topic: What the text means.
        text: Fit to learn from; with no patient's name or number.
        inbox_id: The message it comes from.
        by: Who labelled it.
    """

    topic: str
    text: str
    inbox_id: int
    by: str


@dataclass(frozen=True)
class Proposals:
    """What the labels come to.

    Attributes:
        examples: Proposed, in the order of labelling.
        dropped: Numbers of messages that give none, with one of ``WHY_NOT``.
    """

    examples: tuple[Proposal, ...]
    dropped: Mapping[int, str]

    @property
    def taught(self) -> Taught:
        """The examples by topic."""
        return Taught.of((one.topic, one.text) for one in self.examples)


@dataclass(frozen=True)
class Known:
    """What an example must not repeat.

    Attributes:
        trained: The topic of each text that the training data has, by the folded text.
        held_out: Folded texts that models are compared on.
    """

    trained: Mapping[str, str]
    held_out: frozenset[str]

    @cached_property
    def _held_out_list(self) -> list[str]:
        return sorted(self.held_out)

    def is_held_out(self, text: str) -> bool:
        """Whether a text, or nearly that text, is one that models are compared on."""
        said = folded(text)
        if said in self.held_out:
            return True
        found = process.extractOne(
            said, self._held_out_list, scorer=fuzz.ratio, score_cutoff=NEAR, processor=None
        )
        return found is not None


def propose(
    labelled: Sequence[Labelled], known: Known, has_flag: Callable[[str], bool]
) -> Proposals:
    """What the labels come to.

    Args:
        labelled: Oldest label first; of labels for the same words the last one counts.
        known: What an example must not repeat.
        has_flag: Whether the red-flag tables find something in a text.
    """
    examples: dict[str, Proposal] = {}
    dropped: dict[int, str] = {}
    for one in labelled:
        if one.verdict not in CAN_BE_TAUGHT or one.right is None or one.item.label is None:
            continue
        number = one.item.turn.inbox_id
        text = trainable(one.item.turn.text)
        if text is None or (why := _why_not(one, one.right, text, known, has_flag)):
            dropped[number] = "private" if text is None else why
            continue
        earlier = examples.pop(folded(text), None)
        if earlier is not None and earlier.topic != one.right:
            dropped[earlier.inbox_id] = "contradicted"
        examples[folded(text)] = Proposal(one.right, text, number, one.item.label.by)
    return Proposals(tuple(examples.values()), dropped)


def _why_not(
    one: Labelled, topic: str, text: str, known: Known, has_flag: Callable[[str], bool]
) -> str:
    """The first reason against it; empty when there is none."""
    turn = one.item.turn
    is_sure = turn.confidence is not None and turn.confidence >= HIGH
    if one.verdict is Verdict.RIGHT and (is_sure or group(topic) == SAFETY_GROUP):
        return "nothing_new"
    if one.before and (refers(text) or len(text.split()) <= TOO_FEW):
        return "leans"
    # The assistant must never learn that alarming words are harmless.
    if group(topic) != SAFETY_GROUP and has_flag(text):
        return "red_flag"
    if known.is_held_out(text):
        return "held_out"
    trained = known.trained.get(folded(text))
    if trained is None:
        return ""
    return "known" if trained == topic else "known_elsewhere"


def draft_questions(labelled: Iterable[Labelled]) -> dict[int | None, list[str]]:
    """What patients asked, by the draft card it is for; None for those without a name."""
    found: dict[int | None, list[str]] = {}
    for one in labelled:
        text = trainable(one.item.turn.text)
        if one.verdict is Verdict.NEW and one.item.label is not None and text:
            questions = found.setdefault(one.item.label.draft_id, [])
            if text not in questions:
                questions.append(text)
    return found


__all__ = ["OUT_OF_SCOPE", "Known", "Proposal", "Proposals", "draft_questions", "propose"]
