from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.errors import SettingError
from bot.nlu import encoder
from bot.nlu.encoder import (
    UPPER_FILE,
    Encoder,
    Pooling,
    convert,
    installed_weights,
    official_weights,
    verify,
    with_middle,
    write_upper,
)


def test_missing_weights_are_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"missing.*`weights_dir`") as wrong:
        verify(tmp_path / "model.safetensors")
    assert str(tmp_path) in str(wrong.value)


def test_other_weights_are_refused(tmp_path: Path) -> None:
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"not the official weights")
    with pytest.raises(SettingError, match="not the official"):
        verify(weights)


def test_nothing_is_converted_from_other_weights(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other")
    (tmp_path / "out").mkdir()
    with pytest.raises(SettingError):
        convert(tmp_path, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_the_installed_weights_are_the_official_ones() -> None:
    verify(installed_weights() / "model.safetensors")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SettingError, match="train"):
        encoder.installed_weights()


def test_vectors_can_be_put_beside_middle_ones_afterwards(tmp_path: Path) -> None:
    convert(installed_weights(), tmp_path)
    states = Encoder(tmp_path).states(["does it hurt", "how much is it"])
    weights = official_weights(installed_weights())
    changed = "encoder.layer.5.output.dense.weight"
    adapted = {**weights, changed: weights[changed] * np.float32(0.5)}
    write_upper(adapted, tmp_path / "alone.onnx")
    write_upper(adapted, tmp_path / UPPER_FILE, 0.25)
    whole = Pooling(tmp_path / UPPER_FILE).pool(states)
    assert whole.shape == (2, 768)
    joined = with_middle(Pooling(tmp_path / "alone.onnx").pool(states), whole, 0.25)
    np.testing.assert_allclose(joined, whole, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(joined, axis=1), 1.0, atol=1e-5)
