"""Promoting a candidate, and rolling back to the model before.

A model is found by the fingerprint of its data. So a promotion puts what the candidate was taught
into the folder that counts for the fingerprint; from then on this candidate is the model of the
present data, for a running server as well as for one that starts. What each kept model was taught
stays beside it, so that a rollback is the same step backwards.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from bot.errors import BotError
from bot.learning.fingerprint import model_path
from bot.learning.taught import Taught, read_taught, write_taught
from bot.settings import ROOT, Settings
from bot.storage.promotions import PromotedMeanwhile, Promotion, PromotionRepository
from bot.storage.training_runs import READY, RunRepository

RUNS, KEPT = "runs", "kept"
SUFFIX = ".tar.gz"


class NotPromoted(BotError):
    """The model cannot be promoted, or not any more."""

    code = "not_promoted"
    status = 409


class Keeper:
    """Knows the folders: of each run, of each kept model, and of what is served."""

    def __init__(
        self,
        settings: Settings,
        runs: RunRepository,
        promotions: PromotionRepository,
        root: Path = ROOT,
    ) -> None:
        """Makes the keeper.

        Args:
            settings: Name the folders.
            runs: Know the candidates.
            promotions: Know what is and was served.
            root: The project's folder.
        """
        self._learned = settings.learned_dir
        self._models = settings.models_dir
        self._runs = runs
        self._promotions = promotions
        self._root = root

    def present(self) -> str:
        """The name of the model of the present data."""
        return model_path(self._models, self._root, self._learned).name

    def run_folder(self, run_id: int) -> Path:
        """Where a candidate's examples are."""
        return self._learned / RUNS / str(run_id)

    async def make_room(self, run_id: int) -> Path:
        """A new folder for a run; candidates of earlier runs that were not promoted go.

        Returns:
            The folder; it is empty.
        """
        last = await self._promotions.latest()
        kept = {self.present(), *((last.model, last.former) if last else ())}
        candidates = await self._runs.candidates()
        await asyncio.to_thread(self._tidy, candidates - kept)
        folder = self.run_folder(run_id)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _tidy(self, models: set[str]) -> None:
        shutil.rmtree(self._learned / RUNS, ignore_errors=True)
        for name in models:
            (self._models / name).unlink(missing_ok=True)
            shutil.rmtree(self._kept_folder(name), ignore_errors=True)

    def _kept_folder(self, model: str) -> Path:
        return self._learned / KEPT / model.removesuffix(SUFFIX)

    def is_kept(self, model: str) -> bool:
        """Whether a model and what it was taught are there."""
        return (self._models / model).exists() and self._kept_folder(model).is_dir()

    async def promote(self, run_id: int, by: str) -> None:
        """Makes a run's candidate the model of the present data.

        Args:
            run_id: Which run; it must have ended well.
            by: Who promotes it.

        Raises:
            NotPromoted: when the run was refused or has failed, or its ground has changed since.
            PromotedMeanwhile: when somebody else promotes at the same moment.
        """
        run, last = await self._runs.get(run_id), await self._promotions.latest()
        if run.state != READY or run.base is None or run.candidate is None:
            raise NotPromoted("This candidate may not be promoted.")
        folder = self.run_folder(run_id)
        await asyncio.to_thread(self._check, folder, run.candidate, run.base)
        await self._switch(
            by, "promote", run.candidate, run.base, read_taught(folder), run_id=run_id, last=last
        )

    async def rollback(self, by: str, away_from: str | None = None) -> str:
        """Goes back to the model before.

        Args:
            by: Who does it.
            away_from: The model that was to go; None: whichever is served. Going back twice would
                bring it back, so of two who want to be rid of it at once only one goes back.

        Returns:
            Its name.

        Raises:
            NotPromoted: when there is none, or the shipped data has changed since.
            PromotedMeanwhile: when somebody else was quicker.
        """
        last = await self._promotions.latest()
        if last is None:
            raise NotPromoted("Nothing was promoted yet.")
        if away_from is not None and last.model != away_from:
            raise PromotedMeanwhile("Somebody else changed the model just now.")
        if not self.is_kept(last.former):
            raise NotPromoted("The former model is not kept any more.")
        folder = self._kept_folder(last.former)
        await asyncio.to_thread(self._check, folder, last.former, last.model)
        await self._switch(
            by, "rollback", last.former, last.model, read_taught(folder), run_id=None, last=last
        )
        return last.former

    def _check(self, folder: Path, model: str, base: str) -> None:
        if not (self._models / model).exists():
            raise NotPromoted("The trained model is not there any more. Train again.")
        is_same = model_path(self._models, self._root, folder).name == model
        if not is_same or self.present() != base:
            raise NotPromoted("The data has changed since this model was trained. Train again.")

    async def _switch(
        self,
        by: str,
        kind: str,
        model: str,
        former: str,
        taught: Taught,
        *,
        run_id: int | None,
        last: Promotion | None,
    ) -> None:
        def prepare() -> None:
            write_taught(self._kept_folder(former), read_taught(self._learned))
            write_taught(self._kept_folder(model), taught)
            write_taught(self._learned, taught)

        await self._promotions.add(
            by,
            kind,
            model,
            former,
            run_id=run_id,
            after=last.id if last else None,
            prepare=prepare,
        )
