from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.kernel_graph import LARGEST, KernelGraph, export, rounded
from bot.nlu.kernel_ridge import Floats, rbf

GAMMA = 3.0


def _unit(rows: int, width: int, seed: int) -> Floats:
    drawn = np.random.default_rng(seed).normal(size=(rows, width)).astype(np.float32)
    unit: Floats = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit


@pytest.mark.parametrize("size", [1.0, 1e-3, 50.0])
def test_a_rounded_row_is_off_by_half_a_step_at_most(size: float) -> None:
    vectors = _unit(20, 64, seed=0) * np.float32(size)
    points = rounded(vectors)
    assert points.whole.dtype == np.int8
    assert np.abs(points.whole).max() == LARGEST
    steps = np.abs(vectors).max(axis=1, keepdims=True) / LARGEST
    assert (np.abs(points.floats() - vectors) <= steps * 0.501).all()


def test_a_row_of_nothing_stays_nothing() -> None:
    assert not rounded(np.zeros((1, 8), np.float32)).floats().any()


def test_the_graph_says_what_the_kernel_says() -> None:
    vectors, axes = _unit(300, 96, seed=1), np.eye(96, 64, dtype=np.float32)
    points = rounded(vectors @ axes)
    alpha = np.random.default_rng(2).normal(size=(300, 5)).astype(np.float32)
    graph = KernelGraph(export(axes, points, alpha, GAMMA))
    asked = _unit(7, 96, seed=3)
    expected = rbf(asked @ axes, points.floats(), GAMMA) @ alpha
    scores = graph.scores(asked)
    assert scores.shape == (7, 5)
    np.testing.assert_allclose(scores, expected, atol=0.01 * np.abs(expected).max())


def test_a_message_scores_the_same_in_any_company() -> None:
    points = rounded(_unit(50, 32, seed=4))
    graph = KernelGraph(
        export(np.eye(32, dtype=np.float32), points, np.eye(50, 4, dtype=np.float32), GAMMA)
    )
    asked = _unit(3, 32, seed=5)
    asked[1] *= 40.0
    np.testing.assert_array_equal(graph.scores(asked)[:1], graph.scores(asked[:1]))
