"""Export and erasure follow a web chat that goes on by text message, and go no further."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from patients_world import NOW, OTHER_PHONE, PHONE, World, contents, counts
from sqlalchemy import insert

from bot.continuing import PhoneCode
from bot.outbox import Outgoing
from bot.privacy import Erasure, Export, PrivacyDesk, Retention, UnknownPatient, read_patient_id
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.link_tables import conversation_links
from bot.storage.links import LinkRepository
from bot.storage.patients import PatientRepository
from bot.storage.scope import SEVERAL_PHONES, SHARED

pytest_plugins = ["tests.unit.storage.databases"]

RETENTION = Retention.of(Settings.from_env({}))
SMS, OTHER_SMS = f"sms:{PHONE}", f"sms:{OTHER_PHONE}"


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def desk(database: Database) -> PrivacyDesk:
    return PrivacyDesk(PatientRepository(database), RETENTION, lambda: NOW)


async def _link(world: World, conversation: str, sms_id: str) -> None:
    values = {"conversation_id": conversation, "sms_id": sms_id, "linked_at": world.now}
    async with world.database.begin() as connection:
        await connection.execute(insert(conversation_links).values(**values))


async def _export(desk: PrivacyDesk, typed: str) -> Export:
    return await desk.export(read_patient_id(typed, lambda token: token), "staff:Kim")


async def _erase(desk: PrivacyDesk, typed: str) -> Erasure:
    return await desk.erase(read_patient_id(typed, lambda token: token), "staff:Kim")


async def _two_patients(world: World) -> None:
    for conversation, mark in (("web:a", "MineWeb"), (SMS, "MineText"), ("web:b", "Other")):
        await world.talk(conversation, mark)
    await world.book("web:b", "Other", OTHER_PHONE)
    await _link(world, "web:a", SMS)


@pytest.mark.parametrize("typed", [PHONE, "web:a"])
async def test_either_end_leads_to_the_other(world: World, desk: PrivacyDesk, typed: str) -> None:
    await _two_patients(world)
    await world.book("web:a", "MineWeb", None, "mine@example.com")
    await world.book(SMS, "MineText")
    export = await _export(desk, typed)
    written = json.dumps(export.sections)
    assert export.notes == ()
    for words in ("MineWeb asks", "MineText asks", "MineWeb hurts", "MineText hurts"):
        assert words in written
    assert "Other" not in written
    assert "conversation_links" in export.sections
    await _erase(desk, typed)
    rows = await contents(world.database)
    assert "Mine" not in str(rows)
    assert rows["conversation_links"] == []
    assert "Other hurts" in str(rows["bookings"])


async def test_without_a_proof_nothing_leads_there(world: World, desk: PrivacyDesk) -> None:
    await world.talk("web:a", "Chat")
    await world.talk(SMS, "Text")
    await _keep_code(world, "web:a")
    export = await _export(desk, PHONE)
    written = json.dumps(export.sections)
    assert "Chat" not in written
    # That a code was sent to this phone is told; in which chat it was asked for is not.
    (code,) = export.sections["phone_codes"]
    assert code["phone"] == PHONE
    assert "web:a" not in written
    assert "Text" not in json.dumps((await _export(desk, "web:a")).sections)
    await _erase(desk, PHONE)
    left = await contents(world.database)
    assert "Chat asks" in str(left["inbox"])
    assert PHONE not in str({name: rows for name, rows in left.items() if name != "privacy_log"})


async def test_a_chat_of_several_phones_leads_to_none(world: World, desk: PrivacyDesk) -> None:
    await _two_patients(world)
    await world.talk(OTHER_SMS, "Third")
    await _link(world, "web:a", OTHER_SMS)
    mine = await _export(desk, PHONE)
    written = json.dumps(mine.sections)
    assert mine.notes == (SEVERAL_PHONES,)
    assert "MineText asks" in written
    assert "MineWeb" not in written and "Third" not in written
    chat = await _export(desk, "web:a")
    assert chat.notes == (SEVERAL_PHONES,)
    assert "MineWeb asks" in json.dumps(chat.sections)
    assert "Text asks" not in json.dumps(chat.sections)
    await _erase(desk, PHONE)
    rows = str(await contents(world.database))
    assert "MineWeb" not in rows
    assert "Third asks" in rows


async def test_a_chat_with_another_persons_request_is_shared(
    world: World, desk: PrivacyDesk
) -> None:
    await _two_patients(world)
    await world.book("web:a", "MineWeb")
    await world.book("web:a", "Child", OTHER_PHONE)
    export = await _export(desk, PHONE)
    assert SHARED in export.notes
    assert "MineWeb hurts" in json.dumps(export.sections)
    assert "Child" not in json.dumps(export.sections)
    await _erase(desk, PHONE)
    left = await contents(world.database)
    assert "Child hurts" in str(left["bookings"])
    assert "MineWeb asks" not in str(left["inbox"])


async def test_an_email_leads_to_no_phone(world: World, desk: PrivacyDesk) -> None:
    await _two_patients(world)
    await world.book("web:a", "MineWeb", None, "mine@example.com")
    written = json.dumps((await _export(desk, "mine@example.com")).sections)
    assert "MineWeb asks" in written
    assert "MineText" not in written


async def test_links_and_codes_end_by_their_windows(world: World, desk: PrivacyDesk) -> None:
    await _link(world, "web:a", SMS)
    await _keep_code(world, "web:a")
    assert {"conversation_links", "phone_codes"} <= set(await counts(world.database))
    await desk.purge(NOW + timedelta(days=2))
    assert "phone_codes" not in await counts(world.database)
    assert "conversation_links" in await counts(world.database)
    await desk.purge(NOW + timedelta(days=31))
    assert "conversation_links" not in await counts(world.database)


async def test_a_link_alone_is_found_and_erased(world: World, desk: PrivacyDesk) -> None:
    await _link(world, "web:a", SMS)
    await _erase(desk, "web:a")
    with pytest.raises(UnknownPatient):
        await _export(desk, PHONE)


async def _keep_code(world: World, conversation: str) -> None:
    code = PhoneCode(
        conversation, PHONE, "p", None, "c", world.now, world.now + timedelta(minutes=10)
    )
    letter = Outgoing("phone_code/x/1", "sms", SMS, "phone_code", "****** is your code.")
    await LinkRepository(world.database).keep_code(code, letter, "decoy")
