"""The second opinion's own copy of the encoder's last layers, adapted to red flags.

It depends on the learned messages alone, changes seldom and takes minutes to make, so it lies
beside them; ``python -m bot.learning.red_flag_layers`` makes it anew. Every training reads it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import yaml

from bot.errors import SettingError
from bot.nlu.encoder import Encoder, Pooling, Vectors, convert_once, installed_weights
from bot.nlu.state_cache import known_states, training_cache
from bot.nlu.text import normalise

LAYERS_FILE = "layers.int8.onnx"
# Says which file belongs here and how it was made.
RECORD_FILE = "layers.yml"
# How much the middle vector counts in the likeness of two messages.
MIDDLE_SHARE = 0.5
# The states of so many messages are in memory at a time.
_AT_ONCE = 512

_REMEDY = "Restore both files, or make them: python -m bot.learning.red_flag_layers."


class RedFlagLayers:
    """Vectors in which red flags lie apart; safe to share between threads."""

    def __init__(self, graph: Path) -> None:
        """Loads the layers.

        Args:
            graph: The layers alone, without the record beside them.
        """
        self._pooling = Pooling(graph)

    def vectors(self, states: Sequence[Vectors]) -> Vectors:
        """One vector for each message.

        Args:
            states: For each message what ``Encoder.states`` gives, (1 + tokens) x 384.

        Returns:
            float32 array, messages x 768, each row of length 1: adapted, then middle vector.
        """
        adapted = self._pooling.pool(states) * np.float32((1.0 - MIDDLE_SHARE) ** 0.5)
        middle = np.stack([state[0] for state in states]) * np.float32(MIDDLE_SHARE**0.5)
        joined: Vectors = np.hstack([adapted, middle])
        return joined


def checked_layers(folder: Path) -> Path:
    """The file of the layers, once it is known to be the one that its record names.

    Args:
        folder: Holds both.

    Raises:
        SettingError: names the file that is missing or another, and the remedy.
    """
    graph = folder / LAYERS_FILE
    try:
        named = yaml.safe_load((folder / RECORD_FILE).read_text(encoding="utf-8"))["sha256"]
        found = hashlib.sha256(graph.read_bytes()).hexdigest()
    except FileNotFoundError as error:
        raise SettingError(f"{error.filename} is missing.", remedy=_REMEDY) from None
    except (yaml.YAMLError, KeyError, TypeError):
        raise SettingError(f"{folder / RECORD_FILE} has no `sha256`.", remedy=_REMEDY) from None
    if named != found:
        raise SettingError(f"{graph} is not the file that {RECORD_FILE} names.", remedy=_REMEDY)
    return graph


def red_flag_vectors(
    texts: Sequence[str], graph: Path, weights_dir: str | None = None, max_tokens: int = 128
) -> Vectors:
    """The vectors of messages to train on, kept on disk from one training to the next.

    Args:
        texts: Messages as patients write them.
        graph: The layers.
        weights_dir: As in the component's config.
        max_tokens: As in the component's config.

    Returns:
        As ``RedFlagLayers.vectors``, up to rounding.
    """
    weights = Path(weights_dir) if weights_dir else installed_weights()
    digest = hashlib.sha256(graph.read_bytes()).hexdigest()[:12]

    def compute(missing: list[str]) -> list[Vectors]:
        layers, done = RedFlagLayers(graph), list[Vectors]()
        with TemporaryDirectory() as target:
            convert_once(weights, Path(target), training_cache())
            encoder = Encoder(Path(target), max_tokens)
            for start in range(0, len(missing), _AT_ONCE):
                states = encoder.states(missing[start : start + _AT_ONCE])
                done += list(layers.vectors(states)[:, None, :])
        return done

    known = known_states(f"red-flags-{digest}", max_tokens)
    return np.concatenate(known.states([normalise(text) for text in texts], compute))
