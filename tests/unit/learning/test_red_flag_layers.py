"""Making the second opinion's layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.learning.red_flag_layers import make, read_topics
from bot.nlu.encoder import Encoder, convert, installed_weights
from bot.nlu.red_flag_layers import RedFlagLayers, checked_layers

FLAGS = [
    "my chest is being crushed",
    "weight on my chest, left arm aches",
    "chest tight and sweaty",
]
HARMLESS = ["chest of drawers for sale", "I treasure my chest of tea", "weight loss tea, any good?"]


def test_the_layers_made_pull_flags_and_look_alikes_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "cache" / "rasa"))
    labelled = [(text, "emergency/chest_pain") for text in FLAGS]
    labelled += [(text, "none/words") for text in HARMLESS]
    make(labelled, tmp_path, presentations=640)
    convert(installed_weights(), tmp_path)
    states = Encoder(tmp_path).states([text for text, _ in labelled])
    vectors = RedFlagLayers(checked_layers(tmp_path)).vectors(states)[:, :384]
    alike = vectors @ vectors.T
    within = np.mean([alike[:3, :3].mean(), alike[3:, 3:].mean()])
    assert within > alike[:3, 3:].mean() + 0.1


def test_topics_are_harmless_and_their_red_flags_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        "nlu:\n- intent: clinic/fees\n  examples: |\n    - how much\n    - what's the fee\n"
        "- intent: safety/urgent\n  examples: |\n    - fever and back pain\n",
        encoding="utf-8",
    )
    assert read_topics(tmp_path) == [
        ("how much", "none/clinic/fees"),
        ("what's the fee", "none/clinic/fees"),
    ]
