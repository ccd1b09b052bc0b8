"""What staff decide about a request, read from the page's form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from bot.booking import Booking, Status, VisitTime
from bot.booking.transitions import TRANSITIONS
from bot.console.forms import number_of
from bot.console.week import FIRST, LAST
from bot.content import ClinicProfile
from bot.errors import BotError
from bot.handoff import is_readable

LONGEST_MINUTES = 8 * 60
MAX_WORDS = 1_000
TIMED = frozenset({Status.PROPOSED, Status.CONFIRMED})
# The steps of the console, in the order they are offered.
STEPS = {
    "propose": Status.PROPOSED,
    "confirm": Status.CONFIRMED,
    "decline": Status.DECLINED,
    "cancel": Status.CANCELLED,
    "seen": Status.SEEN,
}


class BadDecision(BotError):
    """A decision that cannot be carried out as it was given."""

    code = "bad_decision"
    status = 422


@dataclass(frozen=True)
class Decision:
    """What staff decided.

    Attributes:
        to: The new status.
        time: What is offered or agreed; None where none was given.
        words: Told to the patient in the clinic's name; may be empty.
        note: For the history alone; may be empty.
        version: Of the request that was looked at.
    """

    to: Status
    time: VisitTime | None
    words: str
    note: str
    version: int


def steps_of(booking: Booking) -> list[str]:
    """What staff may do with a request as it stands."""
    allowed = TRANSITIONS[booking.status]
    return [step for step, to in STEPS.items() if "staff" in allowed.get(to, ())]


def decision_of(step: str, form: Mapping[str, str], profile: ClinicProfile) -> Decision:
    """Reads a decision.

    Raises:
        BadDecision: says which field is wrong and what it must be.
    """
    if step not in STEPS:
        raise BadDecision("There is no such step.")
    version = number_of(form, "version")
    if version is None:
        raise BadDecision("The page is too old. Please open the request again.")
    to = STEPS[step]
    time = _time_of(form, profile) if to in TIMED and form.get("at", "").strip() else None
    if to is Status.PROPOSED and time is None:
        raise BadDecision("Give the day and time that you offer.")
    return Decision(to, time, _words(form, "words"), _words(form, "note"), version)


def _words(form: Mapping[str, str], name: str) -> str:
    words = form.get(name, "").strip()
    if not is_readable(words):
        return ""
    if len(words) > MAX_WORDS:
        raise BadDecision(f"A message may have {MAX_WORDS:,} characters at most.")
    return words


def _time_of(form: Mapping[str, str], profile: ClinicProfile) -> VisitTime:
    minutes = number_of(form, "minutes")
    if minutes is None or not 0 < minutes <= LONGEST_MINUTES:
        raise BadDecision(f"A visit takes 1 to {LONGEST_MINUTES} minutes.")
    start = _moment(form["at"].strip(), ZoneInfo(profile.timezone))
    if profile.is_open(start) is False and form.get("anyway") != "yes":
        raise BadDecision(
            "The clinic is closed then. If this is meant, tick “also outside opening hours”."
        )
    return VisitTime(start, minutes)


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        local = None
    # A day alone would be read as its midnight.
    if local is None or len(text) <= len("2026-12-04"):
        raise BadDecision("Give the day and time as 2026-12-04T10:00.")
    if not FIRST <= local.date() < LAST:
        raise BadDecision("No calendar of the clinic has that year.")
    if local.tzinfo is not None:
        raise BadDecision("Give the clinic's own time, without a zone.")
    start = local.replace(tzinfo=zone)
    # When the clocks go forward an hour is left out, and no visit can be in it.
    if start.astimezone(timezone.utc).astimezone(zone).replace(tzinfo=None) != local:
        raise BadDecision("That hour does not exist: the clocks go forward then.")
    return start
