"""Parse data as the rules and actions read it, made from a decision or a ranking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.nlu.abstention import DECISION, as_dict
from bot.nlu.decision import COSTS, Decision, Ranking, decide, outcome_of, policy_intent
from bot.nlu.language import LANGUAGE

FRENCH = "fr"


def forced(text: str, topic: str) -> dict[str, Any]:
    """Parse data that says the text is about this topic, beyond doubt."""
    return decided({"text": text, "entities": []}, Decision(outcome_of(topic), (topic,), 1.0))


def decided(parsed: dict[str, Any], decision: Decision) -> dict[str, Any]:
    """The same parse data with another decision, its topics ranked first."""
    return _with(parsed, decision, [(topic, 1.0) for topic in decision.topics])


def ranked(parsed: dict[str, Any], ranking: Ranking) -> dict[str, Any]:
    """The same parse data with another ranking and the decision that follows from it."""
    return _with(parsed, decide(ranking, COSTS), ranking)


def ranking_of(parsed: dict[str, Any]) -> list[tuple[str, float]]:
    """The ranked topics of parse data, best first."""
    return [(row["name"], row["confidence"]) for row in parsed.get("intent_ranking") or []]


def is_french(parsed: Mapping[str, Any]) -> bool:
    """Whether parse data is of a message in French."""
    return bool(parsed.get(LANGUAGE) == FRENCH)


def _with(parsed: dict[str, Any], decision: Decision, ranking: Ranking) -> dict[str, Any]:
    return {
        **parsed,
        "intent": {"name": policy_intent(decision), "confidence": decision.confidence},
        "intent_ranking": [{"name": name, "confidence": p} for name, p in ranking],
        DECISION: as_dict(decision),
    }
