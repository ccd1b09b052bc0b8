from __future__ import annotations

import csv
import io
from datetime import datetime, timezone

import pytest

from bot.booking import Booking, Status
from bot.booking.formats.csv import COLUMNS, make
from bot.content import ClinicProfile

NOON = datetime(2026, 11, 24, 19, 0, tzinfo=timezone.utc)
SHEET = make(ClinicProfile(name="Clinic", phone="780-555-0142"))


def _booking(name: str = "Sam", phone: str | None = "+17805550199") -> Booking:
    return Booking(
        name=name, reason='sore, "stiff"\nneck', preferred="friday", visit="first", consent=True,
        phone=phone, reference="B7K-3QD", conversation_id="web:secret", channel="web",
        status=Status.CONFIRMED, created_at=NOON, updated_at=NOON, starts_at=NOON, minutes=45,
    )  # fmt: skip


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_row_has_what_the_desk_needs_in_its_own_time() -> None:
    (row,) = _rows(SHEET.write_one(_booking()))
    assert tuple(row) == COLUMNS
    assert row["reason"] == 'sore, "stiff"\nneck'
    assert (row["status"], row["starts_at"]) == ("confirmed", "2026-11-24T12:00-07:00")
    assert "secret" not in SHEET.write_one(_booking())
    assert _rows(SHEET.write([])) == []


@pytest.mark.parametrize(
    "formula", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(1)", "\tx", "\n=1", "＝1", "＠A1"]
)
def test_no_cell_is_a_formula(formula: str) -> None:
    (row,) = _rows(SHEET.write_one(_booking(formula)))
    assert row["name"] == f"'{formula}"
    assert row["phone"] == "'+17805550199"
