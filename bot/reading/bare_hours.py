"""The number that stands right behind a day and has no word that tells an hour: "tuesday 10"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from bot.reading import hours
from bot.reading.context import Item
from bot.reading.days import day_of_month, either
from bot.reading.entity import TIME
from bot.reading.words import NUMBERS, words

_DAYS = frozenset({"date", "dated", "weekday", "weekly", "near", "holiday"})
_GONE = frozenset({"yesterday", "night"})
_JOINTS = frozenset({"or", "and", "/", "&", ","})
# What may follow an hour; any other word may be what is counted: "tuesday 2 people".
_FOLLOWS = words("""
    or and please pls plz svp if work works would is for with but maybe ok okay good fine great
    perfect i i'm im my me thanks thank thx instead then too also suit suits best not it it's its
    because so sharp when
""")
# "The tuesday one" is a day and no hour.
_NUMBERS = frozenset(NUMBERS[1:])
_LAST_HOUR, _LAST_DAY = 12, 31
_MINUTE_DIGITS = 2
# With three or four digits a number holds its minutes: "tuesday 1030".
_WITH_MINUTES = range(3, 5)


def with_bare_hours(items: Sequence[Item], said: Sequence[str], today: date) -> list[Item]:
    """The items, and the hours that nothing but a day before them tells.

    "Tuesday 15" names the day of the month, since no clock here shows it. What may be either has
    no value: the words are kept, and nothing is concluded from them.

    Args:
        items: What the patterns found, in order.
        said: The tokens of the text in canonical form.
        today: The day it is at the clinic.
    """
    taken = {place for item in items for place in range(item.start, item.end)}
    found: list[Item] = []
    for item in items:
        spans = list(_numbers_after(item, said, taken))
        found += _read(item, spans, said, today) if spans else [item]
    return found


def _numbers_after(item: Item, said: Sequence[str], taken: set[int]) -> Iterator[tuple[int, int]]:
    """Where the 10 and the 2 of "tuesday 10 or 2" stand."""
    if item.rule not in _DAYS or _GONE.intersection(said[item.start : item.end]):
        return
    place = item.end + (said[item.end : item.end + 1] == [","])
    while place not in taken and (length := _length(said, place)):
        if not _may_end(said, place + length):
            return
        yield place, place + length
        place += length
        if place >= len(said) or said[place] not in _JOINTS:
            return
        place += 1


def _length(said: Sequence[str], place: int) -> int:
    """How many tokens are an hour; none when there is no hour."""
    word, mark, minute = [*said[place : place + 3], "", "", ""][:3]
    if word in _NUMBERS or (len(word) in _WITH_MINUTES and word.isdecimal()):
        return 1
    if not word.isdecimal() or not 1 <= int(word) <= _LAST_DAY:
        return 0
    if mark in {".", "h"} and minute.isdecimal() and len(minute) == _MINUTE_DIGITS:
        return 3
    return 2 if mark == "h" else 1


def _may_end(said: Sequence[str], place: int) -> bool:
    """Whether nothing right behind it makes the number another one: a phone, a date, a count."""
    word, after = [*said[place : place + 2], "", ""][:2]
    if any(map(str.isalnum, word)):
        return word in _FOLLOWS
    return word not in {"%", "$"} and not (word in {"/", "-", ".", ":"} and after[:1].isdecimal())


def _read(
    item: Item, spans: Sequence[tuple[int, int]], said: Sequence[str], today: date
) -> Iterator[Item]:
    times = [time for span in spans if (time := _hour(span, said))]
    number = _bare_number(spans[0], said) if item.rule == "weekday" else 0
    nth = _of_that_weekday(item, number, today)
    if number > _LAST_HOUR:
        # A date that is no such weekday is no certain day.
        yield replace(item, end=spans[0][1], value=nth, info={})
        yield from (replace(t, value=None, info={}) for t in times if t.start != spans[0][0])
    elif nth is None or item.value is None:
        yield from (item, *times)
    else:
        days = either(date.fromisoformat(item.value), date.fromisoformat(nth))
        yield item if nth == item.value else replace(item, value=None, info=days.info)
        yield replace(times[0], value=None, info={})
        yield from times[1:]


def _hour(span: tuple[int, int], said: Sequence[str]) -> Item | None:
    found = hours.clock([word for word in said[slice(*span)] if word != "h"])
    return Item("clock", *span, TIME, found.value, found.info) if found.value else None


def _bare_number(span: tuple[int, int], said: Sequence[str]) -> int:
    """A number that may be the day of the month; 0 for any that tells an hour."""
    phrase = said[slice(*span)]
    is_bare = len(phrase) == 1 and phrase[0].isdecimal() and int(phrase[0]) <= _LAST_DAY
    return int(phrase[0]) if is_bare else 0


def _of_that_weekday(item: Item, number: int, today: date) -> str | None:
    """The next day of that number, where it falls on the weekday that was said."""
    nth, said = day_of_month(number, today).value, item.value or _first_candidate(item)
    if nth is None or said is None:
        return None
    is_same = date.fromisoformat(nth).weekday() == date.fromisoformat(said).weekday()
    return nth if is_same else None


def _first_candidate(item: Item) -> str | None:
    return next(iter(item.info.get("candidates", ())), None)
