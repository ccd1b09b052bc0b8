"""Trains a pipeline through Rasa and asks it, one message at a time."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from benchmarks._ablations import Config
from benchmarks._labelled import LabelNames, Row
from benchmarks._metrics import Prediction
from bot.errors import SettingError
from bot.runtime import prepare

WARM_UP = 20
# Rasa's name for "I am not sure"; it stands in the ranking without being a label.
FALLBACK = "nlu_fallback"


@dataclass(frozen=True)
class Run:
    """One system on one test set.

    Attributes:
        predictions: One for each test row, in order.
        train_s: Seconds from data and configuration to a model archive.
        parse_ms: For each test row, milliseconds to understand it.
    """

    predictions: Sequence[Prediction]
    train_s: float
    parse_ms: Sequence[float]


def prepare_rasa(folder: Path) -> None:
    """Imports Rasa, quiet and local; must be called before anything else does.

    Args:
        folder: Takes Rasa's cache: one from an earlier run would make training look fast.
    """
    os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
    prepare(folder / "cache", "ERROR")
    # Now, so that the system measured first does not pay for it in its training time.
    import_module("rasa.core.agent")
    import_module("rasa.model_training")
    import_module("rasa.engine.recipes.default_components")


def run(config: Config, train: Sequence[Row], test: Sequence[Row], folder: Path) -> Run:
    """Trains on one set of rows and predicts the other, in this process.

    Args:
        config: A Rasa configuration.
        train: Rows without words are left out; Rasa refuses them.
        test: At least one row.
        folder: An empty folder; takes data, configuration and model.

    Raises:
        SettingError: when Rasa gives no model.
    """
    names = LabelNames(row.label for row in train)
    model, seconds = _train(config, train, names, folder)
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    return asyncio.run(_ask(agent, test, names, seconds))


def _train(
    config: Config, rows: Sequence[Row], names: LabelNames, folder: Path
) -> tuple[str, float]:
    from rasa.model_training import train_nlu

    folder.mkdir(parents=True)
    config_file, data_file = folder / "config.yml", folder / "nlu.json"
    config_file.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    data_file.write_text(json.dumps(_training_data(rows, names)), encoding="utf-8")
    started = time.perf_counter()
    model = train_nlu(str(config_file), str(data_file), str(folder / "models"))
    if model is None:
        raise SettingError("Rasa gave no model.", remedy="Its own messages above say why.")
    return str(model), time.perf_counter() - started


def _training_data(rows: Iterable[Row], names: LabelNames) -> dict[str, Any]:
    """Rasa's JSON form: in its YAML form, brackets in a message would be read as entities."""
    examples = [
        {"text": row.text, "intent": names.name(row.label), "entities": []}
        for row in rows
        if row.text.strip()
    ]
    return {"rasa_nlu_data": {"common_examples": examples}}


async def _ask(agent: Any, rows: Sequence[Row], names: LabelNames, train_s: float) -> Run:
    for row in rows[:WARM_UP]:
        await agent.parse_message(_words(row.text))
    predictions, parse_ms = [], []
    for row in rows:
        started = time.perf_counter()
        parsed = await agent.parse_message(_words(row.text))
        parse_ms.append((time.perf_counter() - started) * 1000)
        predictions.append(prediction(row.label, parsed, names))
    return Run(predictions, train_s, parse_ms)


def prediction(label: str, parsed: dict[str, Any], names: LabelNames) -> Prediction:
    """The most confident label of the ranking; what `intent` became by a threshold plays no part.

    Args:
        label: The right label.
        parsed: What Rasa tells about a message.
        names: Of the training labels.
    """
    ranking = [r for r in parsed.get("intent_ranking") or [] if r.get("name") != FALLBACK]
    if not ranking:
        return Prediction(label, None, 0.0)
    best = max(ranking, key=lambda r: float(r["confidence"]))
    return Prediction(label, names.label(best["name"]), float(best["confidence"]))


def _words(text: str) -> str:
    """A message that starts with a slash is an intent to Rasa, not words."""
    return text.lstrip().lstrip("/") if text.lstrip().startswith("/") else text
