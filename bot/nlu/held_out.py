"""Which training examples calibration keeps aside: known from the labels alone, at any place."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

# One in five of each label. Examples stand in the order people wrote them; every fifth is a
# fair draw, and the same one in the encoder and in the classifier.
ONE_IN = 5
# A temperature fitted with this many of the others known is the one fitted with all of them.
ENOUGH = 4000

Indices = npt.NDArray[np.int64]


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


def calibration_sample(labels: Sequence[str], enough: int = ENOUGH) -> tuple[Indices, Indices]:
    """What a temperature is fitted on: examples that are known, and those kept aside.

    Args:
        labels: Label of each example, in the order of training.
        enough: About how many known ones are taken, evenly from every label; at least one of each.

    Returns:
        Indices of the known examples and of those kept aside, each ascending.
    """
    aside = held_out(labels)
    share = min(1.0, enough / max(1, len(labels) - int(aside.sum())))
    seen: Counter[str] = Counter()
    known = []
    for index in np.flatnonzero(~aside):
        count = seen[labels[index]]
        if math.ceil((count + 1) * share) > math.ceil(count * share):
            known.append(index)
        seen[labels[index]] += 1
    return np.array(known, np.int64), np.flatnonzero(aside)
