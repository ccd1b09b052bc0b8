"""When the patient would like to come: their own words, and the days in them that are certain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.reading import DATE, DAY_PART, TIME, WHEN, Entity, Read, read
from bot.reading.days import NO_SUCH_DATE, bounds, is_range
from bot.reading.hours import is_time
from bot.reading.parsed import Fault, Parsed, cut

MAX_PREFERRED = 300
PROVINCE = "AB"

# Enough for the clinic to go on, though it names no day and no time.
_ANY = re.compile(
    r"\bany\s*-?(?:time|day|date|thing|where)?s?\b|\bwhen\s*ever\b|\bwhatever\b|\ba\.?s\.?a\.?p\b|"
    r"\b(?:as\s+)?soon(?:est|er)?\b|\bearl(?:y|ier|iest)\b|"
    r"\b(?:next|first|1st)\s+(?:available|opening|free)\b|\b\d{1,2}\.\d{1,2}\.(?:\d\d)?\d\d\b|"
    r"\bflexible\b|\bno\s+preference\b|\b(?:doesn'?t|does\s+not|don'?t)\s+(?:matter|mind|care)\b|"
    r"\bup\s+to\s+you\b|\byou\s+(?:choose|pick|decide)\b|\b(?:week|wk|month)s?\b|"
    r"\b(?:every|each|all)\s*day\b|\bimmediately\b|\bright\s+away\b|\bnow\b|\blatest?\b|\bholidays?\b",
    re.IGNORECASE,
)
# "Yesterday" fails, and so does "any time yesterday"; "the 31st or any day" does not.
_OR_ANY = re.compile(r"\bor\s+(?:any|when|asap|soon)", re.IGNORECASE)
# Before a time it limits the time and denies no day.
_LIMIT = re.compile(r"\b(?:not|no)\s*$", re.IGNORECASE)
# With one of these a resolved date could say the opposite of what the patient said.
_NEGATED = re.compile(
    r"\b(?:not|no|never|except|excluding|unless|avoid|other\s+than|(?:any|every)\s*\w*\s+but|cannot|can'?t|cant|isn'?t|"
    r"won'?t|wont|don'?t|dont|doesn'?t|away|busy)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Preferred:
    """When the patient would like to come.

    Attributes:
        words: The patient's own words.
        days: The dates in them that can be meant in one way only, in the order said.
        periods: First and last days of what is said from today, such as "next week".
        without: Days of the periods that do not suit.
    """

    words: str
    days: tuple[date, ...] = ()
    periods: tuple[tuple[date, date], ...] = ()
    without: tuple[date, ...] = ()

    @property
    def text(self) -> str:
        """The words, with the dates in brackets: "friday am (Friday 27 November 2026)"."""
        spans = [f"{_long(first)} to {_long(last)}" for first, last in self.periods]
        note = ", ".join([*map(_long, self.days), *spans])
        if self.without:
            note += f", without {', '.join(map(_long, self.without))}"
        return self.words if not note or note in self.words else f"{self.words} ({note})"


def parse_preferred(
    text: str, now: datetime, tz: str, found: Read | None = None
) -> Parsed[Preferred]:
    """Days and times that suit the patient.

    Args:
        text: What the patient typed.
        now: The present moment; aware.
        tz: The clinic's time zone, for example "America/Edmonton"; "tomorrow" is tomorrow there.
        found: What has been read in the text already; it is read now when left out.

    Returns:
        The words and the certain dates. Or a fault: MISSING, PAST for a day that has gone by,
        NO_SUCH_DATE for one that never comes, UNCLEAR when no day, date, time or "any time" is in
        it.
    """
    words = cut(text, MAX_PREFERRED)
    if not words:
        return Parsed(fault=Fault.MISSING)
    seen = (found or read(text, now, tz, PROVINCE)).part(0, MAX_PREFERRED)
    whens = seen.of(*WHEN)
    is_any = says_any_time(_rest(seen))
    if not whens and not is_any:
        return Parsed(fault=Fault.UNCLEAR)
    today = now.astimezone(ZoneInfo(tz)).date()
    fault = None if _OR_ANY.search(words) else _fault(whens, today)
    return fault or Parsed(_preferred(words, whens, today))


def says_any_time(text: str) -> bool:
    """Whether words leave the time to the clinic: "any time", "asap", "something earlier"."""
    return _ANY.search(text) is not None


def _rest(seen: Read) -> str:
    """What is said besides days and times."""
    rest = seen.text
    for entity in seen.of(*WHEN):
        rest = rest[: entity.start] + " " * len(entity.text) + rest[entity.end :]
    return rest


def _fault(whens: tuple[Entity, ...], today: date) -> Parsed[Preferred] | None:
    """Why none of the days can be meant; None when one can, or when there are none."""
    dates = [e for e in whens if e.kind == DATE and not e.is_excluded]
    weekly = any(e.kind == DAY_PART and e.value and not is_time(e.value) for e in whens)
    never = [str(e.info["said"]) for e in dates if e.info.get("fault") == NO_SUCH_DATE]
    gone = [e for e in dates if _is_gone(e, today)]
    if not dates or weekly or len(never) + len(gone) < len(dates):
        return None
    if never:
        return Parsed(fault=Fault.NO_SUCH_DATE, told={"day": never[0]})
    return Parsed(fault=Fault.PAST)


def _is_gone(entity: Entity, today: date) -> bool:
    last = bounds(entity.value)[1]
    return last is not None and last < today


def _preferred(words: str, whens: tuple[Entity, ...], today: date) -> Preferred:
    dates = [e for e in whens if e.kind == DATE and e.value and not _is_gone(e, today)]
    wanted = [e for e in dates if not e.is_excluded]
    periods = tuple(dict.fromkeys(_periods(wanted)))
    if _NEGATED.search(_without_limits(words, whens)):
        without = _without(whens, periods)
        return Preferred(words, (), periods, without) if without else Preferred(words)
    days = (date.fromisoformat(str(e.value)) for e in wanted if not is_range(e.value))
    return Preferred(words, tuple(dict.fromkeys(days)), periods)


def _without_limits(words: str, whens: tuple[Entity, ...]) -> str:
    """The words without the "not" of "not before 10", which was read as a time."""
    for entity in whens:
        is_limit = entity.kind == TIME and not entity.is_excluded and entity.value
        if is_limit and (said := _LIMIT.search(words[: entity.start])):
            words = words[: said.start()] + " " * len(said.group()) + words[said.end() :]
    return words


def _periods(dates: list[Entity]) -> Iterator[tuple[date, date]]:
    for entity in dates:
        first, last = bounds(entity.value)
        if entity.info.get("relative") and first and last:
            yield first, last


def _without(whens: tuple[Entity, ...], periods: tuple[tuple[date, date], ...]) -> tuple[date, ...]:
    """The days left out of the periods; none when one of them is not a day of a period."""
    dates = (e for e in whens if e.is_excluded and e.kind == DATE and not is_range(e.value))
    excluded = [bounds(e.value)[0] for e in dates]
    days = [day for day in excluded if day and any(a <= day <= b for a, b in periods)]
    return tuple(days) if len(days) == sum(e.is_excluded for e in whens) else ()


def _long(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
