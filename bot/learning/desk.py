"""What the labels come to: examples, draft cards, and both as a change of the shipped files."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.learning.diff import NLU, Change, draft_changes, taught_changes
from bot.learning.proposals import Known, Proposals, draft_questions, propose
from bot.learning.taught import Taught, examples_in, read_taught
from bot.learning.traffic import LEANED_ON, Labelled
from bot.review.sameness import folded
from bot.safety import Gate
from bot.settings import ROOT, Settings
from bot.storage.database import Database
from bot.storage.drafts import Draft, DraftRepository
from bot.storage.review_queue import ReviewQueue
from bot.storage.turns import TurnRepository

# Labels older than so many say little of what patients ask today.
RECENT = 2_000
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Lessons:
    """What there is to learn.

    Attributes:
        labelled: Messages with their labels, oldest label first.
        proposals: Examples that the labels propose.
        drafts: Cards that are wanted.
        questions: What patients asked, by the number of the draft; None: without a name.
    """

    labelled: tuple[Labelled, ...]
    proposals: Proposals
    drafts: tuple[Draft, ...]
    questions: dict[int | None, list[str]]


class LearningDesk:
    """Reads labels, and the data that is there already."""

    def __init__(
        self, database: Database, settings: Settings, gate: Gate, root: Path = ROOT
    ) -> None:
        """Makes the desk.

        Args:
            database: Where the labels are.
            settings: Name the folders.
            gate: Reads red flags.
            root: The project's folder.
        """
        self._queue = ReviewQueue(database)
        self._turns = TurnRepository(database)
        self._drafts = DraftRepository(database)
        self._settings = settings
        self._gate = gate
        self._root = root

    async def lessons(self) -> Lessons:
        """Everything there is to learn from the labels as they are now."""
        items = (await self._queue.labelled())[-RECENT:]
        labelled = []
        for item in items:
            name, number = item.turn.conversation_id, item.turn.inbox_id
            before = await self._turns.of_conversation(name, LEANED_ON, number)
            labelled.append(Labelled(item, tuple(turn.text for turn in before.turns)))
        # Reading ten thousand examples must not hold up the patients.
        proposals = await asyncio.to_thread(self._proposed, labelled)
        drafts = await self._drafts.all()
        return Lessons(tuple(labelled), proposals, tuple(drafts), draft_questions(labelled))

    def _proposed(self, labelled: list[Labelled]) -> Proposals:
        return propose(labelled, self._known(), self._has_flag)

    def _has_flag(self, text: str) -> bool:
        return self._gate.check(text).level is not None

    def _known(self) -> Known:
        trained = {**self._shipped()}
        for topic, text in read_taught(self._settings.learned_dir).pairs:
            trained.setdefault(folded(text), topic)
        folder = self._settings.evaluation_dir
        return Known(trained, _held_out(folder, _stamp(folder, "*.jsonl")))

    def _shipped(self) -> dict[str, str]:
        folder = self._root / NLU
        return _trained(folder, _stamp(folder, "*.yml"))

    def taught_with(self, proposals: Proposals) -> Taught:
        """All that staff taught, with what is proposed now and without what is shipped since."""
        shipped = self._shipped()
        before = read_taught(self._settings.learned_dir).pairs
        pairs = [*before, *proposals.taught.pairs]
        return Taught.of((topic, text) for topic, text in pairs if folded(text) not in shipped)

    def changes(self, lessons: Lessons) -> list[Change]:
        """The same as a change of the shipped files; reads them, so not for the event loop."""
        answers = self._settings.answers_dir
        examples = taught_changes(self._root, self.taught_with(lessons.proposals))
        return [*examples, *draft_changes(answers, lessons.drafts, lessons.questions)]

    def path_of(self, change: Change) -> Path:
        """Where a change belongs."""
        folder = self._root / NLU
        if not change.name.startswith(NLU):
            folder = self._settings.answers_dir
        return folder / Path(change.name).name


def _stamp(folder: Path, pattern: str) -> Stamp:
    """Tells whether anything in a folder has changed."""
    found = ((path, path.stat()) for path in sorted(folder.glob(pattern)))
    return tuple((path.name, stat.st_mtime_ns, stat.st_size) for path, stat in found)


@lru_cache(maxsize=2)
def _trained(folder: Path, _now: Stamp) -> dict[str, str]:
    return {folded(text): topic for topic, text in examples_in(folder)}


@lru_cache(maxsize=2)
def _held_out(folder: Path, _now: Stamp) -> frozenset[str]:
    lines = [
        line
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    return frozenset(folded(str(json.loads(line)["text"])) for line in lines if line.strip())
