from __future__ import annotations

import numpy as np
import pytest

from bot.errors import SettingError
from bot.nlu.kernel_ridge import Floats, Labels, Solver, calibrate, rbf, softmax

RIDGE = 0.1


def _examples(count: int = 24, classes: int = 3) -> tuple[Floats, Labels]:
    generator = np.random.default_rng(0)
    labels = np.arange(count, dtype=np.int64) % classes
    vectors = generator.normal(size=(count, 8)) + 3 * np.eye(classes, 8)[labels]
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit.astype(np.float32), labels


def test_the_kernel_is_one_for_the_same_and_less_for_others() -> None:
    vectors, _ = _examples()
    kernel = rbf(vectors, vectors, 3.0)
    assert kernel.shape == (24, 24)
    np.testing.assert_allclose(np.diag(kernel), 1.0, atol=1e-5)
    np.testing.assert_allclose(kernel, kernel.T, atol=1e-6)
    assert kernel.min() >= np.exp(-6.0) - 1e-6
    opposite = rbf(vectors[:1], -vectors[:1], 3.0)
    np.testing.assert_allclose(opposite, np.exp(-6.0), rtol=1e-4)


def test_the_weights_solve_the_equations() -> None:
    vectors, labels = _examples()
    kernel = rbf(vectors, vectors, 3.0)
    alpha = Solver(kernel.copy(), RIDGE).fit(labels, 3)
    exact = np.linalg.solve(kernel.astype(np.float64) + RIDGE * np.eye(24), np.eye(3)[labels])
    np.testing.assert_allclose(alpha, exact, atol=1e-5)


def test_the_ridge_is_added_to_the_diagonal_in_place_and_nothing_else() -> None:
    vectors, _ = _examples()
    kernel = rbf(vectors, vectors, 3.0)
    expected = kernel + RIDGE * np.eye(24, dtype=np.float32)
    Solver(kernel, RIDGE)
    np.testing.assert_array_equal(kernel, expected.astype(np.float32))


def test_the_first_examples_alone_are_fitted_as_if_there_were_no_others() -> None:
    vectors, labels = _examples()
    kernel = rbf(vectors, vectors, 3.0)
    alone = Solver(kernel[:15, :15].copy(), RIDGE).fit(labels[:15], 3)
    np.testing.assert_allclose(Solver(kernel, RIDGE).fit(labels[:15], 3), alone, atol=1e-5)


def test_separate_classes_are_told_apart() -> None:
    vectors, labels = _examples(48)
    seen, unseen = slice(0, 24), slice(24, 48)
    alpha = Solver(rbf(vectors[seen], vectors[seen], 3.0), RIDGE).fit(labels[seen], 3)
    scores = rbf(vectors[unseen], vectors[seen], 3.0) @ alpha
    assert (scores.argmax(axis=1) == labels[unseen]).mean() > 0.9


def test_a_kernel_that_cannot_be_solved_names_the_option() -> None:
    with pytest.raises(SettingError, match="positive definite"):
        Solver(-np.eye(4, dtype=np.float32), RIDGE)


def test_probabilities_add_up_and_do_not_overflow() -> None:
    scores = np.array([[1.0, 0.5, 0.0], [1e4, -1e4, 0.0]], np.float32)
    probabilities = softmax(scores, 20.0)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, rtol=1e-6)
    assert np.isfinite(probabilities).all()
    assert probabilities[0].argmax() == 0
    assert softmax(scores, 5.0)[0, 0] < probabilities[0, 0]


def _temperature(wrong: float) -> float:
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 4, size=400)
    others = generator.integers(0, 4, size=400)
    shown = np.where(generator.random(400) < wrong, others, labels)
    return calibrate(np.eye(4, dtype=np.float32)[shown], labels)


def test_scores_that_are_often_wrong_are_trusted_less() -> None:
    assert _temperature(0.0) > _temperature(0.1) > _temperature(0.5)
