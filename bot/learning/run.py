"""Train and compare: a candidate from the present data and what is proposed, held against the
model that is served.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from bot.errors import BotError, SettingError
from bot.learning.cases import Asked, cases_of
from bot.learning.comparison import Judged, Report, compare
from bot.learning.desk import LearningDesk, Lessons
from bot.learning.fingerprint import served_path
from bot.learning.progress import Progress
from bot.learning.promotion import Keeper
from bot.learning.taught import write_taught
from bot.settings import Settings
from bot.storage.training_runs import FAILED, READY, REFUSED, RunRepository

Say = Callable[[str], None]
# Trains on the shipped data and a folder of what staff taught; gives the model's path.
Train = Callable[[Path, Say], Awaitable[Path]]
TELL_EVERY = 250
STOPPED = "Stopped."


class NothingToLearn(BotError):
    """The labels propose no example that the model does not have."""

    code = "nothing_to_learn"
    status = 409

    def __init__(self) -> None:
        super().__init__("There is nothing new to learn: label more messages first.")


class Answers(Protocol):
    """A model that can be asked, as ``bot.learning.asking.Asking``."""

    async def ask(self, text: str, before: Sequence[str] = ()) -> dict[str, Any]:
        """Answers one message in the form of ``bot ask --jsonl``."""

    async def close(self) -> None:
        """Forgets everything."""


Open = Callable[[Path], Awaitable[Answers]]


class TrainAndCompare:
    """One run, from the labels to the report."""

    def __init__(
        self,
        settings: Settings,
        desk: LearningDesk,
        runs: RunRepository,
        keeper: Keeper,
        *,
        train: Train,
        open_model: Open,
        echo: Say,
    ) -> None:
        """Puts a run together.

        Args:
            settings: Name the folders.
            desk: Tells what there is to learn.
            runs: Keeps progress and report.
            keeper: Knows where models and what they were taught are kept.
            train: Trains a candidate.
            open_model: Loads a model.
            echo: Takes each line of progress as well.
        """
        self._settings = settings
        self._desk = desk
        self._runs = runs
        self._keeper = keeper
        self._train = train
        self._open = open_model
        self._echo = echo

    async def run(self, run_id: int) -> Report:
        """Does it all; the run's row tells how it ended, whatever happens.

        Raises:
            NothingToLearn: when the labels propose nothing.
            BotError: when the data cannot be trained on.
        """
        progress = Progress(self._runs, run_id, self._echo)
        state, report = FAILED, None
        try:
            async with progress.shown():
                try:
                    report = await self._compare(run_id, progress)
                    state = REFUSED if report.refusals else READY
                except BotError as error:
                    progress.say(str(error))
                    raise
                except BaseException as error:
                    is_fault = isinstance(error, Exception)
                    progress.say(f"It failed: {type(error).__name__}." if is_fault else STOPPED)
                    raise
        finally:
            await self._runs.end(run_id, state, report.as_json() if report else None)
        return report

    async def _compare(self, run_id: int, progress: Progress) -> Report:
        progress.say("Reading the labels…")
        lessons = await self._desk.lessons()
        if not lessons.proposals.examples:
            raise NothingToLearn
        base = served_path(self._settings)
        if not base.exists():
            raise SettingError("There is no model that is served.", remedy="Run `bot train`.")
        folder = await self._keeper.make_room(run_id)
        taught = self._desk.taught_with(lessons.proposals)
        write_taught(folder, taught)
        progress.say(f"Training on {len(taught)} examples that staff taught, and on all others…")
        candidate = await self._train(folder, progress.detail)
        await self._runs.name(run_id, base.name, candidate.name)
        judged, notes, seconds = await self._judged(base, candidate, lessons, progress)
        report = compare(judged, notes, len(taught))
        progress.say("Done." if not report.refusals else "Done: it is not good enough.")
        return Report(**{**vars(report), "seconds": seconds})

    async def _judged(
        self, base: Path, candidate: Path, lessons: Lessons, progress: Progress
    ) -> tuple[list[Judged], list[str], dict[str, float]]:
        asked, notes = cases_of(
            self._settings.evaluation_dir, self._settings.safety_dir, lessons.labelled
        )
        proposed = {one.inbox_id for one in lessons.proposals.examples}
        if known := sum(one.inbox_id in proposed for one in asked):
            notes.append(f"The candidate was trained on {known} of the labelled messages.")
        seconds: dict[str, float] = {}
        answers = []
        for name, model in (("present model", base), ("candidate", candidate)):
            started = time.monotonic()
            answers.append(await self._answers(model, asked, name, progress))
            seconds[name] = round(time.monotonic() - started, 1)
        judged = [
            Judged(one.name, one.case, old, new, one.inbox_id)
            for one, old, new in zip(asked, *answers, strict=True)
        ]
        return judged, notes, seconds

    async def _answers(
        self, model: Path, asked: Sequence[Asked], name: str, progress: Progress
    ) -> list[dict[str, Any]]:
        progress.say(f"Asking the {name} {len(asked)} messages…")
        opened = await self._open(model)
        answers = []
        try:
            for number, one in enumerate(asked, 1):
                answers.append(await opened.ask(one.case.text, one.case.before))
                if number % TELL_EVERY == 0:
                    progress.say(f"The {name} has answered {number} of {len(asked)}.")
        finally:
            await opened.close()
        return answers
