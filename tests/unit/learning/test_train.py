from __future__ import annotations

import gc
import logging
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.learning.fingerprint import model_path
from bot.learning.train import TrainingFailed, ensure_model


class FakeTraining:
    """Stands where ``rasa.model_training`` would be imported."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.code = 0
        self.writes = True
        self.caches: list[Path] = []
        self.collecting: list[bool] = []

    def train(self, **options: Any) -> SimpleNamespace:
        self.calls.append(options)
        self.collecting.append(gc.isenabled())
        self.caches.append(Path(os.environ["RASA_CACHE_DIRECTORY"]))
        self.caches[-1].mkdir(parents=True, exist_ok=True)
        logging.getLogger("rasa.engine.training.hooks").info("Starting to train component 'X'.")
        path = Path(options["output"]) / f"{options['fixed_model_name']}.tar.gz"
        if self.writes:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("model")
        return SimpleNamespace(code=self.code, model=str(path) if self.writes else None)


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeTraining:
    fake = FakeTraining()
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "cache" / "rasa"))
    monkeypatch.setitem(sys.modules, "rasa.model_training", fake)
    return fake


@pytest.fixture
def said() -> list[str]:
    return []


def test_a_missing_model_is_trained_once(
    training: FakeTraining, said: list[str], tmp_path: Path
) -> None:
    models = tmp_path / "models"
    first = ensure_model(models, said.append, root=tmp_path)
    assert first == model_path(models, tmp_path)
    assert first.exists()
    assert ensure_model(models, said.append, root=tmp_path) == first
    assert len(training.calls) == 1
    assert "up to date" in said[-1]


def test_it_trains_on_the_projects_data_and_nothing_else(
    training: FakeTraining, said: list[str], tmp_path: Path
) -> None:
    ensure_model(tmp_path / "models", said.append, root=tmp_path)
    (call,) = training.calls
    assert call["training_files"] == [
        str(tmp_path / "data" / "nlu"),
        str(tmp_path / "data" / "rules"),
    ]
    assert (call["domain"], call["config"]) == (
        str(tmp_path / "domain.yml"),
        str(tmp_path / "config.yml"),
    )


def test_what_staff_taught_is_trained_on_as_well(
    training: FakeTraining, said: list[str], tmp_path: Path
) -> None:
    learned = tmp_path / "learned"
    bare = ensure_model(tmp_path / "models", said.append, root=tmp_path, learned=learned)
    (learned / "nlu").mkdir(parents=True)
    (learned / "nlu" / "learned.yml").write_text("nlu: []")
    taught = ensure_model(tmp_path / "models", said.append, root=tmp_path, learned=learned)
    assert taught != bare
    first, second = training.calls
    assert str(learned / "nlu") not in first["training_files"]
    assert second["training_files"][-1] == str(learned / "nlu")


def test_it_is_trained_again_when_forced(
    training: FakeTraining, said: list[str], tmp_path: Path
) -> None:
    for _ in range(2):
        ensure_model(tmp_path, said.append, force=True, root=tmp_path)
    assert [call["force_training"] for call in training.calls] == [True, True]


def test_changed_data_is_another_model(
    training: FakeTraining, said: list[str], tmp_path: Path
) -> None:
    first = ensure_model(tmp_path / "models", said.append, root=tmp_path)
    (tmp_path / "config.yml").write_text("pipeline: []\n")
    assert ensure_model(tmp_path / "models", said.append, root=tmp_path) != first
    assert len(training.calls) == 2


def test_progress_is_said_while_training_and_not_afterwards(
    training: FakeTraining, said: list[str], tmp_path: Path
) -> None:
    ensure_model(tmp_path, said.append, root=tmp_path)
    assert any("Starting to train component 'X'." in line for line in said)
    count = len(said)
    logging.getLogger("rasa.engine.training.hooks").info("later")
    assert len(said) == count


@pytest.mark.parametrize(("code", "writes"), [(1, True), (0, False)])
def test_a_failed_training_says_the_remedy(
    training: FakeTraining, said: list[str], tmp_path: Path, code: int, writes: bool
) -> None:
    training.code, training.writes = code, writes
    with pytest.raises(TrainingFailed, match="make check"):
        ensure_model(tmp_path, said.append, root=tmp_path)


def test_rasa_reuses_only_what_the_present_code_made(
    training: FakeTraining, said: list[str], tmp_path: Path
) -> None:
    common = tmp_path / "cache" / "rasa"
    code = tmp_path / "bot" / "nlu" / "part.py"
    code.parent.mkdir(parents=True)
    for text in ("X = 1\n", "X = 2\n"):
        code.write_text(text)
        (tmp_path / "config.yml").write_text(text)
        ensure_model(tmp_path / "models", said.append, root=tmp_path)
    first, second = training.caches
    assert first != second
    assert first.parent == second.parent == common.parent
    assert not first.exists()
    assert second.exists()
    assert os.environ["RASA_CACHE_DIRECTORY"] == str(common)


def test_the_collector_rests_only_while_training(
    training: FakeTraining, said: list[str], tmp_path: Path
) -> None:
    ensure_model(tmp_path, said.append, root=tmp_path)
    assert training.collecting == [False]
    assert gc.isenabled()
