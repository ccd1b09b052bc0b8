"""What every format must do: one file in ``bot/booking/formats``, held to all of this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.booking import Booking, Status
from bot.booking.formats import FORMATS, format_of
from bot.booking.ports import BookingFormat
from bot.content import ClinicProfile

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=timezone.utc)
BARE = ClinicProfile(name="Clinic", phone="780-555-0142")
BOOKING = Booking(
    name="Sam",
    reason="lower back",
    preferred="friday (Friday 27 November 2026)",
    visit="first",
    consent=True,
    phone="+17805550199",
    reference="B7K-3QD",
    conversation_id="web:not-for-anybody-else",
    channel="web",
    status=Status.RECEIVED,
    created_at=NOW,
    updated_at=NOW,
    starts_at=NOW + timedelta(days=3),
    minutes=45,
)
# What a database can hold.
WORDS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1)
BOOKINGS = st.builds(
    replace,
    st.just(BOOKING),
    name=WORDS,
    reason=WORDS,
    preferred=WORDS,
    status=st.sampled_from(Status),
    phone=st.sampled_from(["+17805550199", None]),
    email=st.sampled_from(["sam@example.com", None]),
)

every_format = pytest.mark.parametrize("name", FORMATS)


def _taken(form: BookingFormat, bookings: Sequence[Booking]) -> list[Booking]:
    return [booking for booking in bookings if form.takes(booking)]


@every_format
def test_it_says_what_it_is_in_a_line_and_a_media_type(name: str) -> None:
    assert "/" in format_of(name, BARE).media_type


@every_format
def test_it_takes_a_confirmed_visit_and_names_it(name: str) -> None:
    form = format_of(name, BARE)
    confirmed = replace(BOOKING, status=Status.CONFIRMED)
    assert form.takes(confirmed)
    assert "B7K-3QD" in form.write([confirmed])
    assert "B7K-3QD" in form.write_one(confirmed)


@every_format
def test_nothing_at_all_is_a_document_too(name: str) -> None:
    assert format_of(name, BARE).write([])


@every_format
@given(bookings=st.lists(BOOKINGS, max_size=3))
def test_any_patient_s_words_are_written_the_same_each_time(
    name: str, bookings: list[Booking]
) -> None:
    form = format_of(name, BARE)
    taken = _taken(form, bookings)
    written = form.write(taken)
    assert written == format_of(name, BARE).write(taken)
    assert written.encode()
    assert "not-for-anybody-else" not in written
