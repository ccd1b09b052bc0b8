"""Email to patients who asked to be contacted by email: what staff, or they, did to the request.

A confirmed visit comes with its calendar file. The words are those of the chat; nothing else of the
patient's is in it, and least of all the reason.
"""

from __future__ import annotations

from bot.booking.changes import WISH
from bot.booking.model import Booking, BookingEvent, Status
from bot.booking.ports import BookingFormat
from bot.booking.staff_notice import CHANNEL
from bot.booking.told import StatusWords
from bot.outbox.model import Outgoing

# The patient hears the first of these when asking, and staff looking is no news.
UNTOLD = frozenset({Status.RECEIVED, Status.SEEN})


class PatientMail:
    """Writes the emails; one a change."""

    def __init__(self, words: StatusWords, calendar: BookingFormat) -> None:
        self._words = words
        self._calendar = calendar

    def letters(self, booking: Booking, event: BookingEvent) -> tuple[Outgoing, ...]:
        """The email that tells an event, if the patient is to get one.

        Args:
            booking: As it is after the event.
            event: What happened.
        """
        is_told = event.change != WISH and event.new not in UNTOLD
        if not is_told or booking.contact_consent != "email" or booking.email is None:
            return ()
        detail = {"to": booking.email, "subject": self._words.subject(booking)}
        if self._calendar.takes(booking):
            detail["calendar"] = self._calendar.write_one(booking)
        letter = Outgoing(
            idempotency_key=f"email/{booking.reference}/{booking.version}",
            channel=CHANNEL,
            conversation_id=booking.conversation_id,
            kind=f"booking_{booking.status.value}",
            body=self._words.email(booking),
            detail=detail,
        )
        return (letter,)
