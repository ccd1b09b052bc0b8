"""When the patient would like to come: their own words, and the dates in them that are certain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.booking.parsed import Fault, Parsed, cut

MAX_PREFERRED = 300
# A date without a year that lands later than this has just gone by.
FAR_DAYS = 300
YEAR_DAYS = 366
WEEK = 7
MONTHS = 12

_WEEKDAY = (
    r"(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?|wensday|wendsday|wednsday|"
    r"tuseday|teusday|thrusday|thurday|saterday|satuday|firday|monady"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ORDINAL = (
    r"\d{1,2}(?:st|nd|rd|th)\b"
    r"(?!\s+(?:available|opening|free|appointment|visit|time|floor|choice|slot|thing|one|week|wk)\b)"
)
_TOMORROW = r"to?m+or+ow?|tomm?or?r?ow|tmr+w?|2moro?w?|tmrow"
_COUNT = r"(?:a|one|two|three|four|five|six|\d{1,2})"

DAY = re.compile(
    rf"\b(?:(?P<which>this|next|coming)\s+)?(?P<weekday>{_WEEKDAY})(?P<plural>s|'s)?\b"
    rf"(?:,?\s+(?:the\s+)?(?P<dated>{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}\b(?:,?\s+\d{{4}})?|{_ORDINAL}\b))?"
    rf"|\b(?P<date>\d{{4}}-\d{{1,2}}-\d{{1,2}}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}\b(?:,?\s+\d{{4}})?|"
    rf"\d{{1,2}}/\d{{1,2}}(?:/\d{{4}}|/\d\d)?|(?:the\s+)?{_ORDINAL})\b"
    rf"|\b(?P<near>day\s+after\s+(?:{_TOMORROW})|{_TOMORROW}|today|tonight|"
    rf"in\s+{_COUNT}\s+(?:days?|weeks?))\b",
    re.IGNORECASE,
)
_HOUR = r"(?:[01]?\d|2[0-4])(?:[:h.][0-5]\d)?"
TIME = re.compile(
    rf"\b{_HOUR}\s*(?:-|to|and)?\s*(?:{_HOUR})?\s*(?:a\.?m|p\.?m)\b|\b(?:[01]?\d|2[0-4])[:h][0-5]\d\b|"
    rf"\bbetween\s+{_HOUR}\s+and\s+{_HOUR}\b|\b(?:at|by|after|before|around|about|between|from|past|till?|until)\s+{_HOUR}\b|"
    rf"\b{_HOUR}\s*(?:-|to)\s*{_HOUR}\b|\b\d{{1,2}}ish\b|o'?clock\b|"
    r"\b(?:early|late)?\s*(?:mornings?|afternoons?|evenings?|nights?|morn|noon|midday|lunch(?:time)?)\b|"
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s*(?:a\.?m|p\.?m|thirty)\b|"
    r"\bin\s+the\s+am\b|\bpm\b|\bfirst\s+thing\b|\b(?:after|before)\s+(?:work|school|lunch|dinner|supper)\b",
    re.IGNORECASE,
)
_ANY = re.compile(
    r"\bany\s*-?(?:time|day|date|thing|where)?s?\b|\bwhen\s*ever\b|\bwhatever\b|\ba\.?s\.?a\.?p\b|"
    r"\b(?:as\s+)?soon(?:est|er)?\b|\bearl(?:y|ier|iest)\b|"
    r"\b(?:next|first|1st)\s+(?:available|opening|free)\b|\b\d{1,2}\.\d{1,2}\.(?:\d\d)?\d\d\b|"
    r"\bflexible\b|\bno\s+preference\b|\b(?:doesn'?t|does\s+not|don'?t)\s+(?:matter|mind|care)\b|"
    r"\bup\s+to\s+you\b|\byou\s+(?:choose|pick|decide)\b|\b(?:week|wk|wknd|month)s?\b|"
    r"\bweek\s*(?:day|end|night)s?\b|"
    r"\bdaytime\b|\b(?:every|each|all)\s*day\b|\bimmediately\b|\bright\s+away\b|\bnow\b|\blatest?\b|"
    r"\bchristmas\b|\bnew\s+year'?s?\b|\beaster\b|\bthanksgiving\b|\bholidays?\b|\bboxing\s+day\b|"
    rf"\b(?:in|during|early|mid|late|beginning\s+of|end\s+of|sometime\s+in)\s+{_MONTH}(?!\w)|"
    r"\b(?:january|february|april|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    rf"\byesterday\b|\blast\s+(?:week|month|year|night|{_WEEKDAY})\b|\b(?:days?|weeks?|months?)\s+ago\b",
    re.IGNORECASE,
)
# With one of these a resolved date could say the opposite of what the patient said.
_NEGATED = re.compile(
    r"\b(?:not|no|never|except|excluding|unless|avoid|other\s+than|(?:any|every)\s*\w*\s+but|cannot|can'?t|cant|isn'?t|"
    r"won'?t|wont|don'?t|dont|doesn'?t|away|busy)\b",
    re.IGNORECASE,
)
_RANGE_BEFORE = re.compile(
    r"\b(?:after|before|between|from|until|till?|since|by|through|thru|week\s+of|every|each|starting|"
    r"past|last)\s+(?:the\s+)?$|\b(?:between|from)\b[^.;]*\b(?:and|to)\s+(?:the\s+)?$|(?:\bto|-)\s*$",
    re.IGNORECASE,
)
_RANGE_AFTER = re.compile(
    r"^\s*(?:to|through|thru|until|till|-|onwards?|or\s+(?:later|after))", re.I
)
_ORDINAL_ONLY = re.compile(r"(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)", re.IGNORECASE)
_MONTH_SAID = re.compile(rf"\b{_MONTH}\s+\d", re.IGNORECASE)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})")
_HAS_YEAR = re.compile(r"\d{4}|/\d+/")
_STEMS = {"mon": 0, "tue": 1, "tus": 1, "teu": 1, "wed": 2, "wen": 2, "thu": 3, "thr": 3, "fri": 4}
_STEMS |= {"fir": 4, "sat": 5, "sun": 6}


@dataclass(frozen=True)
class Preferred:
    """When the patient would like to come.

    Attributes:
        words: The patient's own words.
        days: The dates in them that can be meant in one way only, in the order said.
    """

    words: str
    days: tuple[date, ...] = ()

    @property
    def text(self) -> str:
        """The words, with the dates in brackets: "friday am (Friday 27 November 2026)"."""
        note = ", ".join(f"{day:%A} {day.day} {day:%B %Y}" for day in self.days)
        return self.words if not note or note in self.words else f"{self.words} ({note})"


def parse_preferred(text: str, now: datetime, tz: str) -> Parsed[Preferred]:
    """Days and times that suit the patient.

    Args:
        text: What the patient typed.
        now: The present moment; aware.
        tz: The clinic's time zone, for example "America/Edmonton"; "tomorrow" is tomorrow there.

    Returns:
        The words and the certain dates. Or a fault: MISSING, PAST for a day that has gone by,
        UNCLEAR when no day, date, time or "any time" is in it.
    """
    words = cut(text, MAX_PREFERRED)
    if not words:
        return Parsed(fault=Fault.MISSING)
    if not has_preference(words):
        return Parsed(fault=Fault.PAST if _PAST.search(words) else Fault.UNCLEAR)
    today = now.astimezone(ZoneInfo(tz)).date()
    found = [] if _NEGATED.search(words) else list(_days(words, today))
    days = tuple(dict.fromkeys(day for day in found if day >= today))
    gone = any(day < today for day in found) or _only_past(words)
    if gone and not days:
        return Parsed(fault=Fault.PAST)
    return Parsed(Preferred(words, days))


def has_preference(text: str) -> bool:
    """Whether a day, a date, a time or the like of "any time" is in a text."""
    return any(pattern.search(text) for pattern in (DAY, TIME, _ANY))


def _only_past(words: str) -> bool:
    rest, count = _PAST.subn(" ", words)
    return bool(count) and not DAY.search(rest) and not _ANY.search(rest)


def _days(words: str, today: date) -> Iterator[date]:
    for match in DAY.finditer(words):
        before, after = words[: match.start()], words[match.end() :]
        if match["plural"] or _RANGE_BEFORE.search(before) or _RANGE_AFTER.search(after):
            continue
        # In "December 24th or 26th" the second day belongs to a month said before it.
        if _ORDINAL_ONLY.fullmatch(match.group()) and _MONTH_SAID.search(before):
            continue
        day = _weekday(match, today) if match["weekday"] else _date(match, today)
        if day is not None:
            yield day


def _weekday(match: re.Match[str], today: date) -> date | None:
    wanted = _STEMS[match["weekday"][:3].lower()]
    if match["dated"]:
        day = _parse(match["dated"], today)
        return day if day is not None and day.weekday() == wanted else None
    ahead = (wanted - today.weekday()) % WEEK
    # On a Tuesday "Tuesday" may be today or in a week. Within this week "next Friday" may be
    # this one or the one after. Only the clinic can ask.
    if ahead == 0 or ((match["which"] or "").lower() == "next" and wanted > today.weekday()):
        return None
    return today + timedelta(days=ahead)


def _date(match: re.Match[str], today: date) -> date | None:
    if match["near"]:
        phrase = re.sub(_TOMORROW, "tomorrow", match["near"].lower()).replace("tonight", "today")
        return _parse(phrase, today)
    slashed = _SLASHED.match(match["date"])
    if slashed is None:
        return _parse(match["date"], today)
    small, large = sorted(int(part) for part in slashed.groups())
    # 5/12 is May to one patient and December to another; 15/12 can be read in one way.
    if not small <= MONTHS < large:
        return None
    day = _parse(match["date"], today)
    return day if day is not None and (day.day, day.month) == (large, small) else None


def _parse(phrase: str, today: date) -> date | None:
    ordinal = _ORDINAL_ONLY.fullmatch(phrase)
    if ordinal:
        return _day_of_month(int(ordinal[1]), today)
    import dateparser  # slow to import, and most messages hold no date

    settings: dict[str, Any] = {
        "RELATIVE_BASE": datetime(today.year, today.month, today.day),
        "PREFER_DATES_FROM": "future",
    }
    parsed = dateparser.parse(phrase, languages=["en"], settings=settings)
    if parsed is None:
        return None
    return _just_gone(parsed.date(), phrase, today)


def _just_gone(day: date, phrase: str, today: date) -> date | None:
    """Moves "20 November", said on the 24th, back to the day that is meant: four days ago."""
    ahead = (day - today).days
    if _HAS_YEAR.search(phrase) or ahead <= FAR_DAYS:
        return day
    return day - timedelta(days=365) if ahead <= YEAR_DAYS else None


def _day_of_month(number: int, today: date) -> date | None:
    first = today.replace(day=1)
    if number < today.day:
        first = (first + timedelta(days=31)).replace(day=1)
    try:
        return first.replace(day=number)
    except ValueError:
        return None
