"""Holidays by name, as the clinic's province keeps them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from bot.reading.days import Found, day

# The first word that is said, and how the `holidays` library names the day.
_NAMES = {
    "christmas": "Christmas Day",
    "boxing": "Boxing Day",
    "easter": "Good Friday",
    "thanksgiving": "Thanksgiving",
    "victoria": "Victoria Day",
    "canada": "Canada Day",
    "labour": "Labor Day",
    "remembrance": "Remembrance Day",
    "truth": "Truth and Reconciliation",
    "heritage": "Heritage Day",
    "family": "Family Day",
    "louis": "Louis Riel Day",
    "islander": "Islander Day",
    "natal": "Natal Day",
    "nunavut": "Nunavut Day",
    "discovery": "Discovery Day",
    "st": "Saint John the Baptist Day",
    "saint": "Saint John the Baptist Day",
    "good": "Good Friday",
    "new": "New Year's Day",
    "civic": "Civic Holiday",
}
_AFTER_GOOD_FRIDAY = {"monday": 3}
EASTER_SUNDAY = 2
# The first Monday of August goes by several names.
_AUGUST = ("Civic Holiday", "Heritage Day", "British Columbia Day", "Saskatchewan Day")


def named_day(words: list[str], today: date, province: str) -> Found:
    """The next holiday of a name; nothing when the province does not keep it.

    Args:
        words: Its canonical words, such as ``["christmas", "eve"]``.
        today: The day it is said.
        province: Two letters, such as ``AB``.
    """
    names = _AUGUST if words[0] == "civic" else (_NAMES[words[0]],)
    shift = -1 if words[-1] == "eve" else 0
    if words[0] == "easter":
        shift = _AFTER_GOOD_FRIDAY.get(words[-1], EASTER_SUNDAY)
    days = [kept + timedelta(days=shift) for name in names for kept in _kept(name, province, today)]
    to_come = [kept for kept in days if kept >= today]
    return day(min(to_come)) if to_come else Found()


@lru_cache(maxsize=256)
def _kept(name: str, province: str, today: date) -> tuple[date, ...]:
    import holidays  # takes a quarter of a second, and most messages name no holiday

    every = ("public", "optional", "government")
    years = (today.year, today.year + 1)
    kept = holidays.country_holidays("CA", subdiv=province, years=years, categories=every)
    return tuple(d for d, said in kept.items() if name in said and "(observed)" not in said)
