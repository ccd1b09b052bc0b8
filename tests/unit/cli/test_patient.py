"""`bot patient` and `bot db purge`, on files and databases of their own."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from patients_world import OTHER_PHONE, PHONE, World, counts
from sqlalchemy import select

from bot.cli import main
from bot.guard.sessions import Sessions
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.tables import privacy_log

T = TypeVar("T")
SECRET = "0123456789abcdef" * 2


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    address = f"sqlite:///{tmp_path / 'bot.db'}"
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("SECRET_KEY", SECRET)
    return address


def _within(url: str, work: Callable[[World], Awaitable[T]]) -> T:
    async def run() -> T:
        await migrate(url)
        database = Database.of(Settings.from_env())
        try:
            return await work(World(database))
        finally:
            await database.close()

    return asyncio.run(run())


async def _fill(world: World) -> None:
    await world.talk("web:a", "李小龙")
    await world.book("web:a", "李小龙", PHONE)
    await world.talk("web:b", "Other")
    await world.book("web:b", "Other", OTHER_PHONE)


def _counts(url: str) -> dict[str, int]:
    return _within(url, lambda world: counts(world.database))


def test_an_export_is_json_with_stable_keys(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    _within(url, _fill)
    assert main(["patient", "export", "780 555 0199"]) == 0
    said = capsys.readouterr()
    document = json.loads(said.out)
    assert list(document) == [
        *("format", "exported_at", "patient", "notes", "counts"),
        *("inbox", "tracker_events", "booking_events", "bookings", "outbox"),
        *("handoffs", "booking_tries", "alerts", "conversations"),
    ]
    assert document["format"] == "patient-faq-export/1"
    assert document["patient"]["phone"] == PHONE
    assert document["bookings"][0]["name"] == "李小龙 Name"
    assert "李小龙" in said.out
    assert "Other" not in said.out


def test_an_export_into_a_file_is_for_this_account_only(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _within(url, _fill)
    file = tmp_path / "sam.json"
    assert main(["patient", "export", PHONE, "--out", str(file)]) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text(encoding="utf-8"))["counts"]["bookings"] == 1
    assert "李小龙" not in capsys.readouterr().out
    assert main(["patient", "export", PHONE, "--out", str(file)]) == 1
    assert "new file" in capsys.readouterr().err


def test_an_export_of_nobody_leaves_no_file(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "nobody.json"
    assert main(["patient", "export", "587-555-0101", "--out", str(file)]) == 1
    assert not file.exists()
    said = capsys.readouterr()
    assert (said.out, "Nothing is kept" in said.err) == ("", True)


@pytest.mark.parametrize("action", ["export", "erase"])
def test_a_web_session_is_named_by_its_token_also_an_old_one(
    url: str, action: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sessions = Sessions(SECRET, timedelta(0))
    token = sessions.issue().token
    conversation = sessions.once_named_by(token)
    _within(url, lambda world: world.talk(conversation, "Mine"))
    assert main(["patient", action, token]) == 0
    assert "inbox" in capsys.readouterr().out


def test_a_forged_token_is_refused(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    token = Sessions("f" * 32, timedelta(days=1)).issue().token
    assert main(["patient", "erase", token]) == 1
    assert "did not sign" in capsys.readouterr().err


def test_an_erasure_prints_what_was_erased_and_logs_who(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _within(url, _fill)
    assert main(["patient", "erase", "(780) 555-0199", "--by", "Kim"]) == 0
    said = capsys.readouterr().out
    assert "Erased: 1 inbox" in said
    assert "1 bookings" in said
    assert not any(word in said for word in ("李小龙", "5550199"))
    assert main(["patient", "erase", "(780) 555-0199"]) == 1
    assert "Nothing is kept" in capsys.readouterr().err
    left = _counts(url)
    assert (left["inbox"], left["bookings"]) == (1, 1)
    assert _logged(url) == [("staff:Kim", "erase")]


def _logged(url: str) -> list[tuple[str, str]]:
    async def read(world: World) -> list[tuple[str, str]]:
        async with world.database.read() as connection:
            rows = await connection.execute(select(privacy_log))
            return [(row.actor, row.action) for row in rows]

    return _within(url, read)


@pytest.mark.parametrize("by", [[], ["--by", ""], ["--by", "  "]])
def test_without_a_name_the_account_is_logged(
    url: str, by: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nameless() -> str:
        raise KeyError("no such user")

    monkeypatch.setattr("getpass.getuser", nameless)
    _within(url, _fill)
    assert main(["patient", "erase", PHONE, *by]) == 0
    ((actor, action),) = _logged(url)
    assert action == "erase"
    assert len(actor) > len("staff:")


def test_a_visit_to_come_needs_force(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    async def confirmed(world: World) -> None:
        await world.confirm(await world.book("web:a", "Mine", PHONE))

    _within(url, confirmed)
    assert main(["patient", "erase", PHONE]) == 1
    assert "--force" in capsys.readouterr().err
    assert main(["patient", "erase", PHONE, "--force"]) == 0
    assert "calendar" in capsys.readouterr().out
    assert _counts(url) == {}


@pytest.mark.parametrize("typed", ["", "Sam Example", "sam@"])
def test_what_is_no_id_is_said_so(url: str, typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["patient", "erase", typed]) == 1
    assert "phone number" in capsys.readouterr().err


def test_a_purge_says_what_it_took(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    _within(url, _fill)
    assert main(["db", "purge", "--now", "2026-11-24T12:00:00Z"]) == 0
    assert "0 rows" in capsys.readouterr().out
    assert main(["db", "purge", "--now", "2126-01-01"]) == 0
    said = capsys.readouterr().out
    assert "2 bookings" in said
    assert _counts(url) == {}
    assert {actor.partition(":")[0] for actor, _ in _logged(url)} == {"staff"}


def test_keys_are_changed_by_hand(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _within(url, _fill)
    new = "fedcba9876543210" * 2
    monkeypatch.setenv("DATA_KEYS", new)
    assert main(["db", "seal"]) == 0
    said = capsys.readouterr().out
    assert "2 bookings" in said
    assert "encrypted with the newest key" in said
    assert main(["db", "seal"]) == 0
    assert capsys.readouterr().out.startswith("0 rows")
    monkeypatch.setenv("SECRET_KEY", "another secret of thirty-two letters")
    assert main(["patient", "export", "780 555 0199"]) == 0
    assert "李小龙 Name" in capsys.readouterr().out
    monkeypatch.delenv("DATA_KEYS")
    assert main(["patient", "export", "780 555 0199"]) == 1
    assert "DATA_KEYS" in capsys.readouterr().err


def test_without_a_key_the_settings_are_named(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _within(url, _fill)
    monkeypatch.delenv("SECRET_KEY")
    for verb in (["booking", "list"], ["db", "seal"], ["patient", "export", "web:a"]):
        assert main(verb) == 1
        assert "SECRET_KEY" in capsys.readouterr().err


@pytest.mark.parametrize("now", ["soon", "0001-01-01", "9999-12-31"])
def test_a_purge_of_no_time_is_refused(
    url: str, now: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["db", "purge", "--now", now]) == 1
    assert "2026-12-04T10:00" in capsys.readouterr().err
