"""Kernel ridge classification with exact leave-one-out scores.

One-vs-all least squares in a kernel space: ``alpha = (K + ridge I)^-1 Y`` (Rifkin, Yeo & Poggio,
"Regularized Least-Squares Classification", 2003). Its leave-one-out scores follow from the same
inverse, ``Y - alpha / diag((K + ridge I)^-1)``, so that calibration sees honest scores at no extra
training. Solved in closed form: the same data always gives the same model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dpotrf, dpotri

from bot.errors import SettingError

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]

_TEMPERATURES = np.exp(np.linspace(np.log(2.0), np.log(60.0), 60))


@dataclass(frozen=True)
class Fit:
    """What one closed-form fit gives.

    Attributes:
        alpha: Dual weights, examples x classes.
        held_out: Score of every example with itself left out, examples x classes.
    """

    alpha: Floats
    held_out: Floats


def fit(kernel: Floats, labels: Labels, classes: int, ridge: float) -> Fit:
    """Solves the least-squares problem.

    Args:
        kernel: Examples x examples, symmetric positive semi-definite.
        labels: Class index of each example.
        classes: How many classes there are.
        ridge: Added to the diagonal; more means smoother.
    """
    targets = np.zeros((len(labels), classes), np.float64)
    targets[np.arange(len(labels)), labels] = 1.0
    inverse = _inverse(kernel.astype(np.float64) + ridge * np.eye(len(labels)))
    alpha = inverse @ targets
    held_out = targets - alpha / np.diag(inverse)[:, None]
    return Fit(alpha.astype(np.float32), held_out.astype(np.float32))


def _inverse(matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Inverse of a symmetric positive definite matrix, by Cholesky: half the work of LU."""
    factor, failed = dpotrf(matrix, lower=1, clean=1)
    if failed:
        raise SettingError(
            "The classifier's kernel is not positive definite.",
            remedy="Raise `ridge` of KernelIntentClassifier in config.yml.",
        )
    lower, _ = dpotri(factor, lower=1, overwrite_c=1)
    inverse: npt.NDArray[np.float64] = lower + np.tril(lower, -1).T
    return inverse


def rbf(left: Floats, right: Floats, gamma: float) -> Floats:
    """Gaussian kernel of unit vectors, ``exp(gamma (cos - 1))``, left x right."""
    kernel: Floats = np.exp(gamma * (left @ right.T - 1.0)).astype(np.float32)
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
