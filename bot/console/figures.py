"""Figures: what comes in, what becomes of it, what nobody answered, and how long it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanic.response import HTTPResponse, raw

from bot.console import figure_sheets as sheets
from bot.console.charts import Picture, part_of, ranges, stacked
from bot.console.conversations import CHANNELS
from bot.console.figure_view import (
    MOST_GROUPS,
    MOST_MEMBERS,
    RANGES,
    Card,
    View,
    groups_of,
    view_of,
)
from bot.console.figure_words import CHANNEL_WORDS, KINDS, WAIT_WORDS, day_words, percent, spoken
from bot.console.routes import NothingHere, Route
from bot.console.sheets import Sheet, Value
from bot.console.visit import Visit
from bot.figures.model import Tally
from bot.staff.roles import Permission
from bot.storage.audit import Entry
from bot.storage.message_groups import Grouping

# Of the list of questions, in the page; the table behind it has all.
TOP = 10
WEEK = 7
# Days between two days that are named below a picture.
NAMED = {7: 1, 30: 7, 90: 15}
PICTURES: dict[str, Callable[[View], Sheet]] = {
    "messages": sheets.outcomes_sheet,
    "questions": sheets.questions_sheet,
    "visits": sheets.visits_sheet,
    "replies": sheets.replies_sheet,
    "waits": sheets.waits_sheet,
}
UNANSWERED = "unanswered"


@dataclass(frozen=True)
class Line:
    """One lying bar with its words.

    Attributes:
        values: Those of the row of the table behind it.
        length: Of the bar, of 100.
    """

    values: tuple[Value, ...]
    length: float


async def show(visit: Visit) -> HTTPResponse:
    """The whole page; a few kept rows are read for it."""
    view = await view_of(visit)
    groups, grouping = await groups_of(visit, view)
    cards = [Card.of(group) for group in groups]
    # In a thread, since the loop answers patients.
    return await asyncio.to_thread(_page, visit, view, cards, grouping)


def _page(
    visit: Visit, view: View, cards: Sequence[Card], grouping: Grouping | None
) -> HTTPResponse:
    return visit.page(
        "figures.html",
        view=view,
        cards=cards,
        grouping=grouping,
        ranges=RANGES,
        channels=CHANNELS,
        channel_words=CHANNEL_WORDS,
        percent=percent,
        **_drawn(view),
    )


def _drawn(view: View) -> dict[str, Any]:
    """Pictures and tables."""
    tables = {name: make(view) for name, make in PICTURES.items()}
    return {
        "tables": tables,
        "kinds": {kind: words for kind, (words, _) in KINDS.items()},
        "counts": sheets.kinds_of(view.total),
        "picture": _messages(view),
        "replies": [(n, _replies(view, n)) for n, tally in view.by_channel if tally.replies.count],
        "questions": _lines(tables["questions"])[:TOP],
        "visits": _lines(tables["visits"]),
        "waits": _waits(view.total),
        "day_names": _day_names(view.days),
        "tiles": _tiles(view.total),
    }


async def export(visit: Visit, picture: str) -> HTTPResponse:
    """What a picture is made from, as a spreadsheet."""
    if picture not in {*PICTURES, UNANSWERED}:
        raise NothingHere
    view = await view_of(visit)
    if picture == UNANSWERED:
        groups, _ = await groups_of(visit, view, limit=MOST_GROUPS, members=MOST_MEMBERS)
        sheet = sheets.groups_sheet(view, groups)
    else:
        sheet = PICTURES[picture](view)
    detail = {"days": len(view.days), "channel": view.channel or "all"}
    await visit.desk.office.audit.add(Entry(visit.user.actor, "figures_exported", picture, detail))
    name = "-".join(filter(None, (picture, view.channel, str(view.days[-1]))))
    return raw(
        sheet.as_csv().encode(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _messages(view: View) -> Picture:
    bars = []
    for day, tally in view.by_day:
        parts = list(sheets.kinds_of(tally).items())
        told = [f"{count:,} {KINDS[kind][0].lower()}" for kind, count in parts if count]
        bars.append((f"{day_words(day)}: {', '.join(told) or 'no messages'}", parts))
    return stacked(bars)


def _replies(view: View, channel: str) -> Picture:
    bars: list[tuple[str, tuple[float, float, float] | None]] = []
    for day in view.days:
        spread = view.of(day, channel).replies
        shares = spread.shares(sheets.MEDIAN, sheets.MOST)
        if shares is None:
            bars.append((f"{day_words(day)}: no replies", None))
            continue
        middle, most = shares
        told = f"median {spoken(middle)}, 95 of 100 within {spoken(most)}"
        title = f"{day_words(day)}: {told}, slowest {spoken(spread.slowest)}"
        bars.append((title, (middle, most, max(spread.slowest, most))))
    return ranges(bars)


def _lines(table: Sheet) -> list[Line]:
    most = max((row[1] for row in table.rows if isinstance(row[1], int)), default=0)
    return [
        Line(tuple(row), part_of(row[1] if isinstance(row[1], int) else 0, most))
        for row in table.rows
    ]


def _waits(total: Tally) -> list[tuple[str, list[Line]]]:
    found = []
    for kind, words in WAIT_WORDS.items():
        classes = sheets.classes_of(total.waits[kind])
        most = max(count for _, count in classes)
        lines = [Line((name, count), part_of(count, most)) for name, count in classes]
        found += [(words, lines)] if most else []
    return found


def _day_names(days: Sequence[date]) -> list[str]:
    """A name for some of the days, nothing for the others; today has one."""
    apart, is_week = NAMED[len(days)], len(days) == WEEK
    return [
        (f"{day:%a} {day.day}" if is_week else f"{day.day} {day:%b}") if ago % apart == 0 else ""
        for ago, day in zip(reversed(range(len(days))), days, strict=True)
    ]


def _tiles(total: Tally) -> list[tuple[str, str]]:
    kinds = sheets.kinds_of(total)
    whole = total.messages
    unanswered = kinds["clarified"] + kinds["declined"]
    return [
        ("Messages", f"{whole:,}"),
        ("Answered", percent(kinds["answered"] / whole if whole else None)),
        ("Asked back or declined", percent(unanswered / whole if whole else None)),
        ("Median reply", spoken((total.replies.shares(sheets.MEDIAN) or (None,))[0])),
    ]


READ = Permission.CONVERSATIONS
ROUTES = (
    Route("GET", "/figures", READ, show),
    Route("GET", "/figures/export/<picture:str>", READ, export),
)
