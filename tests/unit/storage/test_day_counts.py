"""What is counted of a day, in both databases, from rows as the parts of the server write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fakes.copies import NOON
from fakes.traffic import Clinic
from sqlalchemy import select, update

from bot.booking import Status
from bot.figures.keeper import AT_ONCE, DayKeeper
from bot.figures.model import DAYS, Tally, bounds, last_days
from bot.handoff import STAFF_MESSAGE
from bot.privacy import read_patient_id
from bot.storage.database import Database
from bot.storage.day_counts import count_day
from bot.storage.day_figures import DayRepository
from bot.storage.feedback import FeedbackRepository
from bot.storage.figure_tables import daily_figures
from bot.storage.patients import PatientRepository
from bot.storage.tables import outbox

ZONE = ZoneInfo("America/Edmonton")
TODAY = date(2026, 11, 24)
NUMBERS = count(1)


async def of(clinic: Clinic, channel: str, day: date = TODAY) -> Tally:
    counted = await count_day(clinic.database, *bounds(day, ZONE))
    return counted.get(channel, Tally())


@pytest.fixture
def clinic(database: Database) -> Clinic:
    return Clinic(database)


async def test_a_day_begins_and_ends_at_the_clinics_midnight(clinic: Clinic) -> None:
    start, end = bounds(TODAY, ZONE)
    instant = timedelta(microseconds=1)
    for at in (start - instant, start, end - instant, end):
        await clinic.message(at)
    counts = [
        (await of(clinic, "web", TODAY + timedelta(days=n))).outcomes["answer"] for n in (-1, 0, 1)
    ]
    assert counts == [1, 2, 1]


async def test_an_empty_day_has_nothing(clinic: Clinic) -> None:
    assert await count_day(clinic.database, *bounds(TODAY, ZONE)) == {}


async def test_outcomes_answers_and_thumbs_are_counted_by_channel(clinic: Clinic) -> None:
    down = await clinic.message(answer="clinic/fees")
    up = await clinic.message(answer="clinic/fees")
    await clinic.message(outcome="clarify", answer="clinic/hours")
    await clinic.message(outcome="crisis", answer="safety/crisis")
    await clinic.message(conversation="sms:+17805550199", outcome="decline", answer="")
    thumbs = FeedbackRepository(clinic.database)
    await thumbs.give("web:a", down, "down", "", "")
    await thumbs.give("web:a", up, "up", "", "")
    web, sms = await of(clinic, "web"), await of(clinic, "sms")
    assert web.outcomes == {"answer": 2, "clarify": 1, "crisis": 1}
    # What was offered or warned of is no question that was answered.
    assert web.answers == {"clinic/fees": 2}
    assert web.thumbs_down == {"clinic/fees": 1}
    assert sms.outcomes == {"decline": 1}


async def test_a_reply_takes_until_it_was_kept_or_its_letter_was_sent(clinic: Clinic) -> None:
    await clinic.message(took=0.25)
    text = "sms:+17805550199"
    number = await clinic.message(took=0.25, conversation=text)
    await clinic.letter(f"reply/{number}/1", "reply", NOON + timedelta(seconds=2), text)
    await clinic.letter(f"reply/{number}/2", "reply", NOON + timedelta(seconds=9), text)
    waiting = await clinic.message(took=0.25, conversation=text)
    await clinic.letter(f"reply/{waiting}/1", "reply", NOON, text)
    async with clinic.database.begin() as connection:
        unsent = outbox.c.idempotency_key == f"reply/{waiting}/1"
        await connection.execute(update(outbox).where(unsent).values(sent_at=None))
    # Nobody was answered here.
    await clinic.message(took=60, outcome="with_staff", reply=[])
    await clinic.message(took=60, outcome="failed", reply=[])
    web, sms = (await of(clinic, "web")).replies, (await of(clinic, "sms")).replies
    assert (web.count, web.slowest) == (1, 0.25)
    assert (sms.count, sms.slowest) == (1, 2.0)


async def test_who_waits_for_a_person_waits_until_staff_write(clinic: Clinic) -> None:
    talk = await clinic.asked_for_a_person(NOON)
    other = await clinic.asked_for_a_person(NOON, "web:b")
    first = NOON + timedelta(minutes=3)
    # Words of the server's own are no answer, nor is what was said in another talk.
    await clinic.letter(f"handoff/{talk}/1", "handoff_here", NOON, "web:a")
    await clinic.letter(f"handoff/{other + 1}/1", STAFF_MESSAGE, NOON, "web:b")
    await clinic.letter(f"handoff/{talk}/2", STAFF_MESSAGE, first, "web:a")
    await clinic.letter(f"handoff/{talk}/3", STAFF_MESSAGE, first + timedelta(hours=1), "web:a")
    await clinic.message(first + timedelta(minutes=30), outcome="with_staff", reply=[])
    await clinic.message(first + timedelta(hours=2), outcome="with_staff", reply=[])
    waits = (await of(clinic, "web")).waits
    assert waits == {"person": [180.0, None], "talk": [1800.0, None]}


async def test_visits_are_followed_from_the_question_on(clinic: Clinic) -> None:
    asking: dict[str, Any] = {
        "outcome": "booking",
        "intent": "booking/request",
        "answer": "booking/request",
    }
    for name in ("web:a", "web:b", "web:c", "web:d", "web:e"):
        await clinic.message(conversation=name, **asking)
        # The same conversation is one, however often it asks.
        await clinic.message(conversation=name, **asking)
    # A question of the form is none of the patient's.
    await clinic.message(conversation="web:x", **{**asking, "intent": None})
    soon = NOON + timedelta(minutes=5)
    for name in ("web:b", "web:c", "web:d", "web:e"):
        await clinic.begun(soon, name)
    await clinic.request(soon, "web:c")
    await clinic.request(soon, "web:d", Status.PROPOSED)
    await clinic.request(soon, "web:e", Status.CONFIRMED)
    # Long before and after they belong to other questions.
    await clinic.request(NOON - timedelta(days=2), "web:a")
    await clinic.request(NOON + timedelta(days=2), "web:b")
    visits = (await of(clinic, "web")).visits
    assert visits == {"asked": 5, "begun": 4, "sent": 3, "offered": 2, "confirmed": 1}


async def _kept(clinic: Clinic) -> dict[date, Any]:
    days = await DayRepository(clinic.database, str(ZONE)).since(date(2000, 1, 1))
    return {day: tallies for day, tallies in days.items() if tallies}


def _keeper(clinic: Clinic, now: datetime = NOON, zone: ZoneInfo = ZONE) -> DayKeeper:
    return DayKeeper(clinic.database, str(zone), lambda: now)


async def _counted(keeper: DayKeeper) -> DayKeeper:
    """After it has counted every day."""
    for _ in range(DAYS // AT_ONCE):
        await keeper.run_once()
    return keeper


async def test_every_day_is_counted_once_and_today_each_time(clinic: Clinic) -> None:
    old = NOON - timedelta(days=DAYS - 1)
    await clinic.message(old)
    await clinic.message(old - timedelta(days=1))
    keeper = _keeper(clinic)
    first = await keeper.run_once()
    # The newest come first; one more is counted in its turn.
    assert first[:AT_ONCE] == list(reversed(last_days(TODAY, AT_ONCE)))
    assert len(first) == AT_ONCE + 1
    await _counted(keeper)
    assert list(await _kept(clinic)) == [old.astimezone(ZONE).date()]
    await clinic.message()
    assert len(await keeper.run_once()) == 3
    assert (await _kept(clinic))[TODAY]["web"].messages == 1


async def test_a_past_day_is_counted_again_in_its_turn(clinic: Clinic) -> None:
    keeper = await _counted(_keeper(clinic))
    await clinic.message(NOON - timedelta(days=40))
    for _ in range(DAYS):
        await keeper.run_once()
    assert len(await _kept(clinic)) == 1


async def test_days_that_are_too_old_are_let_go(clinic: Clinic) -> None:
    await clinic.message()
    await _counted(_keeper(clinic))
    await _counted(_keeper(clinic, NOON + timedelta(days=DAYS)))
    async with clinic.database.read() as connection:
        days = (await connection.execute(select(daily_figures.c.day))).scalars().all()
    assert len(days) == DAYS
    assert min(days) == TODAY + timedelta(days=1)


async def test_another_time_zone_has_other_days(clinic: Clinic) -> None:
    await clinic.message(bounds(TODAY, ZONE)[0])
    await _counted(_keeper(clinic))
    tokyo = ZoneInfo("Asia/Tokyo")
    assert await DayRepository(clinic.database, str(tokyo)).since(date(2000, 1, 1)) == {}
    assert len(await _keeper(clinic, zone=tokyo).run_once()) == AT_ONCE + 1


async def test_an_unchanged_day_is_not_written_again(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    await clinic.message()
    await clinic.asked_for_a_person(NOON)
    keeper = await _counted(_keeper(clinic))
    monkeypatch.setattr(Database, "begin", None)
    await keeper.run_once()


async def test_what_is_erased_is_not_counted_any_more(clinic: Clinic) -> None:
    await clinic.message(NOON - timedelta(days=20), conversation="web:mine")
    await clinic.message(NOON - timedelta(days=20), conversation="web:other")
    keeper = await _counted(_keeper(clinic))
    patients = PatientRepository(clinic.database)
    await patients.erase(read_patient_id("web:mine", str), "staff:Kim", NOON, force=False)
    for _ in range(DAYS):
        await keeper.run_once()
    (day,) = (await _kept(clinic)).values()
    assert day["web"].messages == 1
