"""Kernel ridge classification.

One-vs-all least squares in a kernel space: ``alpha = (K + ridge I)^-1 Y`` (Rifkin, Yeo & Poggio,
"Regularized Least-Squares Classification", 2003). Solved in closed form: the same data always
gives the same model.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import spotrf, spotrs

from bot.errors import SettingError

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]

_TEMPERATURES = np.exp(np.linspace(np.log(2.0), np.log(60.0), 60))
# Single precision halves the time; a step of refinement gives back what it loses.
_REFINEMENTS = 1
# The rows of a kernel that are made together: they stay in the processor's cache meanwhile.
_ROWS = 128


class Solver:
    """Solves the least-squares problem for a kernel, or for its first examples alone.

    The factor of a kernel's leading block is the leading block of its factor: whoever needs both
    a fit on most examples and one on all pays for one.
    """

    def __init__(self, kernel: Floats, ridge: float) -> None:
        """Factorises ``kernel + ridge I``.

        Args:
            kernel: Examples x examples, symmetric positive semi-definite. The ridge is added to it
                in place, and it is kept: it may be hundreds of megabytes.
            ridge: Added to the diagonal; more means smoother.

        Raises:
            SettingError: when the ridge is too small for the kernel.
        """
        kernel[np.diag_indices(len(kernel))] += np.float32(ridge)
        self._matrix = kernel
        # Symmetric, so its transpose is the same matrix in the order LAPACK reads.
        self._factor, failed = spotrf(kernel.T, lower=1, clean=0)
        if failed:
            raise SettingError(
                "The classifier's kernel is not positive definite.",
                remedy="Raise `ridge` of KernelIntentClassifier in config.yml.",
            )

    def fit(self, labels: Labels, classes: int) -> Floats:
        """Dual weights, examples x classes.

        Args:
            labels: Class index of each of the first examples, or of all.
            classes: How many classes there are.
        """
        count = len(labels)
        targets = np.zeros((count, classes), np.float32)
        targets[np.arange(count), labels] = 1.0
        matrix = self._matrix[:count, :count]
        factor = np.asfortranarray(self._factor[:count, :count])
        alpha, _ = spotrs(factor, targets, lower=1)
        for _ in range(_REFINEMENTS):
            missing, _ = spotrs(factor, targets - matrix @ alpha, lower=1)
            alpha = alpha + missing
        solved: Floats = np.ascontiguousarray(alpha, np.float32)
        return solved


def rbf(left: Floats, right: Floats, gamma: float) -> Floats:
    """Gaussian kernel of unit vectors, ``exp(gamma (cos - 1))``, left x right."""
    kernel = np.empty((len(left), len(right)), np.float32)
    columns = np.ascontiguousarray(right.T, np.float32)

    def fill(start: int) -> None:
        rows = kernel[start : start + _ROWS]
        np.matmul(left[start : start + _ROWS], columns, out=rows)
        rows -= np.float32(1.0)
        rows *= np.float32(gamma)
        np.exp(rows, out=rows)

    # NumPy releases the interpreter while it computes.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(fill, range(0, len(left), _ROWS)))
    return kernel


def softmax(scores: Floats, temperature: float) -> Floats:
    """Probabilities over the last axis of ``temperature * scores``."""
    shifted = temperature * (scores - scores.max(axis=-1, keepdims=True))
    exponentials = np.exp(shifted)
    probabilities: Floats = exponentials / exponentials.sum(axis=-1, keepdims=True)
    return probabilities


def calibrate(held_out: Floats, labels: Labels) -> float:
    """The temperature that gives held-out scores the least log loss (Guo et al., 2017)."""

    def log_loss(temperature: float) -> float:
        chosen = softmax(held_out, temperature)[np.arange(len(labels)), labels]
        return float(-np.log(np.maximum(chosen, 1e-12)).mean())

    return float(min(_TEMPERATURES, key=log_loss))
