"""What is counted of a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from bot.figures.spread import Spread

# The longest range that is shown; what is older is not kept either.
DAYS = 90
# The steps of a visit that are recorded, in order. Whether the patient came is not.
STEPS = ("asked", "begun", "sent", "offered", "confirmed")
# A patient waits for a person after asking for one, and after each message while one has the talk.
WAITS = ("person", "talk")


@dataclass
class Tally:
    """What is counted of one channel on one day, or of several of them together.

    Attributes:
        outcomes: Messages by what kind of reply they got.
        answers: Answered messages by the first topic answered.
        thumbs_down: Those of them whose answer the patient marked down.
        visits: Conversations by how far they came, ``STEPS``.
        replies: How long the assistant took, in seconds.
        waits: How long patients waited for a person, in seconds, by ``WAITS``; None: nobody wrote.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    thumbs_down: Counter[str] = field(default_factory=Counter)
    visits: Counter[str] = field(default_factory=Counter)
    replies: Spread = field(default_factory=Spread)
    waits: dict[str, list[float | None]] = field(
        default_factory=lambda: {kind: [] for kind in WAITS}
    )

    @property
    def messages(self) -> int:
        """How many messages there were."""
        return sum(self.outcomes.values())

    @classmethod
    def total(cls, tallies: Iterable[Tally]) -> Tally:
        """All of them together."""
        whole = cls()
        for one in tallies:
            whole.outcomes.update(one.outcomes)
            whole.answers.update(one.answers)
            whole.thumbs_down.update(one.thumbs_down)
            whole.visits.update(one.visits)
            whole.replies.update(one.replies)
            for kind in WAITS:
                whole.waits[kind] += one.waits[kind]
        return whole

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        counted = ("outcomes", "answers", "thumbs_down", "visits")
        counts = {name: dict(sorted(getattr(self, name).items())) for name in counted}
        return {**counts, "replies": self.replies.as_json(), "waits": self.waits}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Tally:
        """From what was kept."""
        return cls(
            Counter(kept["outcomes"]),
            Counter(kept["answers"]),
            Counter(kept["thumbs_down"]),
            Counter(kept["visits"]),
            Spread.from_json(kept["replies"]),
            {kind: list(kept["waits"][kind]) for kind in WAITS},
        )


# By channel; one without messages is not there.
Day = dict[str, Tally]


def bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A day of the clinic's from its midnight to the next, in UTC: 23 to 25 hours."""
    return tuple(  # type: ignore[return-value]
        datetime.combine(one, time(), zone).astimezone(timezone.utc)
        for one in (day, day + timedelta(days=1))
    )


def last_days(today: date, count: int = DAYS) -> list[date]:
    """So many days, today the last of them."""
    return [today - timedelta(days=ago) for ago in reversed(range(count))]
