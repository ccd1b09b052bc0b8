"""What staff are told by e-mail of a request: that there is something to look at, and no more.

E-mail is read on many screens and kept for ever: neither the patient nor the reason is named.
"""

from __future__ import annotations

from bot.booking.model import Booking
from bot.outbox.model import Outgoing

STAFF_EMAIL = "staff_email"
# What a patient did, by the change that the history holds.
SAYINGS = {
    "received": "A patient asks for a visit",
    "confirmed": "A patient takes the proposed time",
    "cancelled": "A patient cancels",
    "change": "A patient would like another time",
}


def staff_notice(booking: Booking, change: str) -> Outgoing:
    """The letter to staff.

    Args:
        booking: As it is now.
        change: What the patient did; one of ``SAYINGS``.
    """
    reference = booking.reference
    return Outgoing(
        idempotency_key=f"staff/{reference}/{booking.version}",
        channel=STAFF_EMAIL,
        conversation_id=booking.conversation_id,
        kind=f"staff_{change}",
        body=(
            f"{SAYINGS[change]}: {reference}, on {booking.channel}.\n\n"
            f"To see it: bot booking show {reference}\n"
        ),
        detail={"subject": f"{SAYINGS[change]} ({reference})"},
    )
