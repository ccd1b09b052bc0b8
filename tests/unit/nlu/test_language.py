from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.abstention import annotate
from bot.nlu.decision import Decision
from bot.nlu.foreign import Languages
from bot.nlu.language import LanguageGuard, is_foreign
from bot.settings import ROOT

FRENCH = "combien coûte une séance"
# English is doubted here, not ruled out.
DOUBTED = "conjugate the verb etre"
ANSWER = Decision("answer", ("clinic/fees",), 0.9)


@pytest.fixture
def guard(tmp_path: Path) -> LanguageGuard:
    storage = LocalModelStorage.create(tmp_path)
    return LanguageGuard({}, storage, Resource("guard"), Languages(()))


def _read(guard: LanguageGuard, text: str, decision: Decision) -> dict[str, Any]:
    message = Message.build(text)
    annotate(message, decision)
    (read,) = guard.process([message])
    parsed: dict[str, Any] = read.as_dict(only_output_properties=True)
    return parsed


def test_a_message_in_english_is_left_alone(guard: LanguageGuard) -> None:
    parsed = _read(guard, "how much is it", ANSWER)
    assert parsed["language"] == "en"
    assert parsed["decision"]["outcome"] == "answer"
    assert not is_foreign(parsed)


@pytest.mark.parametrize("outcome", ["answer", "clarify", "decline", "smalltalk", "booking"])
def test_another_language_is_declined_whatever_was_understood(
    guard: LanguageGuard, outcome: str
) -> None:
    parsed = _read(guard, FRENCH, Decision(outcome, ("clinic/fees",), 0.9))
    assert parsed["language"] == "fr"
    assert parsed["intent"]["name"] == "out_of_scope"
    assert parsed["decision"] == {"outcome": "decline", "topics": [], "confidence": 1.0}
    assert is_foreign(parsed)


def test_a_thin_guess_declines_only_what_was_not_understood(guard: LanguageGuard) -> None:
    assert _read(guard, DOUBTED, ANSWER)["decision"]["outcome"] == "answer"
    unsure = Decision("clarify", ("clinic/fees", "clinic/hours"), 0.3)
    assert _read(guard, DOUBTED, unsure)["decision"]["outcome"] == "decline"


@pytest.mark.parametrize("level", ["emergency", "urgent", "crisis"])
def test_a_flag_is_never_removed(guard: LanguageGuard, level: str) -> None:
    parsed = _read(guard, FRENCH, Decision(level, (f"safety/{level}",), 0.95))
    assert parsed["decision"]["outcome"] == level


def test_parse_data_without_a_language_is_english() -> None:
    assert not is_foreign({})


def test_it_stands_last_in_the_pipeline() -> None:
    """Before the decision its own would be overwritten, and Rasa cannot tell."""
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    assert pipeline[-1]["name"] == f"{LanguageGuard.__module__}.{LanguageGuard.__name__}"
