"""The middle vector of a message: what the encoder says before its last layers are adapted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bot.nlu.encoder import WIDTH, Encoder, Vectors, convert_once, installed_weights
from bot.nlu.state_cache import known_states, training_cache
from bot.nlu.text import normalise


def middle_vectors(
    texts: Sequence[str], weights_dir: str | None = None, max_tokens: int = 128
) -> Vectors:
    """The middle vectors of messages, for whoever trains on messages of its own.

    They are what ``middle_half`` finds in the vector of a message, up to rounding.

    Args:
        texts: Messages as patients write them.
        weights_dir: As in the component's config.
        max_tokens: As in the component's config.

    Returns:
        float32 array, texts x 384, each row of length 1.
    """
    weights = Path(weights_dir) if weights_dir else installed_weights()

    def encode(missing: list[str]) -> list[Vectors]:
        with TemporaryDirectory() as target:
            convert_once(weights, Path(target), training_cache())
            return [states[:1] for states in Encoder(Path(target), max_tokens).states(missing)]

    known = known_states("middle-own", max_tokens)
    return np.concatenate(known.states([normalise(text) for text in texts], encode))


def middle_half(vector: Vectors) -> Vectors:
    """The middle vector's part of a sentence vector, made a unit vector again."""
    half = vector[-WIDTH:]
    unit: Vectors = half / np.float32(max(float(np.linalg.norm(half)), 1e-12))
    return unit
