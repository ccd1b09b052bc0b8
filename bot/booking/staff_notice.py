"""What staff are told of a request by email: that something happened, and where to read it.

Email is read on phones and kept by others, so nothing a patient wrote is in it: no name, no way to
reach anybody, no reason, no day.
"""

from __future__ import annotations

from bot.booking.model import Booking, BookingEvent
from bot.outbox.model import Outgoing

CHANNEL = "email"
# The clinic's own; it is no conversation with a patient.
TO = "staff"
SUBJECTS = {
    "received": "New request {reference}",
    "change": "Another time is wanted for {reference}",
    "confirmed": "The time offered for {reference} was accepted",
    "cancelled": "{reference} was cancelled",
    "expired": "{reference} was closed: nobody answered in time",
}
BODY = """{subject}.

It came by {channel}. {where}
"""
ON_SERVER = """To read it, on the server:

    .venv/bin/bot booking show {reference}"""
IN_CONSOLE = """To read and answer it:

    {address}/console/bookings/{reference}"""


def staff_notice(booking: Booking, event: BookingEvent, address: str = "") -> tuple[Outgoing, ...]:
    """The letter that tells staff of an event, if they should hear of it.

    Args:
        booking: As it is after the event.
        event: What happened.
        address: Where staff reach the console; without one they are told the command.
    """
    if not _is_news(event):
        return ()
    subject = SUBJECTS[event.change].format(reference=booking.reference)
    form = IN_CONSOLE if address else ON_SERVER
    where = form.format(address=address.rstrip("/"), reference=booking.reference)
    letter = Outgoing(
        idempotency_key=f"staff/{booking.reference}/{booking.version}",
        channel=CHANNEL,
        conversation_id=TO,
        kind=f"staff_booking_{event.change}",
        body=BODY.format(subject=subject, channel=booking.channel, where=where),
        detail={"subject": subject},
    )
    return (letter,)


def _is_news(event: BookingEvent) -> bool:
    """What staff did themselves they know."""
    return event.change in SUBJECTS and not event.actor.startswith("staff")
