"""Writes the project a stock Rasa user would have: the same examples and the same answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks._own_data import examples_of, nlu_items
from benchmarks._pipelines import stock_config
from bot.content import CardLibrary, ClinicProfile
from bot.settings import Settings

VERSION = "3.1"
CHANNEL = "web"
FALLBACK = "nlu_fallback"
# For what has no card of its own: forms ask there, and a stock project answers in one go.
NO_CARD = "Please call the clinic; someone there will help you."
DATABASE = "stock.db"


def write_stock_project(
    folder: Path, seed: int, epochs: int | None = None, per_intent: int | None = None
) -> None:
    """Writes a complete Rasa project.

    Args:
        folder: Takes it; made when missing.
        seed: For the stock pipeline.
        epochs: Instead of Rasa's own number.
        per_intent: At most so many examples of each intent; None takes all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    items = list(nlu_items())
    replies = _replies([item["intent"] for item in items])
    files = {
        "config.yml": stock_config(seed, epochs),
        "domain.yml": domain(replies),
        "credentials.yml": {"rest": None},
        "endpoints.yml": {"tracker_store": {"type": "SQL", "dialect": "sqlite", "db": DATABASE}},
        "data/nlu.yml": {"version": VERSION, "nlu": [_plain(i, per_intent) for i in items]},
        "data/rules.yml": {"version": VERSION, "rules": rules(replies)},
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
        path.write_text(text, encoding="utf-8")


def plain_name(topic: str) -> str:
    """A topic as a plain intent: with a slash it would be one of a response selector."""
    return topic.replace("/", "_")


def domain(replies: dict[str, str]) -> dict[str, Any]:
    """One response for each intent; the session settings are those of a new Rasa project.

    Args:
        replies: The words to answer, by plain intent.
    """
    return {
        "version": VERSION,
        "intents": [intent for intent in replies if intent != FALLBACK],
        "responses": {f"utter_{intent}": [{"text": text}] for intent, text in replies.items()},
        "session_config": {
            "session_expiration_time": 60,
            "carry_over_slots_to_new_session": True,
        },
    }


def rules(replies: dict[str, str]) -> list[dict[str, Any]]:
    """One rule for each intent."""
    return [
        {"rule": f"answer {intent}", "steps": [{"intent": intent}, {"action": f"utter_{intent}"}]}
        for intent in replies
    ]


def _replies(topics: Sequence[str]) -> dict[str, str]:
    settings = Settings.from_env({})
    profile = ClinicProfile.load(settings.clinic_profile)
    library = CardLibrary.load(settings.answers_dir, profile)
    texts = {
        plain_name(topic): library.render(topic, CHANNEL).text if library.has(topic) else NO_CARD
        for topic in topics
    }
    return texts | {FALLBACK: NO_CARD}


def _plain(item: dict[str, Any], per_intent: int | None) -> dict[str, Any]:
    examples = "".join(f"- {text}\n" for text in examples_of(item)[:per_intent])
    return {"intent": plain_name(item["intent"]), "examples": examples}
