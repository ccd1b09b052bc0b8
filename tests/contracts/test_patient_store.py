"""What export, erasure and purge must do, whatever keeps the rows."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest
from patients_world import NOW, OTHER_PHONE, PHONE, World, contents, counts

from bot.handoff import Handoff, State
from bot.privacy import (
    Erasure,
    Export,
    PatientId,
    PrivacyDesk,
    Retention,
    UnknownPatient,
    VisitAhead,
    read_patient_id,
)
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.handoffs import HandoffRepository
from bot.storage.patients import PatientRepository

pytest_plugins = ["tests.unit.storage.databases"]

RETENTION = Retention.of(Settings.from_env({}))
ALL = {
    "inbox",
    "tracker_events",
    "bookings",
    "booking_events",
    "outbox",
    "handoffs",
    "booking_tries",
    "alerts",
    "conversations",
}


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def desk(database: Database) -> PrivacyDesk:
    return PrivacyDesk(PatientRepository(database), RETENTION, lambda: NOW)


def _who(typed: str) -> PatientId:
    return read_patient_id(typed, lambda token: token)


async def _export(desk: PrivacyDesk, typed: str) -> Export:
    return await desk.export(_who(typed), "staff:Kim")


async def _erase(desk: PrivacyDesk, typed: str, *, force: bool = False) -> Erasure:
    return await desk.erase(_who(typed), "staff:Kim", force=force)


async def _fill(world: World, conversation: str, mark: str, phone: str) -> None:
    await world.talk(conversation, mark)
    await world.book(conversation, mark, phone)


@pytest.mark.parametrize("typed", ["780-555-0199", "web:a", "a"])
async def test_one_patient_is_exported_whole_and_nobody_else(
    world: World, desk: PrivacyDesk, typed: str
) -> None:
    await _fill(world, "web:a", "Mine", PHONE)
    await _fill(world, "web:b", "Other", OTHER_PHONE)
    export = await _export(desk, typed)
    assert set(export.sections) == ALL
    written = json.dumps(export.sections)
    assert "Mine hurts" in written
    assert "Other" not in written
    assert OTHER_PHONE not in written
    assert export.notes == ()


async def test_an_export_is_readable_and_has_no_keys(world: World, desk: PrivacyDesk) -> None:
    await _fill(world, "web:a", "Mine", PHONE)
    sections = (await _export(desk, PHONE)).sections
    (message,) = sections["inbox"]
    assert message["text"] == "Mine asks"
    assert message["reply"][0]["text"] == "Dear Mine"
    assert message["received_at"] == NOW.isoformat()
    (event,) = sections["tracker_events"]
    assert event["timestamp"] == event["data"]["timestamp"] == NOW.isoformat()
    (booking,) = sections["bookings"]
    assert (booking["name"], booking["phone"]) == ("Mine Name", PHONE)
    assert "idempotency_key" not in json.dumps(sections)


@pytest.mark.parametrize("typed", ["780-555-0199", "web:a"])
async def test_one_patient_is_erased_everywhere_and_nobody_else(
    world: World, desk: PrivacyDesk, typed: str
) -> None:
    await _fill(world, "web:b", "Other", OTHER_PHONE)
    before = await contents(world.database)
    await _fill(world, "web:a", "Mine", PHONE)
    filled = await counts(world.database)
    erased = await _erase(desk, typed)
    after = await contents(world.database)
    (log,) = after.pop("privacy_log")
    before.pop("privacy_log")
    assert after == before
    left = await counts(world.database)
    assert erased.counts == {name: filled[name] - left[name] for name in ALL}
    assert "staff:Kim" in log
    assert not any(word in log for word in ("Mine", PHONE, "web:a", "5550199"))


async def test_what_is_erased_is_unknown_afterwards(world: World, desk: PrivacyDesk) -> None:
    await _fill(world, "web:a", "Mine", PHONE)
    await _erase(desk, PHONE)
    for typed in (PHONE, "web:a"):
        with pytest.raises(UnknownPatient, match="Nothing is kept"):
            await _erase(desk, typed)
        with pytest.raises(UnknownPatient):
            await _export(desk, typed)


@pytest.mark.parametrize("typed", ["587-555-0101", "web:b", "6543217890123456", "a@b.example"])
async def test_an_unknown_patient_changes_nothing(
    world: World, desk: PrivacyDesk, typed: str
) -> None:
    await _fill(world, "web:a", "Mine", PHONE)
    await world.book("web:c", "ByEmail", None, "other@b.example")
    before = await contents(world.database)
    with pytest.raises(UnknownPatient):
        await _erase(desk, typed)
    assert await contents(world.database) == before


async def test_a_phone_leads_to_every_conversation_it_was_used_in(
    world: World, desk: PrivacyDesk
) -> None:
    for conversation in ("web:a", "web:b", "messenger:6543217890123456", f"sms:{PHONE}"):
        await _fill(world, conversation, "Mine", PHONE)
    await world.talk("web:c", "Other")
    export = await _export(desk, PHONE)
    assert {row["id"] for row in export.sections["conversations"]} == {
        *("web:a", "web:b", "messenger:6543217890123456", f"sms:{PHONE}")
    }
    await _erase(desk, PHONE)
    assert "Mine" not in str(await contents(world.database))
    assert (await counts(world.database))["inbox"] == 1


async def test_text_messages_are_found_without_any_request(world: World, desk: PrivacyDesk) -> None:
    await world.talk(f"sms:{PHONE}", "Mine")
    assert (await _erase(desk, "(780) 555-0199")).counts["inbox"] == 1


async def test_a_session_does_not_lead_to_what_was_asked_elsewhere_with_its_phone(
    world: World, desk: PrivacyDesk
) -> None:
    """Anybody can type anybody's number."""
    await _fill(world, "web:a", "Victim", PHONE)
    await _fill(world, "web:b", "Stranger", PHONE)
    assert "Victim" not in json.dumps((await _export(desk, "web:b")).sections)
    await _erase(desk, "web:b")
    assert "Victim" in str(await contents(world.database))


