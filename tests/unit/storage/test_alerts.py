from __future__ import annotations

from datetime import datetime, timezone

from bot.storage.alerts import AlertRepository
from bot.storage.database import Database

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)


async def test_open_alerts_are_those_nobody_has_seen_oldest_first(database: Database) -> None:
    alerts = AlertRepository(database, lambda: NOON)
    first = await alerts.add("red_flag", "emergency", "chest_pain", "one")
    second = await alerts.add("red_flag", "urgent", "fever", "two")
    third = await alerts.add("turn_failed", "urgent", "timeout", "one")
    assert await alerts.mark_seen(second.id)
    assert await alerts.open_alerts() == [first, third]
    assert (first.level, first.sign, first.at, first.seen_at) == (
        "emergency",
        "chest_pain",
        NOON,
        None,
    )


async def test_an_alert_is_closed_once(database: Database) -> None:
    alerts = AlertRepository(database)
    alert = await alerts.add("red_flag", "crisis", "self_harm", "one")
    assert await alerts.mark_seen(alert.id)
    assert not await alerts.mark_seen(alert.id)
    assert not await alerts.mark_seen(alert.id + 1)
