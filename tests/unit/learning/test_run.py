"""A run from labels to promotion, on a tiny project and with a stand-in for Rasa."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fakes.copies import NOON, copied
from sqlalchemy import update

from bot.errors import BotError
from bot.learning.cases import NO_SET
from bot.learning.fingerprint import model_path
from bot.learning.office import Learning
from bot.learning.promotion import NotPromoted
from bot.learning.run import NothingToLearn, TrainAndCompare
from bot.learning.served import ServedModel
from bot.learning.taught import read_taught
from bot.review.label import Judgement, Verdict
from bot.safety import Gate
from bot.settings import ROOT, Settings
from bot.storage.audit import AuditLog, Entry
from bot.storage.database import Database
from bot.storage.inbox import InboxRepository
from bot.storage.learning_tables import training_runs
from bot.storage.migrate import migrate
from bot.storage.promotions import PromotedMeanwhile
from bot.storage.review import ReviewRepository
from bot.storage.sealing import KeyRing
from bot.storage.training_runs import FAILED, READY, REFUSED, RunUnderWay

GATE = Gate.load(ROOT / "data" / "safety")
HURTS, FEES = "faq/does_it_hurt", "clinic/fees"
NLU = f"version: '3.1'\nnlu:\n- intent: {HURTS}\n  examples: |\n    - does it hurt\n"
SET = '{"text": "what do i pay", "expect": "clinic/fees"}\n'
FLAGS = '{"text": "chest pain", "expect": "safety/emergency"}\n'


class Model:
    """Answers from what it was taught, and knows one red flag unless it was sabotaged."""

    def __init__(self, taught: dict[str, str], knows_flags: bool) -> None:
        self._taught = taught
        self._knows_flags = knows_flags

    async def ask(self, text: str, before: Sequence[str] = ()) -> dict[str, Any]:
        if text == "chest pain" and self._knows_flags:
            return {"outcome": "emergency", "answer_ids": ["safety/emergency"]}
        if topic := self._taught.get(text):
            return {"outcome": "answer", "answer_ids": [topic]}
        return {"outcome": "decline", "answer_ids": ["other/out_of_scope"]}

    async def close(self) -> None:
        pass


class Project:
    """A clinic's folder with a model, a database and labels."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.root = folder / "project"
        for name, text in (("data/nlu/a.yml", NLU), ("config.yml", "x"), ("domain.yml", "x")):
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.evaluation = folder / "evaluation"
        self.evaluation.mkdir()
        (self.evaluation / "first.jsonl").write_text(SET, "utf-8")
        (self.evaluation / "flags.jsonl").write_text(FLAGS, "utf-8")
        self.settings = Settings(  # type: ignore[call-arg]
            learned_dir=folder / "learned",
            models_dir=folder / "models",
            evaluation_dir=self.evaluation,
        )
        self.database = database
        self.learning = Learning.of(database, self.settings, GATE, root=self.root)
        self.sabotaged: set[str] = set()
        self.trained: list[str] = []
        self.waits: asyncio.Event | None = None
        self.base = self._make(self.settings.learned_dir)

    def _make(self, learned: Path) -> Path:
        path = model_path(self.settings.models_dir, self.root, learned)
        path.parent.mkdir(parents=True, exist_ok=True)
        pairs = "\n".join(f"{text}\t{topic}" for topic, text in read_taught(learned).pairs)
        path.write_text(pairs, encoding="utf-8")
        return path

    async def train(self, folder: Path, say: Any) -> Path:
        say("Training…")
        if self.waits is not None:
            await self.waits.wait()
        path = self._make(folder)
        self.trained.append(path.name)
        return path

    async def open(self, model: Path) -> Model:
        rows = [line.partition("\t") for line in model.read_text("utf-8").splitlines()]
        taught = {text: topic for text, _, topic in rows}
        return Model({"does it hurt": HURTS, **taught}, model.name not in self.sabotaged)

    async def label(self, text: str, topic: str, number: int) -> None:
        row = await InboxRepository(self.database).take("web", f"web:{number}", "m", text)
        message = copied(text, inbox_id=row.id, outcome="decline", confidence=0.4, answer="")
        await ReviewRepository(self.database).keep([message])
        said = Judgement(Verdict.WRONG, topic=topic)
        entry = Entry("Kim", "review_labelled", str(row.id))
        await self.learning.queue.label(row.id, said, "Kim", NOON, entry)

    async def run(self) -> int:
        number = await self.learning.runs.start("Pat")
        await self.task().run(number)
        return number

    def task(self) -> TrainAndCompare:
        parts = self.learning
        return TrainAndCompare(
            self.settings,
            parts.desk,
            parts.runs,
            parts.keeper,
            train=self.train,
            open_model=self.open,
            echo=lambda line: None,
        )

    def present(self) -> str:
        return self.learning.keeper.present()


