"""The link to the clinic's own scheduler, where a patient may pick a time without waiting.

Of the patient only the reference and the first wished day can be in it: an address is kept by
browsers and written to logs.
"""

from __future__ import annotations

from urllib.parse import quote

from bot.booking.model import Booking
from bot.booking.wished import wished_days


def scheduler_link(template: str, booking: Booking) -> str:
    """Fills the clinic's address for one request.

    Args:
        template: From the profile; may have ``{reference}`` and ``{day}``.
        booking: The request. Without a certain day ``{day}`` is empty.
    """
    days = wished_days(booking.preferred)
    values = {"reference": booking.reference, "day": days[0].isoformat() if days else ""}
    return template.format(**{name: quote(value, safe="") for name, value in values.items()})
