from __future__ import annotations

from collections import Counter

import numpy as np

from bot.nlu.held_out import calibration_sample, held_out


def test_every_fifth_of_each_label_is_kept_aside() -> None:
    labels = ["a", "b"] * 10 + ["c"] * 4
    marks = held_out(labels)
    assert [label for label, mark in zip(labels, marks, strict=True) if mark] == list("abab")
    assert list(marks[:10]) == [False] * 8 + [True] * 2


def test_a_label_with_fewer_than_five_keeps_all() -> None:
    assert not held_out(["a"] * 4 + ["b"] * 3).any()
    assert held_out([]).shape == (0,)


def test_a_temperature_is_fitted_on_an_even_share_of_every_label() -> None:
    labels = ["a", "b"] * 50 + ["c"] * 5 + ["d"]
    known, aside = calibration_sample(labels, enough=21)
    assert Counter(labels[i] for i in known) == {"a": 10, "b": 10, "c": 1, "d": 1}
    assert aside.tolist() == np.flatnonzero(held_out(labels)).tolist()
    assert not set(known) & set(aside)


def test_few_examples_are_all_used_for_a_temperature() -> None:
    labels = ["a", "b"] * 10 + ["c"]
    known, aside = calibration_sample(labels)
    assert sorted([*known, *aside]) == list(range(21))
    assert [len(indices) for indices in calibration_sample([])] == [0, 0]
