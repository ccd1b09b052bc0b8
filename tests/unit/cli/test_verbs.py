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
from bot.storage.bookings import BookingRepository
from bot.storage.database import Database
from bot.storage.migrate import migrate


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    address = f"sqlite:///{tmp_path / 'bot.db'}"
    monkeypatch.setenv("DATABASE_URL", address)
    return address


async def _book(url: str, name: str) -> str:
    await migrate(url)
    database = Database(url)
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
    assert "requested" in lines[0]


def test_bookings_are_listed_as_json_lines(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    reference = asyncio.run(_book(url, "李小龙"))
    assert main(["booking", "list", "--json"]) == 0
    (row,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (row["reference"], row["name"], row["status"]) == (reference, "李小龙", "requested")
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
    assert "patient: requested" in shown
    assert main(["booking", "show", reference, "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert [event["change"] for event in row["events"]] == ["requested"]


def test_an_unknown_booking_is_a_fault(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["booking", "show", "B7K-3QD"]) == 1
    assert "bot booking list" in capsys.readouterr().err


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
