"""What the page of figures and its spreadsheets are made from: some days of some channels."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.console.conversations import CHANNELS
from bot.console.visit import Visit
from bot.figures.model import Day, Tally, bounds, last_days
from bot.review.sameness import folded
from bot.storage.day_figures import DayRepository
from bot.storage.message_groups import Group, Grouping, GroupRepository, Member

RANGES = (7, 30, 90)
USUAL = 30
# Groups on the page, and messages of each.
GROUPS, MEMBERS = 12, 12
NOTHING = Tally()
# Beside the most central one, what is read at once.
OTHERS = 3
# In a spreadsheet, where nobody scrolls.
MOST_GROUPS, MOST_MEMBERS = 1_000, 5_000


@dataclass(frozen=True)
class Card:
    """A group as the page shows it.

    Attributes:
        size: How many messages there are.
        first: The most central message.
        others: A few that say it in other words.
        more: Further ones.
        waiting: Those that wait for a reviewer.
        hidden: How many are not on the page.
    """

    size: int
    first: Member
    others: tuple[Member, ...]
    more: tuple[Member, ...]
    waiting: tuple[Member, ...]
    hidden: int

    @classmethod
    def of(cls, group: Group) -> Card:
        """From a group, of which the different wordings come first."""
        first, *rest = group.members
        said = {folded(first.text)}
        others: list[Member] = []
        for member in rest:
            if len(others) < OTHERS and folded(member.text) not in said:
                said.add(folded(member.text))
                others.append(member)
        more = tuple(member for member in rest if member not in others)
        waiting = tuple(member for member in group.members if member.state == "open")
        hidden = group.size - len(group.members)
        return cls(group.size, first, tuple(others), more, waiting, hidden)


@dataclass(frozen=True)
class View:
    """Counted days.

    Attributes:
        days: Today last.
        channel: The only one that is looked at; None: all.
        counted: By day; one that is not counted yet is not there.
        titles: What the answers are called.
        zone: The clinic's.
    """

    days: Sequence[date]
    channel: str | None
    counted: Mapping[date, Day]
    titles: Mapping[str, str]
    zone: ZoneInfo

    @property
    def channels(self) -> tuple[str, ...]:
        """Those that are looked at."""
        return (self.channel,) if self.channel else CHANNELS

    @property
    def uncounted(self) -> int:
        """How many days are not counted yet."""
        return sum(day not in self.counted for day in self.days)

    @property
    def start(self) -> datetime:
        """When the first day begins."""
        return bounds(self.days[0], self.zone)[0]

    @property
    def end(self) -> datetime:
        """When today ends."""
        return bounds(self.days[-1], self.zone)[1]

    def of(self, day: date, channel: str) -> Tally:
        """What was counted of a channel on a day; nothing where there was nothing."""
        return self.counted.get(day, {}).get(channel, NOTHING)

    @cached_property
    def by_day(self) -> list[tuple[date, Tally]]:
        """Each day."""
        return [(day, Tally.total(self.of(day, c) for c in self.channels)) for day in self.days]

    @cached_property
    def by_channel(self) -> list[tuple[str, Tally]]:
        """Each channel that has anything."""
        found = [(one, Tally.total(self.of(d, one) for d in self.days)) for one in self.channels]
        return [(one, tally) for one, tally in found if tally != NOTHING]

    @cached_property
    def total(self) -> Tally:
        """All of it."""
        return Tally.total(tally for _, tally in self.by_channel)


async def view_of(visit: Visit) -> View:
    """What an address asks for; what makes no sense there is left out."""
    services, profile = visit.desk.services, visit.desk.profile
    asked, channel = visit.query.get("days", ""), visit.query.get("channel")
    count = int(asked) if asked in {str(n) for n in RANGES} else USUAL
    days = last_days(profile.now().date(), count)
    counted = await DayRepository(services.database, profile.timezone).since(days[0])
    library = services.library
    return View(
        days,
        channel if channel in CHANNELS else None,
        counted,
        {topic: library.title(topic) for topic in library.topics},
        ZoneInfo(profile.timezone),
    )


async def groups_of(
    visit: Visit, view: View, *, limit: int = GROUPS, members: int = MEMBERS
) -> tuple[list[Group], Grouping | None]:
    """Groups of what was not answered in these days, and when they were made."""
    groups = GroupRepository(visit.desk.services.database)
    found = await groups.groups(view.start, view.end, view.channel, limit=limit, members=members)
    return found, await groups.latest()


def share(times: Sequence[float], part: float) -> float | None:
    """The time within which this part of them was over; None where there are none."""
    ordered = sorted(times)
    return ordered[max(math.ceil(part * len(ordered)), 1) - 1] if ordered else None
