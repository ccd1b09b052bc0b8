"""What a ranking of intents is worth: accuracy, Matthews correlation, percentiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import matthews_corrcoef

# Confidences below which a prediction is read as "none of these".
THRESHOLDS = tuple(percent / 100 for percent in range(2, 99))
# No label of any file: stands for "below the threshold" when a set has no label of its own for it.
NO_LABEL = "\0below the threshold"


@dataclass(frozen=True)
class Prediction:
    """One test row.

    Attributes:
        label: The right label.
        predicted: The label ranked first; None when there was no ranking.
        confidence: Its confidence, 0 to 1.
    """

    label: str
    predicted: str | None
    confidence: float


@dataclass(frozen=True)
class BestMcc:
    """The threshold at which the Matthews correlation is highest, and what it costs there.

    Attributes:
        mcc: Multi-class Matthews correlation with the out-of-scope label as a class.
        threshold: The lowest of the thresholds that reach it.
        oos_recall: Share of out-of-scope rows that were turned away; None without such rows.
        inscope_accuracy: Share of in-scope rows still answered rightly; None without such rows.
    """

    mcc: float
    threshold: float
    oos_recall: float | None
    inscope_accuracy: float | None


def accuracy(rows: Sequence[Prediction]) -> float | None:
    """Share of rows whose first label is right, at any confidence; None without rows."""
    return _share([row.predicted == row.label for row in rows])


def in_scope(rows: Sequence[Prediction], oos_label: str | None) -> list[Prediction]:
    """The rows whose right label is not the out-of-scope label."""
    return [row for row in rows if row.label != oos_label]


def best_mcc(rows: Sequence[Prediction], oos_label: str | None) -> BestMcc:
    """Scans the thresholds 0.02 to 0.98 in steps of 0.01.

    Args:
        rows: At least one.
        oos_label: The label for "none of these"; None when the set has none.
    """
    labels = [row.label for row in rows]
    scored = [
        (matthews_corrcoef(labels, at_threshold(rows, threshold, oos_label)), threshold)
        for threshold in THRESHOLDS
    ]
    mcc, threshold = max(scored, key=lambda pair: (pair[0], -pair[1]))
    predicted = at_threshold(rows, threshold, oos_label)
    right = [row.label == label for row, label in zip(rows, predicted, strict=True)]
    outside = [row.label == oos_label for row in rows]
    return BestMcc(
        mcc=float(mcc),
        threshold=threshold,
        oos_recall=_share([hit for hit, out in zip(right, outside, strict=True) if out]),
        inscope_accuracy=_share([hit for hit, out in zip(right, outside, strict=True) if not out]),
    )


def at_threshold(rows: Sequence[Prediction], threshold: float, oos_label: str | None) -> list[str]:
    """The labels when everything less confident than the threshold is turned away."""
    away = NO_LABEL if oos_label is None else oos_label
    return [
        row.predicted if row.predicted is not None and row.confidence >= threshold else away
        for row in rows
    ]


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The percentile, linearly interpolated, to 2 decimals; None without values."""
    return round(float(np.percentile(values, percent)), 2) if values else None


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None
