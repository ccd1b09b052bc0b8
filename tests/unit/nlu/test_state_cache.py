from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.encoder import Vectors
from bot.nlu.state_cache import StateCache


class Computing:
    """Gives states that tell the text, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, texts: list[str]) -> list[Vectors]:
        self.asked.append(texts)
        return [np.full((len(text) + 1, 4), len(text) / 3, np.float32) for text in texts]


def test_each_text_is_computed_once(tmp_path: Path) -> None:
    compute, file = Computing(), tmp_path / "deep" / "states.npz"
    first = StateCache(file).states(["a", "bb", "a", ""], compute)
    assert compute.asked == [["a", "bb", ""]]
    assert [len(states) for states in first] == [2, 3, 2, 1]
    again = StateCache(file).states(["bb", "", "a"], compute)
    assert len(compute.asked) == 1
    for states, same in zip(again, (first[1], first[3], first[0]), strict=True):
        np.testing.assert_array_equal(states, same)


def test_only_what_is_new_is_computed_and_what_is_gone_is_forgotten(tmp_path: Path) -> None:
    compute, file = Computing(), tmp_path / "states.npz"
    StateCache(file).states(["old", "kept"], compute)
    StateCache(file).states(["kept", "new \x00 疼"], compute)
    StateCache(file).states(["old", "kept", "new \x00 疼"], compute)
    assert compute.asked == [["old", "kept"], ["new \x00 疼"], ["old"]]


def test_states_are_rounded_alike_whether_computed_or_read(tmp_path: Path) -> None:
    compute = Computing()
    (states,) = StateCache(tmp_path / "states.npz").states(["a"], compute)
    assert states.dtype == np.float32
    np.testing.assert_array_equal(states, np.float32(np.float16(1 / 3)))


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04 broken"])
def test_a_spoilt_file_is_made_again(tmp_path: Path, content: bytes) -> None:
    compute, file = Computing(), tmp_path / "states.npz"
    file.write_bytes(content)
    StateCache(file).states(["a"], compute)
    StateCache(file).states(["a"], compute)
    assert compute.asked == [["a"]]
    assert [path.name for path in tmp_path.iterdir()] == ["states.npz"]
