"""Rewrites the intent to what the policy should act on: answer, clarify or decline."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.decision import COSTS, SUSPICION, Decision, decide, policy_intent, suspected

DECISION = "decision"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Abstention(GraphComponent, IntentClassifier):
    """Looks at the whole ranking; the stock FallbackClassifier looks at its first two rows."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Components that must stand before this one."""
        return [IntentClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's default config: the costs of ``bot.nlu.decision.COSTS``."""
        return dict(COSTS)

    def __init__(self, config: dict[str, Any]) -> None:
        self._costs = {name: float(config[name]) for name in COSTS}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Abstention:
        """Creates a new component (see parent class for full docstring)."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets ``decision`` and renames ``intent``; ``intent_ranking`` keeps the topics."""
        for message in messages:
            rows = message.get("intent_ranking") or []
            ranking = [(row["name"], row["confidence"]) for row in rows]
            flag = suspected(message.get(SUSPICION), ranking, self._costs)
            if flag is not None:
                first = {"name": flag.topics[0], "confidence": flag.confidence}
                rest = [row for row in rows if row["name"] != first["name"]]
                message.set("intent_ranking", [first, *rest], add_to_output=True)
            annotate(message, flag or decide(ranking, self._costs))
        return messages


def annotate(message: Message, decision: Decision) -> None:
    """Writes a decision on a message in the form the policy and the actions read."""
    intent = {"name": policy_intent(decision), "confidence": decision.confidence}
    message.set("intent", intent, add_to_output=True)
    message.set(DECISION, as_dict(decision), add_to_output=True)


def as_dict(decision: Decision) -> dict[str, Any]:
    """The decision as it travels in the parse data."""
    return {
        "outcome": decision.outcome,
        "topics": list(decision.topics),
        "confidence": decision.confidence,
    }