async def test_an_email_is_an_id_whatever_its_case(world: World, desk: PrivacyDesk) -> None:
    await world.book("web:a", "Mine", None, "Sam@clinic.example")
    await world.book("web:b", "Other", None, "pat@clinic.example")
    await world.book("web:c", "Other", OTHER_PHONE)
    assert (await _export(desk, "sam@CLINIC.example")).counts["bookings"] == 1
    await _erase(desk, "SAM@clinic.example")
    assert "Mine" not in str(await contents(world.database))
    assert (await counts(world.database))["bookings"] == 2


async def _share(world: World) -> str:
    """Two people's requests from one session; the other's reference."""
    await world.talk("web:a", "Both")
    await world.book("web:a", "Mine", PHONE)
    other = await world.book("web:a", "Child", OTHER_PHONE)
    await world.confirm(other)
    return other.reference


async def test_of_a_shared_session_a_number_gets_its_own_request_and_no_messages(
    world: World, desk: PrivacyDesk
) -> None:
    await _share(world)
    export = await _export(desk, PHONE)
    written = json.dumps(export.sections)
    assert set(export.sections) == {"bookings", "booking_events", "outbox"}
    assert "Mine" in written
    assert not any(word in written for word in ("Child", "Both", OTHER_PHONE))
    assert "cannot be told" in " ".join(export.notes)


async def test_of_a_shared_session_a_number_erases_its_request_and_the_messages(
    world: World, desk: PrivacyDesk
) -> None:
    others = await _share(world)
    before = (await contents(world.database))["outbox"]
    await _erase(desk, PHONE)
    left = await contents(world.database)
    assert not any(word in str(left) for word in ("Mine", "Both"))
    assert [("Child" in row) for row in left["bookings"]] == [True]
    about_the_other = [row for row in before if others in row]
    assert left["outbox"] == about_the_other
    assert len(about_the_other) == 3


async def test_a_shared_session_itself_gets_its_messages_and_nobodys_request(
    world: World, desk: PrivacyDesk
) -> None:
    await _share(world)
    export = await _export(desk, "web:a")
    assert "Both asks" in json.dumps(export.sections)
    assert not {"bookings", "booking_events"} & set(export.sections)
    assert "Requests for other people" in " ".join(export.notes)
    await _erase(desk, "web:a")
    assert (await counts(world.database))["bookings"] == 2


async def test_another_numbers_text_messages_stay_its_own(world: World, desk: PrivacyDesk) -> None:
    await world.talk(f"sms:{OTHER_PHONE}", "Spouse")
    await world.book(f"sms:{OTHER_PHONE}", "Mine", PHONE)
    export = await _export(desk, PHONE)
    assert "Spouse" not in json.dumps(export.sections)
    assert "another number" in " ".join(export.notes)
    await _erase(desk, PHONE)
    left = str(await contents(world.database))
    assert "Spouse asks" in left
    assert "Mine" not in left


