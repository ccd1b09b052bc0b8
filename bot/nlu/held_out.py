"""Which training examples calibration keeps aside: known from the labels alone, at any place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

# One in five of each label. Examples stand in the order people wrote them; every fifth is a
# fair draw, and the same one in the encoder and in the classifier.
ONE_IN = 5


def held_out(labels: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Marks every fifth example of each label; a label with fewer than five keeps them all.

    Args:
        labels: Label of each example, in the order of training.

    Returns:
        True for the examples kept aside.
    """
    seen: Counter[str] = Counter()
    marks = np.zeros(len(labels), bool)
    for index, label in enumerate(labels):
        seen[label] += 1
        marks[index] = seen[label] % ONE_IN == 0
    return marks
