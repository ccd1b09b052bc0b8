"""The parts of the learning of one process, made once: for the console and for the command."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.learning.desk import LearningDesk
from bot.learning.launch import Launcher, ProcessLauncher
from bot.learning.promotion import Keeper
from bot.safety import Gate
from bot.settings import ROOT, Settings
from bot.storage.database import Database
from bot.storage.drafts import DraftRepository
from bot.storage.promotions import PromotionRepository
from bot.storage.review_queue import ReviewQueue
from bot.storage.training_runs import RunRepository


@dataclass(frozen=True)
class Learning:
    """The parts.

    Attributes:
        queue: Messages that wait for reviewers, and labels.
        drafts: Cards that are wanted.
        desk: What the labels come to.
        runs: Runs of "train and compare".
        promotions: Which model was served since when.
        keeper: Promotes and rolls back.
        launcher: Starts runs beside the server.
    """

    queue: ReviewQueue
    drafts: DraftRepository
    desk: LearningDesk
    runs: RunRepository
    promotions: PromotionRepository
    keeper: Keeper
    launcher: Launcher

    @classmethod
    def of(
        cls,
        database: Database,
        settings: Settings,
        gate: Gate,
        *,
        root: Path = ROOT,
        launcher: Launcher | None = None,
    ) -> Learning:
        """Over a database and the folders of the settings."""
        runs, promotions = RunRepository(database), PromotionRepository(database)
        return cls(
            queue=ReviewQueue(database),
            drafts=DraftRepository(database),
            desk=LearningDesk(database, settings, gate, root),
            runs=runs,
            promotions=promotions,
            keeper=Keeper(settings, runs, promotions, root),
            launcher=launcher or ProcessLauncher(runs),
        )