@pytest.fixture
async def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Project]:
    database = Database(f"sqlite:///{tmp_path / 'bot.db'}", keys=KeyRing.for_this_process())
    await migrate(database)
    made = Project(tmp_path, database)

    def served(settings: Settings) -> Path:
        return model_path(settings.models_dir, made.root, settings.learned_dir)

    monkeypatch.setattr("bot.learning.run.served_path", served)
    monkeypatch.setattr("bot.learning.served.served_path", served)
    await made.label("the damage for an hour", FEES, 1)
    yield made
    await database.close()


async def test_a_run_trains_compares_and_tells(project: Project) -> None:
    number = await project.run()
    run = await project.learning.runs.get(number)
    assert (run.state, run.base, run.candidate) == (READY, project.base.name, project.trained[0])
    assert run.report
    assert run.report["taught"] == 1
    scores = {score["kind"]: score for score in run.report["scores"]}
    assert (scores["labels"]["old_right"], scores["labels"]["new_right"]) == (0, 1)
    assert (scores["flags"]["old_right"], scores["flags"]["new_right"]) == (1, 1)
    assert run.report["changed"] == 1
    assert run.report["notes"] == ["The candidate was trained on 1 of the labelled messages."]
    assert any("Asking the candidate 3 messages" in line for line in run.progress)
    assert project.present() == project.base.name, "nothing is served before it is promoted"


async def test_a_candidate_that_misses_a_red_flag_is_refused(project: Project) -> None:
    task, number = project.task(), await project.learning.runs.start("Pat")
    original = project.train

    async def sabotage(folder: Path, say: Any) -> Path:
        path = await original(folder, say)
        project.sabotaged.add(path.name)
        return path

    task._train = sabotage
    report = await task.run(number)
    assert report.refusals == ("1 red flag is newly missed.",)
    assert (await project.learning.runs.get(number)).state == REFUSED
    with pytest.raises(NotPromoted, match="may not be promoted"):
        await project.learning.keeper.promote(number, "Pat")
    assert project.present() == project.base.name
    assert await project.learning.promotions.latest() is None


async def test_without_evaluation_messages_it_says_so(project: Project) -> None:
    for path in project.evaluation.iterdir():
        path.unlink()
    number = await project.run()
    report = (await project.learning.runs.get(number)).report
    assert report
    assert report["notes"][0] == NO_SET
    assert {score["kind"] for score in report["scores"]} == {"flags", "harmless", "labels"}


async def test_nothing_new_is_not_trained(project: Project) -> None:
    number = await project.run()
    await project.learning.keeper.promote(number, "Pat")
    with pytest.raises(NothingToLearn):
        await project.run()
    assert len(project.trained) == 1
    latest = await project.learning.runs.latest()
    assert latest
    assert latest.state == FAILED


async def test_there_is_one_run_at_a_time(project: Project) -> None:
    project.waits = asyncio.Event()
    running = asyncio.ensure_future(project.run())
    await asyncio.sleep(0.2)
    with pytest.raises(RunUnderWay):
        await project.learning.runs.start("Kim")
    latest = await project.learning.runs.latest()
    assert latest
    assert latest.state == "running"
    project.waits.set()
    await running
    assert (await project.learning.runs.start("Kim")) > latest.id


async def test_a_run_that_is_stopped_says_so(project: Project) -> None:
    project.waits = asyncio.Event()
    running = asyncio.ensure_future(project.run())
    await asyncio.sleep(0.2)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    latest = await project.learning.runs.latest()
    assert latest
    assert latest.state == FAILED
    assert latest.progress[-1].endswith("Stopped.")


async def test_a_run_that_died_makes_room(project: Project) -> None:
    number = await project.learning.runs.start("Pat")
    async with project.database.begin() as connection:
        await connection.execute(update(training_runs).values(seen_at=NOON))
    latest = await project.learning.runs.latest()
    assert latest
    assert (latest.id, latest.state) == (number, FAILED)
    assert "stopped without a word" in latest.progress[-1]
    await project.run()


async def test_what_is_promoted_is_the_model_of_the_data(project: Project) -> None:
    number = await project.run()
    await project.learning.keeper.promote(number, "Pat")
    assert project.present() == project.trained[0]
    assert read_taught(project.settings.learned_dir).examples == {FEES: ("the damage for an hour",)}
    latest = await project.learning.promotions.latest()
    assert latest
    assert (latest.kind, latest.model, latest.former, latest.run_id, latest.by) == (
        "promote",
        project.trained[0],
        project.base.name,
        number,
        "Pat",
    )
    entries = await AuditLog(project.database).page(5, action="model_promote")
    assert [(e.actor, e.subject) for e in entries] == [("Pat", project.trained[0])]
    with pytest.raises(NotPromoted, match="has changed"):
        await project.learning.keeper.promote(number, "Pat")


