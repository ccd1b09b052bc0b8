"""Keeps on disk what the layers that never change make of the training messages.

After the adaptation itself, computing them is the longest step of a training, and from one to the
next only a few messages change. The file can be deleted at any time.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from bot.nlu.encoder import Vectors, cache_folder

Stored = npt.NDArray[np.float16]
Compute = Callable[[list[str]], list[Vectors]]


@dataclass
class StateCache:
    """The states of texts, by text.

    They are kept in half precision, and come back rounded even when they were just computed: a
    training gives the same network whether the file was there or not.

    Attributes:
        file: An ``.npz`` file, named by whoever makes it after all that shapes the states.
    """

    file: Path
    _known: dict[str, Stored] = field(default_factory=dict, init=False)

    def states(self, texts: Sequence[str], compute: Compute) -> list[Vectors]:
        """The states of each text, computing only those that are not known.

        Args:
            texts: In any order, repeats allowed.
            compute: Gives the states of texts, each tokens x width.
        """
        if not self._known:
            self._known = _read(self.file)
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        if missing:
            for text, states in zip(missing, compute(missing), strict=True):
                self._known[text] = states.astype(np.float16)
            self._known = {text: self._known[text] for text in texts}
            _write(self.file, self._known)
        return [self._known[text].astype(np.float32) for text in texts]


def _read(file: Path) -> dict[str, Stored]:
    try:
        with np.load(file, allow_pickle=False) as arrays:
            texts = json.loads(arrays["texts"].tobytes())
            ends, states = arrays["ends"], arrays["states"]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return {}
    return dict(zip(texts, np.split(states, ends[:-1]), strict=True))


def _write(file: Path, known: dict[str, Stored]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(f".{os.getpid()}")
    with unfinished.open("wb") as out:
        np.savez(
            out,
            texts=np.frombuffer(json.dumps(list(known)).encode(), np.uint8),
            ends=np.cumsum([len(states) for states in known.values()]),
            states=np.concatenate(list(known.values())),
        )
    unfinished.replace(file)


def known_states(name: str, max_tokens: int) -> StateCache:
    """The states kept under a name, for messages cut after so many tokens."""
    # ONNX Runtime's releases differ in the last digits.
    file = f"{name}-{onnxruntime.__version__}-{max_tokens}.npz"
    return StateCache(cache_folder(training_cache()) / file)


def training_cache() -> Path:
    """Beside Rasa's own cache: what is in it can be made again at any time."""
    return Path(os.environ.get("RASA_CACHE_DIRECTORY", ".rasa/cache/rasa")).parent
