"""Thousands of made-up turns put out no sentence that nobody approved."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, seed, settings

from faults.clinic import Clinic
from faults.messages import TURNS, Step, talks

# All of them in CI; fewer where somebody waits.
FEW, ALL = 600, 5_000
WANTED = int(os.environ.get("FUZZ_TURNS") or (ALL if os.environ.get("CI") == "true" else FEW))
# The same messages every time, unless another seed is asked for.
SEED = os.environ.get("FUZZ_SEED")
# What such a run must have reached, or it says little.
REACHED = {
    "a reference",
    "booking/request",
    "booking/status",
    "clinic/fees",
    "faq/does_it_hurt",
    "handoff/human",
    "other/out_of_scope",
    "safety/crisis",
    "safety/emergency",
    "safety/urgent",
}


def test_every_sentence_of_many_turns_is_approved(clinic: Clinic) -> None:
    turns = clinic.turns

    @settings(
        max_examples=-(-WANTED // TURNS),
        deadline=None,
        database=None,
        derandomize=SEED is None,
        suppress_health_check=list(HealthCheck),
    )
    @given(talks())
    def fuzz(steps: list[Step]) -> None:
        clinic.hear(steps)

    (fuzz if SEED is None else seed(int(SEED))(fuzz))()
    assert clinic.turns - turns >= WANTED
    assert clinic.heard >= REACHED


def test_one_word_that_nobody_approved_is_found(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = clinic.library._cards
    card = cards["clinic/fees"]
    clinic.hear([Step(0, "how much is a visit")])
    monkeypatch.setitem(cards, card.id, card.copy(update={"web": f"{card.web}\nIt always helps."}))
    with pytest.raises(AssertionError, match=r"not approved: 'It always helps\.'"):
        clinic.hear([Step(0, "how much is a visit")])


def test_an_apology_for_nothing_is_found(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    # The turn itself hides the error, as it should.
    monkeypatch.delitem(clinic.library._cards, "handoff/human")
    monkeypatch.delitem(clinic.library._cards, "clinic/fees")
    with pytest.raises(AssertionError, match="an apology though nothing is broken"):
        clinic.hear([Step(0, "how much is a visit")])
