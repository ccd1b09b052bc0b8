"""Metrics on rankings made by hand, small enough to count out."""

from __future__ import annotations

import math

import pytest

from benchmarks._metrics import Prediction, accuracy, at_threshold, best_mcc, in_scope, percentile

OOS = "oos"
# Right and sure, right and less sure, wrong and unsure; outside: taken for a label, and known.
ROWS = [
    Prediction("hours", "hours", 0.90),
    Prediction("fees", "fees", 0.60),
    Prediction("fees", "hours", 0.30),
    Prediction(OOS, "hours", 0.40),
    Prediction(OOS, OOS, 0.80),
]


def test_accuracy_counts_the_first_label_at_any_confidence() -> None:
    assert accuracy(ROWS) == pytest.approx(3 / 5)
    assert accuracy(in_scope(ROWS, OOS)) == pytest.approx(2 / 3)


def test_accuracy_of_nothing_is_unknown() -> None:
    assert accuracy([]) is None


def test_every_row_is_in_scope_without_an_out_of_scope_label() -> None:
    assert in_scope(ROWS, None) == ROWS


def test_a_confidence_equal_to_the_threshold_is_kept() -> None:
    assert at_threshold(ROWS, 0.6, OOS) == ["hours", "fees", OOS, OOS, OOS]
    assert at_threshold(ROWS, 0.61, OOS) == ["hours", OOS, OOS, OOS, OOS]


def test_no_ranking_means_turned_away_at_every_threshold() -> None:
    assert at_threshold([Prediction("hours", None, 0.0)], 0.02, OOS) == [OOS]


def test_best_mcc_is_the_lowest_threshold_of_the_best() -> None:
    best = best_mcc(ROWS, OOS)
    # From 0.41 on the outside question is turned away; above 0.60 a right answer would be lost.
    assert best.threshold == pytest.approx(0.41)
    assert best.oos_recall == 1.0
    assert best.inscope_accuracy == pytest.approx(2 / 3)


def test_mcc_is_the_multi_class_correlation() -> None:
    # Predicted at 0.41: hours, fees, oos, oos, oos; labels: hours, fees, fees, oos, oos.
    samples, right = 5, 4
    labelled, predicted = (1, 2, 2), (1, 1, 3)
    product = sum(a * b for a, b in zip(labelled, predicted, strict=True))
    spread = math.prod(samples**2 - sum(n * n for n in counts) for counts in (labelled, predicted))
    assert best_mcc(ROWS, OOS).mcc == pytest.approx((right * samples - product) / math.sqrt(spread))


def test_a_perfect_system_scores_one_at_the_first_threshold() -> None:
    best = best_mcc([Prediction(label, label, 0.5) for label in ("a", "b", OOS)], OOS)
    assert best.mcc == pytest.approx(1.0)
    assert best.threshold == pytest.approx(0.02)


def test_turning_away_never_counts_as_right_in_a_set_without_an_outside() -> None:
    rows = [Prediction("a", "a", 0.9), Prediction("b", "b", 0.1), Prediction("c", "a", 0.1)]
    best = best_mcc(rows, None)
    assert best.oos_recall is None
    assert best.threshold == pytest.approx(0.02)
    assert best.inscope_accuracy == pytest.approx(2 / 3)
    assert OOS not in at_threshold(rows, 0.5, None)


@pytest.mark.parametrize(("percent", "value"), [(0, 1.0), (50, 2.5), (100, 4.0)])
def test_percentiles_are_interpolated(percent: float, value: float) -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], percent) == value


def test_a_percentile_of_nothing_is_unknown() -> None:
    assert percentile([], 50) is None
