"""Training and whole runs as processes of their own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvloop

from bot.learning import training_process
from bot.learning.launch import ProcessLauncher
from bot.learning.train import TrainingFailed
from bot.learning.training_process import train_beside
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.training_runs import FAILED, Run, RunRepository

SETTLED_SECONDS = 120
SAY = "import os,sys; print('line one', file=sys.stderr); print('line two', file=sys.stderr);"


def _command(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(training_process, "COMMAND", (sys.executable, "-c", code))


async def test_a_training_tells_its_lines_and_its_model(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    model = tmp_path / "a model.tar.gz"
    model.touch()
    _command(
        monkeypatch, f"{SAY} assert os.environ['LEARNED_DIR'] == 'taught'; print({str(model)!r})"
    )
    said: list[str] = []
    assert await train_beside(Path("taught"), said.append) == model
    assert said == ["line one", "line two"]


@pytest.mark.parametrize("code", ["raise SystemExit(1)", "pass", "print('/nowhere/model.tar.gz')"])
async def test_a_training_without_a_model_has_failed(
    monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    _command(monkeypatch, code)
    with pytest.raises(TrainingFailed):
        await train_beside(Path("taught"), lambda line: None)


async def test_whoever_stops_a_run_stops_its_training(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    alive = tmp_path / "pid"
    code = f"import os,time,pathlib; pathlib.Path({str(alive)!r}).write_text(str(os.getpid()));"
    _command(monkeypatch, f"{code} time.sleep(600)")
    training = asyncio.ensure_future(train_beside(Path("taught"), lambda line: None))
    while not alive.exists() or not alive.read_text():
        await asyncio.sleep(0.05)
    training.cancel()
    with pytest.raises(asyncio.CancelledError):
        await training
    assert not Path(f"/proc/{alive.read_text()}").exists()


@pytest.fixture
async def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RunRepository]:
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("LEARNED_DIR", str(tmp_path / "learned"))
    await migrate(url)
    database = Database(url)
    yield RunRepository(database)
    await database.close()


async def _ended(runs: RunRepository, number: int) -> Run:
    for _ in range(SETTLED_SECONDS * 5):
        run = await runs.get(number)
        if run.state != "running":
            return run
        await asyncio.sleep(0.2)
    raise AssertionError("it runs on")


async def test_a_run_is_started_beside_the_server_and_tells_how_it_ended(
    runs: RunRepository,
) -> None:
    launcher = ProcessLauncher(runs)
    number = await runs.start("Pat")
    await launcher.start(number)
    run = await _ended(runs, number)
    assert run.state == FAILED
    assert "There is nothing new to learn" in run.progress[-1]
    await launcher.stop()


async def test_a_server_that_stops_ends_what_it_started(runs: RunRepository) -> None:
    launcher = ProcessLauncher(runs)
    number = await runs.start("Pat")
    await launcher.start(number)
    await launcher.stop()
    assert (await _ended(runs, number)).state == FAILED


async def test_it_trains_also_where_sanic_has_chosen_the_event_loops(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As in the command, whose loop runs before Sanic is imported."""
    model = tmp_path / "model.tar.gz"
    model.touch()
    _command(monkeypatch, f"print({str(model)!r})")
    policy = asyncio.get_event_loop_policy()
    try:
        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
        assert await train_beside(Path("taught"), lambda line: None) == model
    finally:
        asyncio.set_event_loop_policy(policy)
