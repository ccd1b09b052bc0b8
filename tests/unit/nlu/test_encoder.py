from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.nlu import encoder
from bot.nlu.encoder import convert, installed_weights, verify


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
