"""Rows that must stay, such as an opt-out: exported, told, and not erased."""

from __future__ import annotations

import pytest
from patients_world import NOW, OTHER_PHONE, PHONE, World
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select

from bot.privacy import PatientId, read_patient_id
from bot.storage.database import Database
from bot.storage.holdings import HOLDINGS, Holding, of_phone
from bot.storage.patients import PatientRepository

REASON = "Without it the patient would be written to again."
opt_outs = Table(
    "opt_outs",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("phone", String(32)),
)
WITH_OPT_OUTS = (*HOLDINGS, Holding(opt_outs, of_phone(), kept=REASON))


@pytest.fixture
async def patients(database: Database) -> PatientRepository:
    async with database.begin() as connection:
        await connection.run_sync(opt_outs.create)
        for phone in (PHONE, OTHER_PHONE, None):
            await connection.execute(insert(opt_outs).values(phone=phone))
    return PatientRepository(database, WITH_OPT_OUTS)


def _who(typed: str) -> PatientId:
    return read_patient_id(typed, str)


async def _phones(database: Database) -> list[str | None]:
    async with database.read() as connection:
        return list((await connection.execute(select(opt_outs.c.phone))).scalars())


async def test_what_must_stay_stays_and_is_told(
    database: Database, patients: PatientRepository
) -> None:
    await World(database).talk(f"sms:{PHONE}", "Mine")
    erased = await patients.erase(_who(PHONE), "staff:Kim", NOW, force=False)
    assert [(kept.section, kept.count, kept.reason) for kept in erased.kept] == [
        ("opt_outs", 1, REASON)
    ]
    assert erased.counts["inbox"] == 1
    assert await _phones(database) == [PHONE, OTHER_PHONE, None]


async def test_what_stays_is_still_exported(
    database: Database, patients: PatientRepository
) -> None:
    export = await patients.export(_who(PHONE), "staff:Kim", NOW)
    assert [row["phone"] for row in export.sections["opt_outs"]] == [PHONE]
    erased = await patients.erase(_who(PHONE), "staff:Kim", NOW, force=False)
    assert erased.counts == {}


async def test_a_row_without_a_number_is_nobodys(
    database: Database, patients: PatientRepository
) -> None:
    await World(database).talk("web:a", "Mine")
    export = await patients.export(_who("web:a"), "staff:Kim", NOW)
    assert "opt_outs" not in export.sections
