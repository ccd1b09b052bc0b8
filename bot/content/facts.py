"""The placeholders that an answer card may use, and their text in a clinic's profile."""

from __future__ import annotations

from collections.abc import Iterable
from string import Formatter

from bot.content.profile import ClinicProfile

# A clinic cannot leave these unset, so wording for an unset fact may rely on them.
ALWAYS_SET = frozenset({"name", "phone", "emergency", "nurse_line", "crisis"})
PLACEHOLDERS = ALWAYS_SET | {
    "email",
    "area",
    "address",
    "parking",
    "transit",
    "wheelchair_access",
    "hours",
    "holiday_status",
    "practitioners",
    "registration",
    "fees",
    "payment_methods",
    "insurers",
    "receipts",
    "referral",
    "cancellation_policy",
    "privacy_contact",
    "person_minutes",
}
# Known only when it is said, by whoever says it: each with the longest that may stand there.
SAMPLES: dict[str, str] = {
    "open_until": "10:30 pm",
    "next_opening": "Wednesday 30 September 2026 at 10:00 am",
    "person": "A practitioner with a name of usual length",
}
# Facts that are no text in the profile.
SPELLED_OUT = frozenset({"hours", "practitioners", "fees", "person_minutes"})


def facts_of(profile: ClinicProfile) -> dict[str, str | None]:
    """Every placeholder with its text; None where the clinic stated nothing."""
    same = PLACEHOLDERS & set(ClinicProfile.__fields__) - SPELLED_OUT
    facts: dict[str, str | None] = {name: getattr(profile, name) for name in same}
    facts.update(profile.emergency_numbers.dict())
    facts["hours"] = str(profile.hours) if profile.hours else None
    minutes = profile.person_minutes
    facts["person_minutes"] = None if minutes is None else str(minutes)
    facts["holiday_status"] = _holiday_status(profile.closed_on_statutory_holidays)
    facts["practitioners"] = _listed(
        f"{person.name} ({person.credentials})" for person in profile.practitioners or ()
    )
    facts["fees"] = _listed(f"{fee.service} {fee.price}" for fee in profile.fees or ())
    facts["payment_methods"] = _listed(profile.payment_methods or ())
    facts["insurers"] = _listed(profile.direct_billing_insurers or ())
    return facts


def placeholders_in(text: str) -> set[str]:
    """The names in braces in a text.

    Raises:
        ValueError: a brace is not closed, or a name is empty or carries formatting.
    """
    names = set()
    for _, name, spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError("write placeholders as a plain name in braces, such as {phone}")
        names.add(name)
    return names


def _listed(items: Iterable[str]) -> str | None:
    return ", ".join(items) or None


def _holiday_status(closed: bool | None) -> str | None:
    if closed is None:
        return None
    return "closed" if closed else "open"
