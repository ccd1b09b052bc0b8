"""One decision over the ranked intents: answer, offer choices, or decline. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

OUT_OF_SCOPE = "other/out_of_scope"
SAFETY_GROUP = "safety"
GRAVE = frozenset({"emergency", "crisis"})
# Under which name a message carries the second opinion on red flags.
SUSPICION = "suspicion"
# A wish for a visit or for a person; each has a flow of its own.
FLOWS = frozenset({"booking", "handoff"})
MAX_CHOICES = 3
# "Did you mean: Goodbye?" helps nobody.
NO_CHOICES = frozenset({"smalltalk", "dialogue"})
# A topic from this probability on is plain.
PLAIN = 0.9

Ranking = Sequence[tuple[str, float]]

# What each mistake costs, relative to a wrong answer (1.0): the patient who reads a wrong answer
# may act on it; one who has to choose from three loses a tap; one who is turned away calls.
COSTS: dict[str, float] = {
    "clarify_hit": 0.35,
    "clarify_miss": 0.60,
    "clarify_out_of_scope": 0.40,
    "decline_in_scope": 0.60,
    # A red flag that the gate's tables do not know is raised from this probability on. The bars are
    # low, since a look-alike is found all but impossible (`docs/nlu.md`).
    "safety_bar": 0.04,
    # One for 911 or 988 sooner still.
    "grave_safety_bar": 0.02,
    # And from this one on where the message is plainly about a topic.
    "contested_safety_bar": 0.20,
    # What the tables call a hint is a flag from this one on.
    "hint_safety_bar": 0.002,
}


@dataclass(frozen=True)
class Decision:
    """What to do with a message.

    Attributes:
        outcome: ``answer``, ``clarify`` or ``decline``; or the group's own outcome.
        topics: Topic ids to answer or to offer, best first; empty when declining.
        confidence: Probability of the best intent.
    """

    outcome: str
    topics: tuple[str, ...]
    confidence: float


def decide(ranking: Ranking, costs: Mapping[str, float]) -> Decision:
    """Takes the action of least expected cost among those that are no red flag.

    Args:
        ranking: Topic ids with calibrated probabilities, best first.
        costs: See ``COSTS``.
    """
    if not ranking:
        return Decision("decline", (), 0.0)
    confidence = ranking[0][1]
    outside = sum(p for topic, p in ranking if topic == OUT_OF_SCOPE)
    inside = _inside(ranking)
    choices = [(topic, p) for topic, p in inside if group(topic) not in NO_CHOICES][:MAX_CHOICES]
    expected = _expected_costs(inside, choices, outside, costs)
    outcome = min(expected, key=lambda name: expected[name])
    if outcome == "answer":
        return Decision(outcome_of(inside[0][0]), (inside[0][0],), inside[0][1])
    offered = tuple(topic for topic, _ in choices) if outcome == "clarify" else ()
    return Decision(outcome, offered, confidence)


def suspected(
    suspicion: Mapping[str, Any] | None, ranking: Ranking, costs: Mapping[str, float]
) -> Decision | None:
    """The warning that a second opinion calls for, if it is sure enough.

    Args:
        suspicion: What ``RedFlagDetector`` set on the message.
        ranking: Topic ids with calibrated probabilities, best first.
        costs: See ``COSTS``.
    """
    if suspicion is None:
        return None
    level = suspicion["level"]
    own = "grave_safety_bar" if level in GRAVE else "safety_bar"
    is_plain = any(p >= PLAIN for _, p in _inside(ranking))
    if suspicion["confidence"] < costs["contested_safety_bar" if is_plain else own]:
        return None
    return Decision(level, (f"{SAFETY_GROUP}/{level}",), suspicion["confidence"])


def _inside(ranking: Ranking) -> Ranking:
    """The rows of topics that can be answered."""
    return [(t, p) for t, p in ranking if t != OUT_OF_SCOPE and group(t) != SAFETY_GROUP]


def _expected_costs(
    inside: Ranking, choices: Ranking, outside: float, costs: Mapping[str, float]
) -> dict[str, float]:
    top = inside[0][1] if inside else 0.0
    covered = sum(p for _, p in choices)
    expected = {
        "answer": 1.0 - top,
        "clarify": costs["clarify_hit"] * covered
        + costs["clarify_out_of_scope"] * outside
        + costs["clarify_miss"] * max(0.0, 1.0 - covered - outside),
        "decline": costs["decline_in_scope"] * (1.0 - outside),
    }
    if not choices:
        del expected["clarify"]
    return expected


def group(topic: str) -> str:
    """``faq`` of ``faq/does_it_hurt``."""
    return topic.split("/", 1)[0]


def outcome_of(topic: str) -> str:
    """What answering this topic is called in results and statistics."""
    by_group = {
        "booking": "booking",
        "handoff": "handoff",
        "smalltalk": "smalltalk",
        "dialogue": "smalltalk",
    }
    if group(topic) == SAFETY_GROUP:
        return topic.split("/", 1)[1]
    return by_group.get(group(topic), "answer")


def policy_intent(decision: Decision) -> str:
    """The intent name that rules are written on.

    Answer cards share one rule for each group (``faq``, ``clinic``, ``smalltalk``, ``safety``);
    topics with a flow of their own are named whole, with ``_`` since Rasa reads ``/`` in a rule
    as a retrieval intent.
    """
    if decision.outcome in {"clarify", "decline"}:
        return {"clarify": "clarify", "decline": "out_of_scope"}[decision.outcome]
    topic = decision.topics[0]
    if group(topic) in {*FLOWS, "dialogue"}:
        return topic.replace("/", "_")
    return group(topic)
