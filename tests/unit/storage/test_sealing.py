"""What a seal promises, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.storage.sealing import (
    CLEAR,
    SEALED,
    DataKeyMissing,
    DataKeysUnset,
    KeyRing,
    SealedValueBroken,
)

OLD, NEW = "an old secret of these tests: 90ab", "a new secret of these tests: 17cd"
PLACE = "inbox.text"
RING = KeyRing([NEW, OLD])


@given(st.text(st.characters(blacklist_categories=["Cs"])))
def test_whatever_a_patient_writes_comes_back(text: str) -> None:
    assert RING.open(PLACE, RING.seal(PLACE, text)) == text


@pytest.mark.parametrize(
    "text",
    [SEALED, CLEAR, f"{SEALED}0011223344556677:AAAA", f"{CLEAR}x", RING.seal(PLACE, "secret")],
    ids=["a mark", "the other mark", "a mark and more", "a mark and a text", "a sealed text"],
)
def test_a_text_that_looks_sealed_is_a_text(text: str) -> None:
    sealed = RING.seal(PLACE, text)
    assert sealed.startswith(RING.newest.prefix)
    assert RING.open(PLACE, sealed) == text


def test_a_sealed_value_shows_nothing_and_is_never_the_same_twice() -> None:
    one, other = (RING.seal(PLACE, "my lower back") for _ in range(2))
    assert one != other
    assert "lower" not in one


@pytest.mark.parametrize("at", [0, 7, 11, 12, 20, -3])
def test_a_changed_value_does_not_open(at: int) -> None:
    prefix, body = RING.newest.prefix, RING.seal(PLACE, "my lower back")[len(RING.newest.prefix) :]
    other = "A" if body[at] != "A" else "B"
    changed = body[:at] + other + (body[at + 1 :] if at != -1 else "")
    with pytest.raises(SealedValueBroken, match=r"inbox\.text"):
        RING.open(PLACE, prefix + changed)


@pytest.mark.parametrize("rest", ["", "AAAA", "no base64!", "é"])
def test_a_value_cut_off_does_not_open(rest: str) -> None:
    with pytest.raises(SealedValueBroken):
        RING.open(PLACE, RING.newest.prefix + rest)


def test_a_value_opens_at_its_own_place_alone() -> None:
    with pytest.raises(SealedValueBroken, match=r"bookings\.name"):
        RING.open("bookings.name", RING.seal("bookings.reason", "sore lower back"))


def test_a_wrong_key_is_named_with_the_remedy() -> None:
    sealed = KeyRing([OLD]).seal(PLACE, "hello")
    with pytest.raises(DataKeyMissing, match="DATA_KEYS") as caught:
        KeyRing([NEW]).open(PLACE, sealed)
    assert KeyRing([OLD]).newest.name in str(caught.value)
    assert OLD not in str(caught.value)


def test_the_first_key_seals_and_all_open() -> None:
    assert RING.open(PLACE, KeyRing([OLD]).seal(PLACE, "before")) == "before"
    assert KeyRing([NEW]).open(PLACE, RING.seal(PLACE, "after")) == "after"


def test_without_a_key_nothing_is_sealed_and_the_settings_are_named() -> None:
    with pytest.raises(DataKeysUnset, match="SECRET_KEY"):
        KeyRing().seal(PLACE, "hello")
    with pytest.raises(DataKeyMissing, match="DATA_KEYS"):
        KeyRing().open(PLACE, RING.seal(PLACE, "hello"))


def test_what_is_from_before_is_read_as_it_is() -> None:
    assert RING.open(PLACE, "does it hurt?") == "does it hurt?"
    assert RING.open(PLACE, f"{CLEAR}{SEALED}x") == f"{SEALED}x"


def test_marks_find_equals_of_one_place_under_one_key() -> None:
    mark = RING.mark("bookings.email", "Sam@Example.org")
    assert mark == RING.mark("bookings.email", "sam@example.org")
    assert mark != RING.mark("bookings.phone", "sam@example.org")
    assert mark != RING.mark("bookings.email", "sam@example.org", 1)
    assert RING.mark("bookings.email", "x", 1) == KeyRing([OLD]).mark("bookings.email", "x")
    assert RING.mark("bookings.email", "x", 5) == RING.mark("bookings.email", "x", 1)
