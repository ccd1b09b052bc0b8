"""Whether a message inside a request under way is about one sent before. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from bot.booking.model import Booking
from bot.booking.references import find_reference
from bot.booking.wished import weekdays_in

_CANCELS = re.compile(
    r"\b(?:cancel(?:ling|ing)?|call\s+off|drop|delete|scrap|scratch|withdraw|get\s+rid\s+of|forget|"
    r"(?:don'?t|do\s+not|no\s+longer)\s+(?:want|need)|(?:can'?t|cannot|can\s+not|won'?t)\s+"
    r"(?:make|come|attend|be\s+(?:at|there)))\b",
    re.IGNORECASE,
)
_MOVES = re.compile(
    r"\b(?:chang(?:e|ing)|mov(?:e|ing)|re-?schedul(?:e|ing)|re-?book(?:ing)?|postpone|push\s+back|switch|shift|"
    r"bring\s+forward)\b",
    re.IGNORECASE,
)
_DAY = (
    r"(?:mon|tues?|wed|weds|wednes|thur?|thurs|fri|satur|sat|sun)(?:day)?(?:['\u2019]?s)?|today'?s?|"
    r"tomorrow'?s?|next\s+week'?s?"
)
_VISIT = r"(?:appointments?|appts?|apts?|visits?|bookings?|sessions?|reservations?)"
# One that is already there, whatever it is called.
_EARLIER = re.compile(
    rf"\b(?:other|earlier|previous|existing|old|confirmed|{_DAY})\s+"
    rf"(?:{_VISIT}|requests?|one)\b"
    rf"|\b(?:{_VISIT}|requests?|one)\s+(?:(?:that\s+)?i\s+(?:already\s+)?(?:have|had|made|booked|sent|asked)|"
    rf"from\s+before|(?:on|for)\s+(?:the\s+)?(?:{_DAY}|\d))",
    re.IGNORECASE,
)
_MINE = re.compile(rf"\b(?:my|our|the)\s+(?:\w+\s+){{0,2}}?{_VISIT}\b", re.IGNORECASE)
_THIS = re.compile(rf"\b(?:this|new|current)\s+(?:{_VISIT}|requests?|one)\b", re.IGNORECASE)
# "Did you cancel my visit?" wants to know, not to cancel.
_ASKS = re.compile(
    r"^\W*(?:so\s+|and\s+|hi\s+)?(?:did|has|have|had|was|were|is|are|why|when|what|who|how|if|does)\b",
    re.IGNORECASE,
)


class Aim(Enum):
    """What a wish to cancel or to change is about."""

    DRAFT = "the request under way"
    EARLIER = "one that was sent before"
    EITHER = "one of the two"


def wish_in(text: str) -> str | None:
    """The topic of a wish to cancel or change a visit in a message; None when there is none.

    A wish that names neither a visit nor a reference may be about the request under way.
    """
    plain = text.replace("\u2019", "'")
    if _ASKS.search(plain):
        return None
    if find_reference(plain) is None and not (_EARLIER.search(plain) or _MINE.search(plain)):
        return None
    if _CANCELS.search(plain):
        return "booking/cancel"
    return "booking/change" if _MOVES.search(plain) else None


def may_mean_another(text: str) -> bool:
    """Whether it is worth asking what a patient sent before; most messages name no such wish."""
    plain = text.replace("\u2019", "'")
    is_wish = _CANCELS.search(plain) or _MOVES.search(plain)
    return is_wish is not None or find_reference(plain) is not None


def aim_of(text: str, live: Sequence[Booking], draft: str) -> Aim:
    """Which request a message means that is said while another is being filled in.

    Args:
        text: The message.
        live: The patient's live requests of the conversation.
        draft: The days and times wished so far in the one under way; empty without any.

    Returns:
        ``EITHER`` for "cancel my visit": it is asked back, since what is cancelled is gone.
    """
    plain = text.replace("\u2019", "'")
    if find_reference(plain) is not None:
        return Aim.EARLIER
    if not live or _THIS.search(plain) or _ASKS.search(plain):
        return Aim.DRAFT
    if wish_in(plain) is not None:
        return Aim.EARLIER if _EARLIER.search(plain) else Aim.EITHER
    return Aim.EARLIER if _cancels_its_day(plain, live, draft) else Aim.DRAFT


def _cancels_its_day(text: str, live: Sequence[Booking], draft: str) -> bool:
    """Whether "cancel wednesday" can mean only a request that was sent."""
    days = weekdays_in(text)
    theirs = {day for booking in live for day in weekdays_in(booking.preferred)}
    return bool(_CANCELS.search(text) and days & theirs and not days & weekdays_in(draft))