async def test_rolling_back_brings_back_data_and_model_and_can_be_undone(project: Project) -> None:
    await project.learning.keeper.promote(await project.run(), "Pat")
    await project.label("cash only or what", FEES, 2)
    await project.learning.keeper.promote(await project.run(), "Pat")
    first, second = project.trained
    assert project.base.exists(), "models that the clinic trained itself are left alone"
    assert len(read_taught(project.settings.learned_dir)) == 2
    assert await project.learning.keeper.rollback("Kim") == first
    assert project.present() == first
    assert len(read_taught(project.settings.learned_dir)) == 1
    assert await project.learning.keeper.rollback("Kim") == second
    assert project.present() == second
    kinds = [row.kind for row in await project.learning.promotions.page(9)]
    assert kinds == ["rollback", "rollback", "promote", "promote"]


async def test_of_two_who_are_rid_of_a_model_at_once_the_second_does_not_bring_it_back(
    project: Project,
) -> None:
    await project.learning.keeper.promote(await project.run(), "Pat")
    bad = project.trained[0]
    await project.learning.keeper.rollback("Kim", bad)
    with pytest.raises(PromotedMeanwhile):
        await project.learning.keeper.rollback("Pat", bad)
    assert project.present() == project.base.name


async def test_rolling_back_to_the_shipped_model_leaves_nothing_taught(project: Project) -> None:
    with pytest.raises(NotPromoted, match="Nothing was promoted"):
        await project.learning.keeper.rollback("Kim")
    await project.learning.keeper.promote(await project.run(), "Pat")
    await project.learning.keeper.rollback("Kim")
    assert project.present() == project.base.name
    assert not (project.settings.learned_dir / "nlu" / "learned.yml").exists()


async def test_data_that_has_changed_since_is_not_overruled(project: Project) -> None:
    number = await project.run()
    nlu = project.root / "data" / "nlu" / "a.yml"
    nlu.write_text(NLU + "    - will it hurt\n", encoding="utf-8")
    with pytest.raises(NotPromoted, match="data has changed"):
        await project.learning.keeper.promote(number, "Pat")
    nlu.write_text(NLU, encoding="utf-8")
    await project.learning.keeper.promote(number, "Pat")
    nlu.write_text(NLU + "    - will it hurt\n", encoding="utf-8")
    with pytest.raises(NotPromoted, match="data has changed"):
        await project.learning.keeper.rollback("Pat")


async def test_a_promotion_that_cannot_be_written_did_not_happen(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await project.run()

    def full(*_args: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("bot.learning.promotion.write_taught", full)
    with pytest.raises(OSError, match="No space"):
        await project.learning.keeper.promote(number, "Pat")
    assert await project.learning.promotions.latest() is None
    assert project.present() == project.base.name


async def test_of_two_promotions_at_once_one_is_told(project: Project) -> None:
    number = await project.run()
    both = (project.learning.keeper.promote(number, who) for who in ("Kim", "Pat"))
    done = await asyncio.gather(*both, return_exceptions=True)
    (error,) = [one for one in done if one is not None]
    assert isinstance(error, PromotedMeanwhile | NotPromoted)
    assert isinstance(error, BotError)
    assert len(await project.learning.promotions.page(5)) == 1


async def test_candidates_that_nobody_promoted_are_cleared_away(project: Project) -> None:
    await project.run()
    (unused,) = project.trained
    await project.label("cash only or what", FEES, 2)
    await project.learning.keeper.promote(await project.run(), "Pat")
    models = {path.name for path in project.settings.models_dir.iterdir()}
    assert models == {project.base.name, project.trained[1]}
    assert unused not in models


class Watching:
    """A server that serves whichever model it is told to."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.placed: list[str] = []
        promotions, settings = project.learning.promotions, project.settings
        self.model = ServedModel(settings, promotions, project.base, self.load)
        self.is_broken = False

    def load(self, path: Path) -> Any:
        if self.is_broken:
            raise OSError("a broken archive")
        return lambda: self.placed.append(path.name)


async def test_running_servers_notice_a_promotion_and_a_rollback(project: Project) -> None:
    one, two = Watching(project), Watching(project)
    await one.model.look()
    await project.learning.keeper.promote(await project.run(), "Pat")
    for server in (one, two):
        await server.model.look()
        await server.model.look()
        assert server.placed == [project.trained[0]]
        assert server.model.loaded == project.trained[0]
    await project.learning.keeper.rollback("Pat")
    await one.model.look()
    assert one.placed == [project.trained[0], project.base.name]


async def test_a_server_that_starts_serves_the_promoted_model_already(project: Project) -> None:
    await project.learning.keeper.promote(await project.run(), "Pat")
    server = Watching(project)
    server.model._loaded = project.settings.models_dir / project.present()
    await server.model.look()
    assert server.placed == []


async def test_a_host_without_the_new_data_goes_on_as_it_was(project: Project) -> None:
    server = Watching(project)
    await project.learning.keeper.promote(await project.run(), "Pat")
    (project.settings.models_dir / project.trained[0]).unlink()
    await server.model.look()
    assert (server.placed, server.model.loaded) == ([], project.base.name)