async def test_a_visit_to_come_is_erased_only_when_asked_twice(
    world: World, desk: PrivacyDesk
) -> None:
    booking = await world.confirm(await world.book("web:a", "Mine"))
    before = await contents(world.database)
    with pytest.raises(VisitAhead, match=f"{booking.reference} at 2026-12-04 17:00 UTC.*--force"):
        await _erase(desk, PHONE)
    assert await contents(world.database) == before
    erased = await _erase(desk, PHONE, force=True)
    assert booking.reference in " ".join(erased.notes)
    assert await counts(world.database) == {}


async def test_what_somebody_may_still_have_needed_is_told(world: World, desk: PrivacyDesk) -> None:
    await _fill(world, "web:a", "Mine", PHONE)
    told = " ".join((await _erase(desk, PHONE)).notes)
    assert "nobody had seen were erased with the rest: 1" in told
    assert "nobody had answered were erased with the rest: 1" in told


async def test_two_that_erase_at_once_erase_once(world: World, desk: PrivacyDesk) -> None:
    await _fill(world, "web:a", "Mine", PHONE)
    ends = await asyncio.gather(*(_erase(desk, PHONE) for _ in range(4)), return_exceptions=True)
    assert await counts(world.database) == {}
    assert sum(isinstance(end, Erasure) and bool(end.counts) for end in ends) == 1
    assert all(isinstance(end, Erasure | UnknownPatient) for end in ends), ends


async def test_who_erases_is_told_of_a_talk_that_ends_with_it(
    world: World, desk: PrivacyDesk
) -> None:
    await world.talk("web:a", "Mine")
    assert "talk with one" not in " ".join((await _erase(desk, "web:a")).notes)
    await world.talk("web:b", "Other")
    talk = Handoff(0, "web:b", "web", State.TAKEN, 1, NOW, taken_by="Kim", taken_at=NOW)
    await HandoffRepository(world.database).add(talk, lambda _: ())
    assert "talk with one" in " ".join((await _erase(desk, "web:b")).notes)
    assert await HandoffRepository(world.database).open_ones() == ()


async def test_each_window_ends_its_own_rows_and_no_others(world: World, desk: PrivacyDesk) -> None:
    await world.talk("web:a", "Mine")
    await world.book("web:a", "Mine", preferred="friday (Friday 27 November 2026)")
    filled = await counts(world.database)

    async def gone(days: float) -> set[str]:
        await desk.purge(NOW + timedelta(days=days))
        left = await counts(world.database)
        return {name for name in filled if not left.get(name)}

    assert await gone(0.9) == set()
    assert await gone(1.1) == {"booking_tries"}
    assert await gone(89.9) == {"booking_tries"}
    messages = {"inbox", "tracker_events", "outbox", "handoffs", "conversations"}
    assert await gone(90.1) == {"booking_tries", *messages}
    # Its last wished day is Friday, three days on.
    assert await gone(366) == {"booking_tries", *messages, "alerts"}
    assert await gone(370) == ALL


async def test_a_visit_to_come_outlives_every_window(world: World, desk: PrivacyDesk) -> None:
    booking = await world.confirm(await world.book("web:a", "Mine"))
    assert booking.starts_at is not None
    await desk.purge(booking.starts_at + timedelta(days=364))
    assert (await counts(world.database))["bookings"] == 1
    await desk.purge(booking.starts_at + timedelta(days=366))
    assert await counts(world.database) == {}


async def test_a_purge_tells_what_it_took_and_that_it_ran(world: World, desk: PrivacyDesk) -> None:
    assert await desk.last_purge() is None
    assert await desk.overdue(timedelta(0)) == {}
    await world.talk("web:a", "Mine")
    await world.after(days=50).talk("web:a", "Mine")
    then = NOW + timedelta(days=100)
    late = PrivacyDesk(PatientRepository(world.database), RETENTION, lambda: then)
    expected = {"inbox": 1, "tracker_events": 1, "handoffs": 1, "booking_tries": 2}
    assert await late.overdue(timedelta(0)) == expected
    assert (await late.purge()).counts == expected
    assert await late.overdue(timedelta(0)) == {}
    assert await late.last_purge() == then
    assert (await counts(world.database))["inbox"] == 1


async def test_the_daily_purge_runs_once_a_day(world: World) -> None:
    now = NOW
    desk = PrivacyDesk(PatientRepository(world.database), RETENTION, lambda: now)
    assert await desk.purge_daily() is not None
    now += timedelta(hours=22)
    assert await desk.purge_daily() is None
    now += timedelta(hours=2)
    assert await desk.purge_daily() is not None
    now -= timedelta(days=30)  # the clock was set right
    assert await desk.purge_daily() is not None
