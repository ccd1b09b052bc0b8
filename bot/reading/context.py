"""What stands around a phrase and changes it: "not", "after", "to", the week of a weekday."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from bot.reading.days import DAY_NAMES, WEEK, bounds, is_range, span
from bot.reading.entity import DATE, DAY_PART, EXCLUDED, TIME
from bot.reading.words import WEEKDAYS, words

ONE_DAY = timedelta(days=1)
_TO = frozenset({"-", "to", "until", "through"})
_STARTS = frozenset({"from", "since", "starting"})
_ENDS = frozenset({"until", "by"})
_ONWARDS = (
    ["onward"],
    ["onwards"],
    ["or", "later"],
    ["or", "late"],
    ["or", "after"],
    ["and", "on"],
)
_LISTS = frozenset({",", "on", "the", "or", "and", "/", "but", "not", "except", "either", "maybe"})
_OF = frozenset({"of", "in", "on", ",", "the"})
# Between a "not" and what it denies.
_FILLERS = words("""
    on the in at any do does make it able to come coming work available free before after early late
    than is a be good for me have i only really
""")
_VERBS = words("is are does do would will was 's that really so")
_LATER_NO = words("""
    not no isn't isnt aren't arent doesn't doesnt don't dont won't wont can't cant cannot out bad
