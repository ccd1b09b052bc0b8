"""The project's pipeline with one part taken out, to see what the part is worth."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

Config = dict[str, Any]
Change = Callable[[Config], None]


def _set(component: str, **options: float) -> Change:
    def change(config: Config) -> None:
        (step,) = (s for s in config["pipeline"] if s["name"].endswith(f".{component}"))
        step.update(options)

    return change


def _drop(component: str) -> Change:
    def change(config: Config) -> None:
        kept = [s for s in config["pipeline"] if not s["name"].endswith(f".{component}")]
        if len(kept) == len(config["pipeline"]):
            raise ValueError(f"The pipeline has no {component}.")
        config["pipeline"] = kept

    return change


# A kernel of sharpness 0 is the same for all messages: only the n-grams are left.
ABLATIONS: dict[str, Change] = {
    "without-encoder": _set("KernelIntentClassifier", gamma=0.0),
    "without-adaptation": _set("SentenceEncoder", presentations=0),
    "without-middle": _set("SentenceEncoder", middle_share=0.0),
    "without-characters": _set("KernelIntentClassifier", characters=0.0),
    "without-words": _set("KernelIntentClassifier", words=0.0),
    "without-names": _drop("IntentNames"),
    "without-repair": _drop("SpellingRepair"),
    "without-axes": _set("KernelIntentClassifier", axes=768),
}


def ablated(config: Config, name: str) -> Config:
    """A copy of the configuration without the named part."""
    changed = deepcopy(config)
    ABLATIONS[name](changed)
    return changed
