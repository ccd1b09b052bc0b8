"""What figures are called, and how amounts and times are written."""

from __future__ import annotations

from datetime import date

CHANNEL_WORDS = {"web": "Web chat", "sms": "Text message", "messenger": "Messenger"}

# What a message came to, as the picture stacks it from below: the name of its colour, what it is
# called, and the outcomes that count for it.
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "answered": ("Answered", ("answer",)),
    "booking": ("Booking", ("booking",)),
    "smalltalk": ("Small talk", ("smalltalk",)),
    "clarified": ("Asked back", ("clarify",)),
    "declined": ("Declined", ("decline",)),
    "person": ("With a person", ("handoff", "with_staff")),
    "flag": ("Red flag", ("emergency", "urgent", "crisis")),
    "rest": ("Failed or unknown", ("failed", "unknown")),
}

STEP_WORDS = {
    "asked": "Asked about a visit",
    "begun": "Began the form",
    "sent": "Sent a request",
    "offered": "Were offered a time",
    "confirmed": "Visit confirmed",
}

WAIT_WORDS = {
    "person": "After asking for a person",
    "talk": "After writing in a talk with a person",
}

# Up to so many seconds, and what that is called.
WAIT_CLASSES: tuple[tuple[float, str], ...] = (
    (5 * 60, "Within 5 minutes"),
    (15 * 60, "5 to 15 minutes"),
    (60 * 60, "15 minutes to 1 hour"),
    (4 * 60 * 60, "1 to 4 hours"),
    (float("inf"), "Longer"),
)
NOT_WRITTEN = "Nobody wrote"

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def spoken(seconds: float | None) -> str:
    """As in "34 ms", "1.2 s", "3 min 5 s" or "2 h 10 min"; a dash for none."""
    if seconds is None:
        return "–"
    if seconds < 0.9995:  # noqa: PLR2004 - what rounds to a second is one
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.5:  # noqa: PLR2004 - as above, of a minute
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"  # noqa: PLR2004
    whole = round(seconds)
    for large, small, names in ((DAY, HOUR, "d h"), (HOUR, MINUTE, "h min"), (MINUTE, 1, "min s")):
        if whole >= large:
            first, second = names.split()
            rest = whole % large // small
            return f"{whole // large} {first}" + (f" {rest} {second}" if rest else "")
    return f"{whole} s"


def percent(part: float | None) -> str:
    """As in "42 %"; a small share keeps a digit; a dash for none."""
    if part is None:
        return "–"
    return f"{part:.1%}".replace("%", " %") if 0 < part < 0.1 else f"{part:.0%}".replace("%", " %")  # noqa: PLR2004


def day_words(day: date) -> str:
    """As in "Tue 24 Nov"."""
    return f"{day:%a} {day.day} {day:%b}"
