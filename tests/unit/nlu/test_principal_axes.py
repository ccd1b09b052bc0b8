from __future__ import annotations

import numpy as np

from bot.nlu.principal_axes import principal_axes


def test_axes_are_orthonormal_and_the_most_important_comes_first() -> None:
    draw = np.random.default_rng(0)
    spread = np.array([1.0, 9.0, 0.1, 4.0])
    vectors = (draw.normal(size=(200, 4)) * spread).astype(np.float32)
    axes = principal_axes(vectors, 2)
    assert axes.shape == (4, 2)
    np.testing.assert_allclose(axes.T @ axes, np.eye(2), atol=1e-5)
    assert [int(np.abs(column).argmax()) for column in axes.T] == [1, 3]


def test_products_survive_when_the_vectors_lie_in_few_directions() -> None:
    draw = np.random.default_rng(1)
    vectors = (draw.normal(size=(30, 3)) @ draw.normal(size=(3, 20))).astype(np.float32)
    projected = vectors @ principal_axes(vectors, 3)
    np.testing.assert_allclose(projected @ projected.T, vectors @ vectors.T, rtol=1e-3, atol=1e-3)


def test_narrow_vectors_are_left_as_they_are() -> None:
    vectors = np.eye(3, 5, dtype=np.float32)
    np.testing.assert_array_equal(principal_axes(vectors, 5), np.eye(5))
