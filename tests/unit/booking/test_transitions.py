from __future__ import annotations

from itertools import product

import pytest

from bot.booking.model import LIVE, Status
from bot.booking.transitions import (
    PATIENT,
    SYSTEM,
    TRANSITIONS,
    Actor,
    IllegalTransition,
    check,
    staff,
)

KIM = staff("Kim")
ACTORS = (PATIENT, KIM, SYSTEM)
# Written out once more, by hand: from, to, and the first letters of who may (p, s, y for system).
ALLOWED = """
received seen s
received proposed s
received confirmed s
received declined s
received cancelled ps
received expired y
seen proposed s
seen confirmed s
seen declined s
seen cancelled ps
seen expired y
proposed proposed s
proposed confirmed ps
proposed declined s
proposed cancelled ps
proposed expired y
confirmed confirmed s
confirmed cancelled ps
"""
LETTERS = {"patient": "p", "staff": "s", "system": "y"}


def _allowed() -> set[tuple[Status, Status, str]]:
    rows = (line.split() for line in ALLOWED.split("\n") if line)
    return {(Status(old), Status(new), letter) for old, new, who in rows for letter in who}


@pytest.mark.parametrize(("old", "new", "by"), product(Status, Status, ACTORS))
def test_the_table_is_as_it_was_agreed(old: Status, new: Status, by: Actor) -> None:
    if (old, new, LETTERS[by.role]) in _allowed():
        check(old, new, by)
        return
    with pytest.raises(IllegalTransition) as caught:
        check(old, new, by)
    assert old.value in caught.value.message
    assert new.value in caught.value.message
    assert caught.value.status == 409


def test_every_status_is_in_the_table_and_what_has_ended_stays_ended() -> None:
    assert set(TRANSITIONS) == set(Status)
    assert {status for status, following in TRANSITIONS.items() if following} == LIVE


@pytest.mark.parametrize("status", sorted(LIVE))
def test_a_patient_may_cancel_whatever_is_live(status: Status) -> None:
    check(status, Status.CANCELLED, PATIENT)


@pytest.mark.parametrize("name", ["", "  "])
def test_staff_have_a_name(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        staff(name)


def test_actors_are_written_plainly() -> None:
    assert [str(actor) for actor in ACTORS] == ["patient", "staff:Kim", "system"]
