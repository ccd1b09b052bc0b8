"""Trains the model for the present data and configuration, with progress one can watch."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

from bot.errors import BotError
from bot.learning.fingerprint import model_path
from bot.settings import ROOT

Say = Callable[[str], None]


class TrainingFailed(BotError):
    """Rasa could not train."""

    code = "training_failed"


class _Progress(logging.Handler):
    """Passes on the lines in which Rasa tells which component it trains."""

    def __init__(self, say: Say) -> None:
        super().__init__(logging.INFO)
        self._say = say
        self._start = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        seconds = time.monotonic() - self._start
        self._say(f"[{seconds:5.1f} s] {record.getMessage()}")


def ensure_model(models_dir: Path, say: Say, force: bool = False, root: Path = ROOT) -> Path:
    """The model for the present data; trained only when there is none yet.

    Args:
        models_dir: Where models are kept, one for each fingerprint.
        say: Takes one line of progress at a time.
        force: Train even when the model exists.
        root: The project's folder.

    Returns:
        Path of the model archive.

    Raises:
        TrainingFailed: when Rasa gives no model; its own messages have named the file.
    """
    target = model_path(models_dir, root)
    if target.exists() and not force:
        say(f"The model {target.name} is up to date with the data and the configuration.")
        return target
    say(f"Training the model {target.name}; this takes about a minute…")
    started = time.monotonic()
    _train(target, say, force, root)
    say(f"Trained in {time.monotonic() - started:.0f} s.")
    return target


def _train(target: Path, say: Say, force: bool, root: Path) -> None:
    from rasa.model_training import train

    progress = _Progress(say)
    loggers = [logging.getLogger(name) for name in ("rasa.engine.training.hooks", "bot.nlu")]
    for logger in loggers:
        logger.setLevel(logging.INFO)
        logger.addHandler(progress)
        logger.propagate = False
    level = os.environ.get("LOG_LEVEL")
    # Read by Rasa alone at this point: it keeps its progress bars out of ours.
    os.environ["LOG_LEVEL"] = "ERROR"
    try:
        result = train(
            domain=str(root / "domain.yml"),
            config=str(root / "config.yml"),
            training_files=[str(root / "data" / "nlu"), str(root / "data" / "rules")],
            output=str(target.parent),
            fixed_model_name=target.name.removesuffix(".tar.gz"),
            force_training=force,
        )
    finally:
        os.environ.pop("LOG_LEVEL")
        if level is not None:
            os.environ["LOG_LEVEL"] = level
        for logger in loggers:
            logger.removeHandler(progress)
    if result.code != 0 or result.model is None:
        raise TrainingFailed(
            "Rasa gave no model.", remedy="Run `make check`; it names the file that is wrong."
        )
