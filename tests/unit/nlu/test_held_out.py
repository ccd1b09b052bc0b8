from __future__ import annotations

from bot.nlu.held_out import held_out


def test_every_fifth_of_each_label_is_kept_aside() -> None:
    labels = ["a", "b"] * 10 + ["c"] * 4
    marks = held_out(labels)
    assert [label for label, mark in zip(labels, marks, strict=True) if mark] == list("abab")
    assert list(marks[:10]) == [False] * 8 + [True] * 2


def test_a_label_with_fewer_than_five_keeps_all() -> None:
    assert not held_out(["a"] * 4 + ["b"] * 3).any()
    assert held_out([]).shape == (0,)
