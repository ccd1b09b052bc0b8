"""The few directions in which the sentence vectors differ; the rest only costs time.

Half of the 768 numbers of an adapted encoder's vector hold nearly all that tells messages apart.
The axes are the leading eigenvectors of the second-moment matrix: the projection on them keeps the
products of vectors, which the kernel is made of, best in the least-squares sense (Eckart & Young,
1936).
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import eigh

from bot.nlu.kernel_ridge import Floats


def principal_axes(vectors: Floats, most: int) -> Floats:
    """The leading axes of vectors about the origin.

    Args:
        vectors: Examples x width.
        most: How many axes at most.

    Returns:
        Width x axes, columns orthonormal, the most important first; the identity when the vectors
        are no wider than ``most``.
    """
    width = vectors.shape[1]
    if width <= most:
        return np.eye(width, dtype=np.float32)
    moments = (vectors.T @ vectors).astype(np.float64)
    _, axes = eigh(moments, subset_by_index=(width - most, width - 1))
    ordered: Floats = np.ascontiguousarray(axes[:, ::-1], np.float32)
    return ordered