""")
_SHARES = frozenset({"or", "and", "nor", "/", "on", "the"})
_GOES_ON = (["is"], ["are"], ["would"], ["works"], ["work"], ["'s"])
_COMPARED = {"late": "{}-", "early": "-{}"}
REACH = 4


@dataclass(frozen=True)
class Item:
    """A phrase found, in tokens, with what it means so far."""

    rule: str
    start: int
    end: int
    kind: str
    value: str | None
    info: dict[str, Any] = field(default_factory=dict)
    role: str | None = None

    @property
    def is_day(self) -> bool:
        """Whether it names one day, certain or not."""
        return self.kind == DATE and not is_range(self.value)


class Context:
    """The words around the items of one text."""

    def __init__(self, said: Sequence[str], is_negator: Sequence[bool]) -> None:
        """Looks at a text.

        Args:
            said: Its tokens in canonical form.
            is_negator: Which of them deny what follows.
        """
        self._words = said
        self._negates = is_negator

    def apply(self, items: Sequence[Item]) -> list[Item]:
        """The items as their surroundings make them."""
        steps: tuple[Callable[[list[Item]], list[Item]], ...] = (
            self._months_shared,
            self._in_weeks,
            self._ranges,
            self._open_ends,
            self._compared,
            self._denied,
        )
        found = list(items)
        for step in steps:
            found = step(found)
        return found

    def _gap(self, one: Item, other: Item) -> Sequence[str]:
        return self._words[one.end : other.start]

    def _months_shared(self, items: list[Item]) -> list[Item]:
        """In "December 24th or 26th" the second day belongs to a month said before it."""
        shared = False
        result = []
        for item in items:
            result.append(replace(item, value=None) if shared and item.rule == "ordinal" else item)
            shared = shared or item.rule == "date"
        return result

    def _in_weeks(self, items: list[Item]) -> list[Item]:
        """In "next week, Tuesday or Friday" and "Friday next week" the days are of that week."""
        result: list[Item] = []
        week: Item | None = None
        for item in items:
            previous = result[-1] if result else None
            is_weekday = item.rule == "weekday"
            if _is_week(item) and previous and self._is_before(previous, item):
                result[-1], week = _in_week(previous, item, end=item.end), None
            elif previous and (counted := self._counted(previous, item)):
                result[-1], week = counted, None
            elif is_weekday and week and previous and self._lists(previous, item, week):
                result.append(_in_week(item, week))
            else:
                if item.kind == DATE:
                    week = item if _is_week(item) else None
                result.append(item)
        return [item for item in result if not self._is_narrowed(item, result)]

    def _counted(self, one: Item, other: Item) -> Item | None:
        """In "in two weeks on tues" and "tuesday in 2 weeks" the day is of the week counted to."""
        day, ahead = (one, other) if other.rule == "ahead" else (other, one)
        is_counted = (
            (ahead.rule, day.rule) == ("ahead", "weekday")
            and bool({"week", "month"} & set(self._words[ahead.start : ahead.end]))
            and not set(self._words[ahead.start : ahead.end]) & set(WEEKDAYS)
            and "within" not in self._words[ahead.start : ahead.end]
            and set(self._gap(one, other)) <= _OF
        )
        if not is_counted or ahead.value is None:
            return None
        return replace(_in_week(day, ahead), start=one.start, end=other.end)

    def _is_before(self, day: Item, week: Item) -> bool:
        return day.rule == "weekday" and set(self._gap(day, week)) <= _OF

    def _lists(self, previous: Item, item: Item, week: Item) -> bool:
        gap = self._gap(previous, item)
        denied = any(self._negates[i] for i in range(previous.end, item.start))
        if previous is week and not denied and "or" in gap:
            return False
        return set(gap) <= _LISTS or (denied and len(gap) <= REACH)

    def _is_narrowed(self, item: Item, items: list[Item]) -> bool:
        """Whether a week says no more, since a wanted day of it follows at once."""
        after = next((other for other in items if other.start >= item.end), None)
        if after is None or not _is_week(item) or after.rule != "weekday" or not after.value:
            return False
        gap = range(item.end, after.start)
        listed = {self._words[i] for i in gap} <= _LISTS - {"or"}
        inside = _is_within(date.fromisoformat(after.value), item)
        return listed and inside and not any(self._negates[i] for i in gap)

    def _ranges(self, items: list[Item]) -> list[Item]:
        """Joins "Monday to Thursday", "the 5th - the 9th", "between the 3rd and the 5th"."""
        result: list[Item] = []
        for item in items:
            if result and (joined := self._joined(result[-1], item)):
                result[-1] = joined
            else:
                result.append(item)
        return result

    def _joined(self, one: Item, other: Item) -> Item | None:
        if not self._is_joint(one, other) or {one.kind, other.kind} - {DATE, DAY_PART}:
            return None
        if one.rule in {"weekday", "weekly"} and other.rule in {"weekday", "weekly"}:
            days = [self._weekday(item) for item in (one, other)]
            return replace(one, end=other.end, kind=DAY_PART, value="-".join(days), info={})
        if not (one.is_day and other.is_day):
            return None
        first, last = bounds(one.value)[0], bounds(other.value)[0]
        if other.rule == "ordinal" and first and one.value:
            last = _same_month(first, self._number(other))
        ordered = first is not None and last is not None and first < last
        return replace(
            one, end=other.end, rule="range", value=span(first, last) if ordered else None, info={}
        )

    def _is_joint(self, one: Item, other: Item) -> bool:
        gap = [word for word in self._gap(one, other) if word != "the"]
        before = self._words[max(0, one.start - 2) : one.start]
        return len(gap) == 1 and (gap[0] in _TO or (gap[0] == "and" and "between" in before))

    def _weekday(self, item: Item) -> str:
        said = next(w for w in self._words[item.start : item.end] if w in WEEKDAYS)
        return DAY_NAMES[WEEKDAYS.index(said)]

    def _number(self, item: Item) -> int:
        return next(int(w) for w in self._words[item.start : item.end] if w.isdecimal())

    def _open_ends(self, items: list[Item]) -> list[Item]:
        return [self._opened(item) if item.kind == DATE else item for item in items]

    def _opened(self, item: Item) -> Item:
        """After the 5th, before Christmas, until Friday, the 3rd onwards."""
        before = self._words[item.start - 1] if item.start else ""
        if before == "the" and item.start > 1:
            before = self._words[item.start - 2]
        after = [list(self._words[item.end : item.end + n]) for n in (1, 2)]
        first, last = bounds(item.value)
        ends = {
            "after": (last + ONE_DAY if last else None, None),
            "past": (last + ONE_DAY if last else None, None),
            "before": (None, first - ONE_DAY if first else None),
            **dict.fromkeys(_STARTS, (first, None)),
            **dict.fromkeys(_ENDS, (None, last)),
        }
        opened = ends.get(before)
        if opened is None and any(words in _ONWARDS for words in after):
            opened = (first, None)
        if opened is None or (item.rule in {"near", "ahead"} and before == "from"):
            return item
        begins = item.start - 1 if before in ends else item.start
        value = None if opened == (None, None) else span(*opened)
        return replace(item, start=begins, rule="range", value=value, info={})

    def _compared(self, items: list[Item]) -> list[Item]:
        """Later than three is from three; a "no" before it is turned with all others."""
        return [self._turned_by_than(item) if item.kind == TIME else item for item in items]

    def _turned_by_than(self, item: Item) -> Item:
        than = item.start - (self._words[item.start] != "than")
        word = self._words[than - 1] if than > 0 and self._words[than] == "than" else ""
        if item.value is None or word not in _COMPARED:
            return item
        value = _COMPARED[word].format(item.value.strip("-"))
        return replace(item, start=than - 1, value=value)

    def _denied(self, items: list[Item]) -> list[Item]:
        result: list[Item] = []
        for index, item in enumerate(items):
            floor = items[index - 1].end if index else 0
            ceiling = items[index + 1].start if index + 1 < len(items) else len(self._words)
            denied = self._is_denied_before(item, floor) or self._is_denied_after(item, ceiling)
            if not denied and result and result[-1].role == EXCLUDED:
                # A list shares its "not": "not monday or friday".
                listed = set(self._words[floor : item.start]) <= _SHARES and floor < item.start
                denied = listed and self._words[item.end : item.end + 1] not in _GOES_ON
            result.append(_turned(item) if denied else item)
        return result

    def _is_denied_before(self, item: Item, floor: int) -> bool:
        for place in range(item.start - 1, max(floor, item.start - 1 - REACH) - 1, -1):
            if self._negates[place]:
                # "sorry but friday" is no refusal of Friday; "any day but friday" is one.
                return self._words[place] != "but" or self._is_except(place)
            if self._words[place] not in _FILLERS:
                return False
        return False

    def _is_except(self, place: int) -> bool:
        before = self._words[max(0, place - 3) : place]
        return any(word in {"any", "anytime", "anyday", "every", "all"} for word in before)

    def _is_denied_after(self, item: Item, ceiling: int) -> bool:
        for place in range(item.end, min(ceiling, item.end + REACH)):
            if self._words[place] in _LATER_NO:
                # "Thursday, not Tuesday" denies the second.
                return place + 1 < ceiling or ceiling == len(self._words)
            if self._words[place] not in _VERBS:
                return False
        return False


def _is_week(item: Item) -> bool:
    return item.rule == "period" and is_range(item.value)


def _is_within(day: date, week: Item) -> bool:
    first, last = bounds(week.value)
    return first is not None and last is not None and first <= day <= last


def _in_week(item: Item, week: Item, end: int | None = None) -> Item:
    """The weekday of an item within a week."""
    monday = bounds(week.value)[0]
    candidate = item.value or next(iter(item.info.get("candidates", ())), None)
    if monday is None or candidate is None:
        return item
    monday -= timedelta(days=monday.weekday())
    moved = monday + timedelta(days=date.fromisoformat(candidate).weekday() % WEEK)
    return replace(item, value=moved.isoformat(), info={}, end=end or item.end)


def _same_month(first: date, number: int) -> date | None:
    try:
        return first.replace(day=number)
    except ValueError:
        return None


def _turned(item: Item) -> Item:
    """What a "not" makes of it: not before three is from three; not Friday is a day left out."""
    if item.kind == TIME and item.value and (item.value[0] == "-") != (item.value[-1] == "-"):
        bare = item.value.strip("-")
        turned = f"{bare}-" if item.value[0] == "-" else f"-{bare}"
        return replace(item, value=turned)
    return replace(item, role=EXCLUDED)
