"""Finds every value in a text: cheap when there is none, and never an exception."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from bot.reading import dates, hours
from bot.reading.bare_hours import with_bare_hours
from bot.reading.contact import find_emails, find_phones
from bot.reading.context import Context, Item
from bot.reading.english import encodable, english
from bot.reading.entity import DATE, DAY_PART, EMAIL, PERSON, PHONE, TIME, Entity, Read
from bot.reading.patterns import Match, Patterns, Seen
from bot.reading.person import find_people
from bot.reading.signature import unannounced
from bot.reading.words import MONTHS, WEEKDAYS, words

# As much as a channel takes in one message.
LOOKED_AT = 2_000
LISTED = "listed"
_SUFFIXED = (["st"], ["nd"], ["rd"], ["th"])
_CLOCK_AFTER = frozenset({"am", "pm", "a.m", "p.m", "a.m.", "p.m."})
_KINDS = {"part": DAY_PART, "weekpart": DAY_PART, "weekly": DAY_PART}
# "After 5 sessions", "10-12 needles": a number of things and no time.
_COUNTED = words("""
    session visit treatment time day week month year hour minute min people person kid needle
    percent % dollar appointment clinic place
""")
# "The 1st available opening" is no first of the month.
_CHOSEN = words("""
    available opening free appointment visit time floor choice slot thing one week session
    ave avenue street st
""")
_DAYS = frozenset({*WEEKDAYS, "today", "tomorrow"})
TONIGHT = "17:00-"
_SAT = frozenset({"i", "we", "he", "she", "they", "just", "have"})


class Reader:
    """Reads texts of one clinic's patients."""

    def __init__(self, timezone: str, province: str) -> None:
        """Makes a reader.

        Args:
            timezone: The clinic's, for example "America/Edmonton"; "tomorrow" is tomorrow there.
            province: Whose holidays are meant, for example "AB".
        """
        self._zone = ZoneInfo(timezone)
        self._province = province
        self._patterns = Patterns(english())

    def read(self, text: str, now: datetime) -> Read:
        """What is in a text.

        Args:
            text: As the patient wrote it; what is past ``LOOKED_AT`` is left out.
            now: The present moment; aware.
        """
        seen = encodable(text[:LOOKED_AT])
        contacts = list(_contacts(seen))
        others = [*contacts, *_people(seen, contacts)]
        taken = [(entity.start, entity.end) for entity in others]
        whens = self._whens(seen, now.astimezone(self._zone).date(), taken)
        return Read(text, tuple(sorted([*others, *whens], key=lambda e: (e.start, e.end))))

    def _whens(self, text: str, today: date, taken: list[tuple[int, int]]) -> Iterator[Entity]:
        seen = self._patterns.find(text)
        if seen is None:
            return
        items = sorted(self._items(seen.words, seen.matches, today), key=lambda item: item.start)
        items = with_bare_hours(items, seen.words, today)
        for item in Context(seen.words, seen.negates).apply(items):
            entity = _entity(text, seen, item)
            if not any(start < entity.end and entity.start < end for start, end in taken):
                yield entity

    def _items(self, said: list[str], matches: Iterable[Match], today: date) -> Iterator[Item]:
        taken = 0
        for match in (_trimmed(match, said) for match in matches):
            if match.start < taken:
                continue
            if _is_something_else(match, said):
                continue
            if match.rule == LISTED:
                listed = list(self._listed(match, said, today))
                taken = listed[-1].end
                yield from listed
                continue
            phrase = said[match.start : match.end]
            if match.rule in hours.RULES:
                found = hours.RULES[match.rule](phrase)
            else:
                found = dates.RULES[match.rule](dates.Phrase(phrase, today, self._province))
            default = TIME if match.rule in hours.RULES else DATE
            kind = _KINDS.get(match.rule, default) if found.kind is None else found.kind
            if kind:
                yield Item(match.rule, match.start, match.end, kind, found.value, found.info)
            yield from _on_this_day(match, said, today)

    def _listed(self, match: Match, said: list[str], today: date) -> Iterator[Item]:
        """Each day of "dec 3, 4 or 5"; in "dec 3 or 4 pm" the last one is a time."""
        places = range(match.start, match.end)
        month = next(said[place] for place in places if said[place] in MONTHS)
        numbers = [place for place in places if said[place].isdecimal()]
        after = said[match.end] if match.end < len(said) else ""
        for place in numbers:
            start = match.start if place == numbers[0] else place
            end = place + 1 + (said[place + 1 : place + 2] in _SUFFIXED)
            if place == numbers[-1] and after in _CLOCK_AFTER:
                found = hours.RULES["clock"]([said[place], after])
                yield Item("clock", place, match.end + 1, TIME, found.value, found.info)
                continue
            found = dates.RULES["date"](dates.Phrase([month, said[place]], today, self._province))
            yield Item("date", start, end, DATE, found.value, found.info)


def _trimmed(match: Match, said: list[str]) -> Match:
    end = match.end
    while end > match.start + 1 and said[end - 1] in {".", ",", ":"}:
        end -= 1
    return match._replace(end=end)


def _is_something_else(match: Match, said: list[str]) -> bool:
    after = said[match.end].rstrip("s") if match.end < len(said) else ""
    before = said[match.start - 1] if match.start else ""
    first, last = said[match.start], said[match.end - 1]
    is_weekday = match.rule == "weekday"
    return (
        before == "$"
        or after in {"%", "$"}
        or (match.rule in {"at", "hours"} and after in _COUNTED and last not in {"am", "pm"})
        or (match.rule == "ordinal" and after in _CHOSEN)
        or (first == "than" and before not in {"early", "late"})
        or (match.rule == "part" and before == "good")
        or (match.rule == "part" and first == "am" and before not in _DAYS)
        or (is_weekday and first == "sunday" and before == "the")
        or (is_weekday and first == "saturday" and (before in _SAT or after == "down"))
    )


def _on_this_day(match: Match, said: list[str], today: date) -> Iterator[Item]:
    """What else "tonight" and "this morning" say."""
    if match.rule == "near" and said[match.start] == "tonight":
        yield Item("part", match.start, match.end, DAY_PART, TONIGHT)
    if match.rule == "part" and match.start and said[match.start - 1] == "this":
        yield Item("near", match.start - 1, match.start, DATE, today.isoformat())


def _entity(text: str, seen: Seen, item: Item) -> Entity:
    start, end = seen.places[item.start][0], seen.places[item.end - 1][1]
    return Entity(item.kind, start, end, text[start:end], item.value, item.role, item.info)


def _contacts(text: str) -> Iterator[Entity]:
    for kind, find in ((EMAIL, find_emails), (PHONE, find_phones)):
        for start, end, value in find(text):
            yield Entity(kind, start, end, text[start:end], value)


def _people(text: str, contacts: list[Entity]) -> Iterator[Entity]:
    places = list(find_people(text))
    if not places:
        likely = unannounced(text, [(entity.start, entity.end) for entity in contacts])
        places = [(start, end, False) for start, end in islice(likely, 1)]
    for start, end, is_stated in places:
        name = text[start:end]
        yield Entity(PERSON, start, end, name, name, info={"stated": is_stated})


@lru_cache(maxsize=8)
def reader(timezone: str, province: str) -> Reader:
    """The reader of a clinic, made once."""
    return Reader(timezone, province)
