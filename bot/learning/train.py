"""Trains the model for the present data and configuration, with progress one can watch."""

from __future__ import annotations

import gc
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.errors import BotError
from bot.learning.cheap_examples import cheap_examples
from bot.learning.fingerprint import TAUGHT, model_path, unseen_fingerprint
from bot.learning.light_archive import light_archive
from bot.settings import ROOT

Say = Callable[[str], None]
# Rasa reads from it where to keep the results of training steps.
CACHE_DIRECTORY = "RASA_CACHE_DIRECTORY"


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


def ensure_model(
    models_dir: Path,
    say: Say,
    force: bool = False,
    root: Path = ROOT,
    learned: Path | None = None,
) -> Path:
    """The model for the present data; trained only when there is none yet.

    Args:
        models_dir: Where models are kept, one for each fingerprint.
        say: Takes one line of progress at a time.
        force: Train even when the model exists.
        root: The project's folder.
        learned: The folder of what staff taught, if there is one.

    Returns:
        Path of the model archive.

    Raises:
        TrainingFailed: when Rasa gives no model; its own messages have named the file.
    """
    target = model_path(models_dir, root, learned)
    if target.exists() and not force:
        say(f"The model {target.name} is up to date with the data and the configuration.")
        return target
    say(f"Training the model {target.name}; this takes about a minute…")
    started = time.monotonic()
    with _without_collector():
        _train(target, say, force, root, learned)
    say(f"Trained in {time.monotonic() - started:.0f} s.")
    return target


def _train(target: Path, say: Say, force: bool, root: Path, learned: Path | None) -> None:
    from rasa.model_training import train

    # Beside the target, so that the finished model appears in one step and never half-written.
    with TemporaryDirectory(dir=_made(target.parent), prefix=".training-") as folder:
        with (
            _reporting(say),
            _cache_of_this_code(root),
            cheap_examples(),
            light_archive(),
            _quiet_rasa() as said,
        ):
            result = train(
                domain=str(root / "domain.yml"),
                config=str(root / "config.yml"),
                training_files=_data(root, learned),
                output=folder,
                fixed_model_name="model",
                force_training=force,
            )
        if result.code != 0 or result.model is None:
            say(said.getvalue())
            raise TrainingFailed(
                "Rasa gave no model.", remedy="Run `make check`; it names the file that is wrong."
            )
        Path(result.model).replace(target)


def _data(root: Path, learned: Path | None) -> list[str]:
    folders = [root / "data" / "nlu", root / "data" / "rules"]
    # Rasa refuses a folder that is not there.
    if learned is not None and (learned / TAUGHT).is_dir():
        folders.append(learned / TAUGHT)
    return [str(folder) for folder in folders]


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _without_collector() -> Iterator[None]:
    """Rasa makes millions of small objects that live on; looking through them takes a tenth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _cache_of_this_code(root: Path) -> Iterator[None]:
    """Has Rasa reuse only what the present pipeline code made.

    Rasa looks at a component's own file, not at what it imports or reads: after a change there it
    would put the old part into the new model.
    """
    before = os.environ.get(CACHE_DIRECTORY)
    common = Path(before or ".rasa/cache/rasa")
    present = common.with_name(f"{common.name}-{unseen_fingerprint(root)}")
    for stale in common.parent.glob(f"{common.name}-*"):
        if stale != present:
            shutil.rmtree(stale, ignore_errors=True)
    os.environ[CACHE_DIRECTORY] = str(present)
    try:
        yield
    finally:
        os.environ.pop(CACHE_DIRECTORY)
        if before is not None:
            os.environ[CACHE_DIRECTORY] = before


@contextmanager
def _reporting(say: Say) -> Iterator[None]:
    progress = _Progress(say)
    loggers = [logging.getLogger(name) for name in ("rasa.engine.training.hooks", "bot.nlu")]
    for logger in loggers:
        logger.setLevel(logging.INFO)
        logger.addHandler(progress)
        logger.propagate = False
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(progress)
            logger.propagate = True


@contextmanager
def _quiet_rasa() -> Iterator[StringIO]:
    """Keeps Rasa's progress bars and messages away from ours; gives what it printed."""
    said = StringIO()
    level = os.environ.get("LOG_LEVEL")
    os.environ["LOG_LEVEL"] = "ERROR"
    try:
        with redirect_stdout(said):
            yield said
    finally:
        os.environ.pop("LOG_LEVEL")
        if level is not None:
            os.environ["LOG_LEVEL"] = level
