from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.figures.model import Tally, bounds, last_days
from bot.figures.spread import Spread

EDMONTON = ZoneInfo("America/Edmonton")
ST_JOHNS = ZoneInfo("America/St_Johns")


@pytest.mark.parametrize(
    ("day", "zone", "start", "hours"),
    [
        (date(2026, 11, 24), EDMONTON, "2026-11-24T07:00", 24),
        # The clocks change.
        (date(2026, 3, 8), EDMONTON, "2026-03-08T07:00", 23),
        (date(2026, 11, 1), EDMONTON, "2026-11-01T06:00", 25),
        # Half an hour off.
        (date(2026, 11, 24), ST_JOHNS, "2026-11-24T03:30", 24),
    ],
)
def test_a_day_is_the_clinics_own(day: date, zone: ZoneInfo, start: str, hours: int) -> None:
    first, last = bounds(day, zone)
    assert first.isoformat().startswith(start)
    assert last - first == timedelta(hours=hours)


def test_the_last_days_end_today() -> None:
    days = last_days(date(2026, 3, 2), 3)
    assert days == [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2)]


def test_channels_add_up() -> None:
    one = Tally(Counter(answer=2), Counter({"clinic/fees": 2}), replies=Spread.of([1.0]))
    other = Tally(Counter(answer=1, decline=4), waits={"person": [3.0, None], "talk": []})
    whole = Tally.total([one, other])
    assert whole.outcomes == {"answer": 3, "decline": 4}
    assert whole.messages == 7
    assert whole.waits == {"person": [3.0, None], "talk": []}
    assert Tally.total([]) == Tally()
    # What was added stays as it is.
    assert one.messages == 2


def test_what_is_kept_comes_back() -> None:
    tally = Tally(Counter(answer=2), replies=Spread.of([1.0]), waits={"person": [None], "talk": []})
    assert Tally.from_json(json.loads(json.dumps(tally.as_json()))) == tally
