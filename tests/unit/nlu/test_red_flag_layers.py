"""The second opinion's own layers: the right file, and the same vectors in training and serving."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.errors import SettingError
from bot.nlu import red_flag_layers
from bot.nlu.encoder import Encoder, convert, installed_weights
from bot.nlu.red_flag_layers import (
    LAYERS_FILE,
    RECORD_FILE,
    RedFlagLayers,
    checked_layers,
    red_flag_vectors,
)
from bot.nlu.text import normalise
from bot.settings import ROOT

LEARNED = ROOT / "data" / "safety" / "learned"
TEXTS = ["cant feel between my legs", "how much is it", "Chest pain since noon, is that normal?"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (LAYERS_FILE, RECORD_FILE):
        shutil.copyfile(LEARNED / name, tmp_path / name)
    return tmp_path


def test_the_projects_layers_are_those_of_their_record() -> None:
    assert checked_layers(LEARNED) == LEARNED / LAYERS_FILE


@pytest.mark.parametrize("name", [LAYERS_FILE, RECORD_FILE])
def test_a_missing_file_is_named_with_the_remedy(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(SettingError, match=rf"{name} is missing.*bot\.learning\.red_flag_layers"):
        checked_layers(folder)


def test_other_layers_are_refused(folder: Path) -> None:
    with (folder / LAYERS_FILE).open("ab") as file:
        file.write(b"x")
    with pytest.raises(SettingError, match="is not the file"):
        checked_layers(folder)


@pytest.mark.parametrize("record", ["", "made: 2026-11-29", "- sha256", "sha256: [", "sha256"])
def test_a_record_without_a_digest_is_refused(folder: Path, record: str) -> None:
    (folder / RECORD_FILE).write_text(record, encoding="utf-8")
    with pytest.raises(SettingError, match="has no `sha256`"):
        checked_layers(folder)


def test_training_sees_what_serving_sees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "cache" / "rasa"))
    convert(installed_weights(), tmp_path)
    encoder, layers = Encoder(tmp_path), RedFlagLayers(LEARNED / LAYERS_FILE)
    served = layers.vectors(encoder.states([normalise(text) for text in TEXTS]))
    trained = red_flag_vectors(TEXTS, LEARNED / LAYERS_FILE)
    np.testing.assert_allclose(trained, served, atol=2e-3)
    np.testing.assert_allclose(np.linalg.norm(served, axis=1), 1.0, atol=1e-5)
    assert served.shape == (len(TEXTS), 768)
    # The second time they come from disk.
    monkeypatch.setattr(red_flag_layers, "Encoder", None)
    np.testing.assert_array_equal(red_flag_vectors(TEXTS, LEARNED / LAYERS_FILE), trained)
