"""Groups messages that ask the same. Pure functions; the same messages give the same groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.cluster import AgglomerativeClustering

from bot.figures.asked import SMALLEST, Asked, Wording
from bot.nlu.encoder import Vectors

# How unlike messages of one group are on average: 0 the same, 1 nothing in common.
APART = 0.45


def groups_of(asked: Sequence[Wording], vectors: Vectors) -> list[list[Asked]]:
    """Messages that mean much the same, the largest group first, the most central message first.

    Args:
        asked: Different wordings.
        vectors: Of each one row of length 1.
    """
    # One wording is like no other.
    labels = _compared(vectors) if len(asked) > 1 else [0] * len(asked)
    found: dict[int, list[int]] = {}
    for index, label in enumerate(labels):
        found.setdefault(label, []).append(index)
    ordered = [_central_first(asked, vectors, members) for members in found.values()]
    large = [group for group in ordered if len(group) >= SMALLEST]
    return sorted(large, key=lambda group: (-len(group), -group[0].inbox_id))


def _compared(vectors: Vectors) -> list[int]:
    """Average linkage: a chain of likenesses does not make one group of all."""
    clustering = AgglomerativeClustering(
        n_clusters=None, affinity="cosine", linkage="average", distance_threshold=APART
    )
    return [int(label) for label in clustering.fit_predict(vectors.astype(np.float64))]


def _central_first(
    asked: Sequence[Wording], vectors: Vectors, members: Sequence[int]
) -> list[Asked]:
    """What is said often pulls the centre to itself; of equals the newer comes first."""
    weights = np.array([len(asked[index].messages) for index in members], np.float64)
    rows = vectors[list(members)].astype(np.float64)
    likeness = rows @ (weights @ rows / weights.sum())
    # Rounded, so that the last bits of a sum settle nothing.
    order = sorted(
        range(len(members)),
        key=lambda n: (-round(float(likeness[n]), 6), -asked[members[n]].messages[0].inbox_id),
    )
    # The different wordings come first: the same words twice tell a reader nothing.
    firsts = [asked[members[n]].messages[0] for n in order]
    return [*firsts, *(more for n in order for more in asked[members[n]].messages[1:])]
