"""The small verbs, each on files and databases of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.booking import BookingRequest, BookingService
from bot.cli import main
from bot.settings import Settings
from bot.storage.bookings import BookingRepository
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.outbox import OutboxRepository


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    address = f"sqlite:///{tmp_path / 'bot.db'}"
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("SECRET_KEY", "0123456789abcdef" * 2)
    return address


async def _book(url: str, name: str) -> str:
    await migrate(url)
    database = Database.of(Settings.from_env())
    try:
        service = BookingService(BookingRepository(database))
        request = BookingRequest(name, "lower back", "friday", "first", True, "+17805550199")
        return (await service.request(request, name, "web:a", "web")).reference
    finally:
        await database.close()


def test_bookings_are_listed_newest_first(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    references = [asyncio.run(_book(url, name)) for name in ("Sam Example", "李小龙")]
    assert main(["booking", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == references[::-1]
    assert "李小龙" in lines[0]
    assert "received" in lines[0]


def test_bookings_are_listed_as_json_lines(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    reference = asyncio.run(_book(url, "李小龙"))
    assert main(["booking", "list", "--json"]) == 0
    (row,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (row["reference"], row["name"], row["status"]) == (reference, "李小龙", "received")
    assert row["created_at"].endswith("+00:00")


def test_no_bookings_are_said_to_be_none(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["booking", "list"]) == 0
    assert "no booking requests" in capsys.readouterr().out
    assert main(["booking", "list", "--json"]) == 0
    assert capsys.readouterr().out == ""


def test_one_booking_is_shown_however_its_reference_is_typed(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = asyncio.run(_book(url, "Sam Example"))
    assert main(["booking", "show", reference.lower().replace("-", " ")]) == 0
    shown = capsys.readouterr().out
    assert "Sam Example" in shown
    assert "patient: received" in shown
    assert main(["booking", "show", reference, "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert [event["change"] for event in row["events"]] == ["received"]


def test_an_unknown_booking_is_a_fault(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["booking", "show", "B7K-3QD"]) == 1
    assert "bot booking list" in capsys.readouterr().err


def _told(url: str) -> list[tuple[str, str]]:
    async def read() -> list[tuple[str, str]]:
        database = Database.of(Settings.from_env())
        try:
            letters = await OutboxRepository(database).of_conversation("web:a")
            return [(letter.kind, letter.body) for letter in letters]
        finally:
            await database.close()

    return asyncio.run(read())


def test_staff_carry_a_request_on_and_the_patient_is_told(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = asyncio.run(_book(url, "Sam Example"))
    by = [reference, "--by", "Kim"]
    assert main(["booking", "seen", *by]) == 0
    assert main(["booking", "propose", *by, "--at", "2096-12-04T10:00", "--minutes", "45"]) == 0
    assert main(["booking", "confirm", *by]) == 0
    assert main(["booking", "cancel", *by, "--words", "practitioner is ill"]) == 0
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()] == [
        *("seen", "proposed", "confirmed", "cancelled")
    ]
    assert [kind for kind, _ in _told(url)] == [
        *("booking_proposed", "booking_confirmed", "booking_cancelled")
    ]
    assert all("ill" not in body for _, body in _told(url))
    assert "Tuesday 4 December 2096 at 10:00 am" in _told(url)[1][1]
    assert main(["booking", "show", reference]) == 0
    assert "staff:Kim: cancelled  practitioner is ill" in capsys.readouterr().out


def test_who_decides_has_a_name(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    reference = asyncio.run(_book(url, "Sam Example"))
    with pytest.raises(SystemExit):
        main(["booking", "seen", reference, "--by", "  "])
    assert "--by" in capsys.readouterr().err


def test_a_time_when_the_clinic_is_closed_needs_the_word(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = asyncio.run(_book(url, "Sam Example"))
    sunday = ["--by", "Kim", "--at", "2096-12-02T10:00", "--minutes", "45"]
    assert main(["booking", "propose", reference, *sunday]) != 0
    assert _told(url) == []
    assert main(["booking", "propose", reference, *sunday, "--anyway"]) == 0
    assert "Sunday 2 December 2096" in _told(url)[0][1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["confirm"], "time is needed"),
        (["confirm", "--at", "2096-12-04T10:00"], "--minutes"),
        (["confirm", "--at", "soon", "--minutes", "45"], "2026-12-04T10:00"),
        (["confirm", "--at", "2020-12-04T10:00", "--minutes", "45"], "has passed"),
        (["seen", "--version", "7"], "Somebody else"),
        (["propose", "--at", "2096-12-02T10:00", "--minutes", "45"], "closed on Sunday 2 December"),
        (["confirm", "--at", "2096-12-25T10:00", "--minutes", "45"], "--anyway"),
        (["propose", "--at", "2096-12-04T18:30", "--minutes", "45"], "open from 09:00 to 19:00"),
    ],
)
def test_what_staff_cannot_do_is_said_with_its_remedy(
    url: str, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    reference = asyncio.run(_book(url, "Sam Example"))
    action, *options = arguments
    assert main(["booking", action, reference, "--by", "Kim", *options]) == 1
    assert said in capsys.readouterr().err
    assert _told(url) == []


def test_a_confirmed_visit_is_exported_and_its_link_told(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "k" * 32)
    monkeypatch.setenv("PUBLIC_URL", "https://faq.clinic.example")
    reference = asyncio.run(_book(url, "Sam Example"))
    assert main(["booking", "export", "--ical", reference]) == 1
    assert "received has no form in ical" in capsys.readouterr().err
    time = ["--at", "2096-12-04T10:00", "--minutes", "45"]
    assert main(["booking", "confirm", reference, "--by", "Kim", *time]) == 0
    ((_, told),) = _told(url)
    assert f"https://faq.clinic.example/visits/{reference}." in told
    capsys.readouterr()
    assert main(["booking", "export", "--ical", reference]) == 0
    one = capsys.readouterr().out
    assert "DTSTART:20961204T170000Z" in one
    assert main(["booking", "export", "--ical"]) == 0
    assert capsys.readouterr().out == one
    assert main(["booking", "export", "--ical", "--status", "received"]) == 0
    assert "VEVENT" not in capsys.readouterr().out


def test_requests_are_exported_as_fhir(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    references = [asyncio.run(_book(url, name)) for name in ("Sam Example", "李小龙")]
    assert main(["booking", "export", "--fhir"]) == 0
    bundle = json.loads(capsys.readouterr().out)
    assert [entry["resource"]["id"] for entry in bundle["entry"]] == references[::-1]
    assert main(["booking", "export", "--fhir", references[0]]) == 0
    one = json.loads(capsys.readouterr().out)
    assert (one["resourceType"], one["status"]) == ("Appointment", "proposed")


def test_an_illegal_change_names_both_statuses(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = asyncio.run(_book(url, "Sam Example"))
    assert main(["booking", "decline", reference, "--by", "Kim"]) == 0
    assert main(["booking", "seen", reference, "--by", "Kim"]) == 1
    assert "declined cannot become seen" in capsys.readouterr().err


def test_requests_are_listed_by_status_and_closed_in_time(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(_book(url, "Sam Example"))
    assert main(["booking", "expire"]) == 0
    assert main(["booking", "expire", "--now", "2196-01-01"]) == 0
    assert main(["booking", "list", "--status", "received"]) == 0
    assert main(["booking", "list", "--status", "lost"]) == 1
    assert capsys.readouterr().out.count("0 closed") == 2


def test_a_database_is_brought_up_to_date(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "status"]) == 1
    assert "bot db migrate" in capsys.readouterr().out
    assert main(["db", "migrate"]) == 0
    assert main(["db", "status"]) == 0
    assert "up to date" in capsys.readouterr().out


def test_the_shipped_content_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["content", "check"]) == 0
    assert "in order" in capsys.readouterr().out


def test_faulty_content_fails_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANSWERS_DIR", str(tmp_path))
    assert main(["content", "check"]) == 1
    assert "faults" in capsys.readouterr().out


def test_the_red_flags_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["content", "safety", "--table"]) == 0
    table = capsys.readouterr().out
    for level in ("emergency", "urgent", "crisis"):
        assert level in table.lower()


class FakeAsking:
    async def open(self, settings: Any) -> FakeAsking:
        return self

    async def ask(self, text: str, before: Sequence[str] = ()) -> dict[str, Any]:
        return {"text": text, "answer_ids": ["clinic/fees"], "outcome": "answer", "ms": 1.0}

    async def close(self) -> None:
        pass


@pytest.fixture
def cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two files: one answered rightly, one of two answered rightly."""
    monkeypatch.setitem(sys.modules, "bot.learning.asking", SimpleNamespace(Asking=FakeAsking()))
    monkeypatch.setattr("bot.runtime.prepare", lambda *values: None)
    right = json.dumps({"text": "price", "expect": "clinic/fees"})
    wrong = json.dumps({"text": "ouch", "expect": "faq/does_it_hurt"})
    (tmp_path / "one.jsonl").write_text(right)
    (tmp_path / "two.jsonl").write_text(f"{right}\n{wrong}\n")
    return [str(tmp_path / "one.jsonl"), str(tmp_path / "two.jsonl")]


@pytest.mark.parametrize(("bar", "code"), [("0.66", 0), ("0.67", 1), ("0", 0), ("1", 1)])
def test_evaluation_fails_below_its_bar(
    cases: list[str], capsys: pytest.CaptureFixture[str], bar: str, code: int
) -> None:
    assert main(["evaluate", *cases, "--min-accuracy", bar]) == code
    assert "3 messages" in capsys.readouterr().out


def test_evaluation_of_nothing_reaches_no_bar(
    cases: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "none.jsonl").write_text("\n")
    assert main(["evaluate", str(tmp_path / "none.jsonl"), "--min-accuracy", "0.9"]) == 1
    assert "no message in" in capsys.readouterr().err
    assert main(["evaluate", str(tmp_path / "none.jsonl")]) == 0


def test_evaluation_names_a_file_that_is_missing(
    cases: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "nothing.jsonl"]) == 1
    assert "nothing.jsonl" in capsys.readouterr().err


def test_serving_needs_a_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setattr("bot.runtime.prepare", lambda *values: None)
    assert main(["serve"]) == 1
    assert "SECRET_KEY" in capsys.readouterr().err
