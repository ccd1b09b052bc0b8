"""The tables behind the pictures of the figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.console.figure_view import View, share
from bot.console.figure_words import (
    CHANNEL_WORDS,
    KINDS,
    NOT_WRITTEN,
    STEP_WORDS,
    WAIT_CLASSES,
    WAIT_WORDS,
)
from bot.console.notices import OUTCOME_WORDS
from bot.console.sheets import Column, Sheet, Value
from bot.figures.model import STEPS, Tally
from bot.figures.spread import Spread
from bot.storage.message_groups import Group

MEDIAN, MOST = 0.5, 0.95
GONE = "An answer without a card"
DAY, CHANNEL = Column("Day", "day"), Column("Channel", "words")
TIMES = (Column("Median", "seconds"), Column("95 of 100 within", "seconds"))
SLOWEST = Column("Slowest", "seconds")


def kinds_of(tally: Tally) -> dict[str, int]:
    """How many messages came to each kind, those without any too."""
    return {
        kind: sum(tally.outcomes[outcome] for outcome in outcomes)
        for kind, (_, outcomes) in KINDS.items()
    }


def outcomes_sheet(view: View) -> Sheet:
    """Messages by day and by what they came to."""
    rows: list[list[Value]] = [
        [day, *kinds_of(tally).values(), tally.messages] for day, tally in reversed(view.by_day)
    ]
    columns = (DAY, *(Column(name) for name, _ in KINDS.values()), Column("All"))
    return Sheet("messages", "Messages by day", columns, rows)


def questions_sheet(view: View) -> Sheet:
    """Answers by how often they were given."""
    answers, down = view.total.answers, view.total.thumbs_down
    whole = sum(answers.values())
    # Of equals in the order of their names, so that the list stands still.
    ordered = sorted(answers.items(), key=lambda one: (-one[1], one[0]))
    rows: list[list[Value]] = [
        [view.titles.get(topic, GONE), count, count / whole, down[topic]]
        for topic, count in ordered
    ]
    columns = (
        Column("Question", "words"),
        Column("Answered"),
        Column("Share", "share"),
        Column("Thumbs down"),
    )
    return Sheet("questions", "Top questions", columns, rows)


def groups_sheet(view: View, groups: Sequence[Group]) -> Sheet:
    """Messages that were not answered, by what they ask."""
    rows: list[list[Value]] = [
        [
            number,
            group.size,
            member.text,
            member.at.astimezone(view.zone),
            CHANNEL_WORDS.get(member.channel, member.channel),
            OUTCOME_WORDS.get(member.outcome, member.outcome),
        ]
        for number, group in enumerate(groups, 1)
        for member in group.members
    ]
    words = [Column(name, "words") for name in ("Channel", "Outcome")]
    columns = (Column("Group"), Column("Size"), Column("Message", "words"))
    when = Column("When", "moment")
    return Sheet("unanswered", "What was not answered", (*columns, when, *words), rows)


def visits_sheet(view: View) -> Sheet:
    """How far conversations about a visit came."""
    visits = view.total.visits
    rows: list[list[Value]] = []
    for before, step in zip(("", *STEPS), STEPS, strict=False):
        of_all = visits[step] / visits["asked"] if visits["asked"] else None
        of_before = visits[step] / visits[before] if before and visits[before] else None
        rows.append([STEP_WORDS[step], visits[step], of_all, of_before])
    columns = (
        Column("Step", "words"),
        Column("Conversations"),
        Column("Of those that asked", "share"),
        Column("Of the step before", "share"),
    )
    return Sheet("visits", "From the question to the visit", columns, rows)


def replies_sheet(view: View) -> Sheet:
    """How long the assistant took, by channel and then by day as well."""
    rows = [list(_times("All days", name, tally.replies)) for name, tally in view.by_channel]
    for day in reversed(view.days):
        for channel in view.channels:
            replies = view.of(day, channel).replies
            if replies.count:
                rows.append(list(_times(day, channel, replies)))
    columns = (DAY, CHANNEL, Column("Replies"), *TIMES, SLOWEST)
    return Sheet("replies", "From a message to its reply", columns, rows)


def _times(first: Value, channel: str, replies: Spread) -> Iterator[Value]:
    yield from (first, CHANNEL_WORDS.get(channel, channel), replies.count)
    shares = replies.shares(MEDIAN, MOST)
    yield from shares or (None, None)
    yield replies.slowest if shares else None


def waits_sheet(view: View) -> Sheet:
    """How long patients waited for a person."""
    rows: list[list[Value]] = []
    for kind, words in WAIT_WORDS.items():
        for channel, tally in view.by_channel:
            waits = tally.waits[kind]
            written = [one for one in waits if one is not None]
            if waits:
                name = CHANNEL_WORDS.get(channel, channel)
                times = [share(written, MEDIAN), share(written, MOST), max(written, default=None)]
                rows.append([words, name, len(waits), len(written), *times])
    columns = (
        Column("Waited", "words"),
        CHANNEL,
        Column("Times"),
        Column("Staff wrote"),
        *TIMES,
        SLOWEST,
    )
    return Sheet("waits", "Waiting for a person", columns, rows)


def classes_of(waits: Iterable[float | None]) -> list[tuple[str, int]]:
    """How many waited how long, in the words for it; those to whom nobody wrote come last."""
    all_of_them = list(waits)
    known = [one for one in all_of_them if one is not None]
    found, below = [], -1.0
    for most, words in WAIT_CLASSES:
        found.append((words, sum(below < one <= most for one in known)))
        below = most
    return [*found, (NOT_WRITTEN, len(all_of_them) - len(known))]
