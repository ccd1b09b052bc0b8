from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from fakes.copies import NOON, copied

from bot.cli import main
from bot.learning.taught import read_taught
from bot.review.label import Judgement, Verdict
from bot.settings import ROOT, Settings
from bot.storage.audit import AuditLog, Entry
from bot.storage.database import Database
from bot.storage.inbox import InboxRepository
from bot.storage.migrate import migrate
from bot.storage.review import ReviewRepository
from bot.storage.review_queue import ReviewQueue

FEES = Judgement(Verdict.WRONG, topic="clinic/fees")


@pytest.fixture(autouse=True)
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    address = f"sqlite:///{tmp_path / 'bot.db'}"
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("SECRET_KEY", "0123456789abcdef" * 2)
    for name in ("learned", "models"):
        monkeypatch.setenv(f"{name.upper()}_DIR", str(tmp_path / name))
    return address


def _said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(["review", *arguments]) == code
    out, err = capsys.readouterr()
    return err if code else out


async def _declined(url: str, text: str, said: Judgement | None) -> int:
    await migrate(url)
    database = Database.of(Settings.from_env())
    try:
        row = await InboxRepository(database).take("web", f"web:{text}", "m", text)
        message = copied(text, inbox_id=row.id, outcome="decline", confidence=0.4, answer="")
        await ReviewRepository(database).keep([message])
        if said:
            entry = Entry("Kim", "review_labelled", str(row.id))
            await ReviewQueue(database).label(row.id, said, "Kim", NOON, entry)
        return row.id
    finally:
        await database.close()


def test_the_queue_is_listed(capsys: pytest.CaptureFixture[str], url: str) -> None:
    assert _said(capsys, "list") == "Nothing waits for review.\n"
    number = asyncio.run(_declined(url, "ear seeds\nfor [name]?", None))
    told = _said(capsys, "list")
    assert told == f"{number}  declined  ear seeds for [name]?\n1 messages wait for review.\n"


def test_what_was_taught_is_exported_as_a_diff(
    capsys: pytest.CaptureFixture[str], url: str
) -> None:
    assert _said(capsys, "export") == ""
    asyncio.run(_declined(url, "what is the damage eh", FEES))
    diff = _said(capsys, "export")
    assert diff.startswith("--- a/data/nlu/clinic.yml\n+++ b/data/nlu/clinic.yml\n")
    assert "\n+    - what is the damage eh\n" in diff


def test_the_files_are_changed_when_asked_for(
    capsys: pytest.CaptureFixture[str], url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = tmp_path / "answers"
    answers.mkdir()
    monkeypatch.setenv("ANSWERS_DIR", str(answers))
    asyncio.run(_declined(url, "ear seeds?", Judgement(Verdict.NEW)))
    assert _said(capsys, "export", "--write") == f"Changed {answers / 'drafts.yml'}\n"
    assert "ear seeds?" in (answers / "drafts.yml").read_text("utf-8")
    assert _said(capsys, "export") == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["promote"], "Run `bot review train`"),
        (["promote", "7"], "There is no such run."),
        (["rollback"], "Nothing was promoted yet."),
    ],
)
def test_what_cannot_be_done_is_said(
    capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert told in _said(capsys, *arguments, code=1)


def test_a_candidate_is_promoted_and_rolled_back(
    capsys: pytest.CaptureFixture[str], url: str, tmp_path: Path
) -> None:
    from bot.learning.fingerprint import model_path
    from bot.learning.taught import Taught, write_taught
    from bot.storage.training_runs import READY, RunRepository

    models, learned = tmp_path / "models", tmp_path / "learned"
    base = model_path(models, ROOT, learned)

    async def ran() -> str:
        await migrate(url)
        database = Database.of(Settings.from_env())
        runs = RunRepository(database)
        number = await runs.start("Pat")
        folder = learned / "runs" / str(number)
        write_taught(folder, Taught.of([("clinic/fees", "the damage eh")]))
        candidate = model_path(models, ROOT, folder)
        for path in (base, candidate):
            path.parent.mkdir(exist_ok=True)
            path.write_text("a model")
        await runs.name(number, base.name, candidate.name)
        await runs.end(number, READY, {})
        await database.close()
        return candidate.name

    name = asyncio.run(ran())
    assert _said(capsys, "promote", "--by", "Pat Example").startswith(f"{name} is promoted")
    assert read_taught(learned).examples == {"clinic/fees": ("the damage eh",)}
    assert _said(capsys, "rollback").startswith(f"{base.name} is back")
    assert len(read_taught(learned)) == 0

    async def noted() -> list[str]:
        database = Database.of(Settings.from_env())
        entries = await AuditLog(database).page(5)
        await database.close()
        return [entry.actor for entry in entries if entry.action.startswith("model_")]

    shell, pat = asyncio.run(noted())
    assert pat == "Pat Example"
    assert shell.startswith("shell: ")


def test_nothing_to_learn_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    assert "There is nothing new to learn" in _said(capsys, "train", code=1)
