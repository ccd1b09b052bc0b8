from __future__ import annotations

from pathlib import Path

import numpy as np

from bot.nlu.centre import centre
from bot.nlu.encoder import (
    HEADS,
    MIDDLE,
    TOKENIZER_FILE,
    WIDTH,
    Encoder,
    convert,
    installed_weights,
    official_weights,
)


def test_the_centre_is_the_same_every_time() -> None:
    folder = installed_weights()
    weights = official_weights(folder)
    first, second = (centre(weights, folder / TOKENIZER_FILE, MIDDLE, HEADS) for _ in range(2))
    assert first.shape == (WIDTH,)
    np.testing.assert_array_equal(first, second)


def test_less_the_centre_unlike_messages_are_unlike(tmp_path: Path) -> None:
    texts = ["does it hurt", "where can i park", "my son is nine", "is it covered by my plan"]
    convert(installed_weights(), tmp_path)
    middle = np.stack([states[0] for states in Encoder(tmp_path).states(texts)])
    np.testing.assert_allclose(np.linalg.norm(middle, axis=1), 1.0, atol=1e-5)
    cosines = middle @ middle.T
    others = cosines[~np.eye(len(texts), dtype=bool)]
    assert abs(float(others.mean())) < 0.3
