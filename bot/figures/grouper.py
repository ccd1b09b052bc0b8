"""Groups what was not answered, in the background and from redacted copies alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np

from bot.figures.asked import Wording, wordings
from bot.figures.grouping import groups_of
from bot.figures.model import DAYS
from bot.nlu.encoder import Vectors
from bot.storage.message_groups import Grouping, GroupRepository

# How often it is looked whether a grouping is due.
LOOK_SECONDS = 15.0
# At least so long between two groupings, and at most so long once there is a new message.
SOONEST, LATEST = timedelta(seconds=30), timedelta(hours=1)
# In between it is done when so many are new: a few at a small clinic, a share at a large one.
FEW, SHARE = 3, 0.05
# A patient's message may come between two of ours.
PAUSE_SECONDS = 0.01


class Encoding(Protocol):
    """The model that answers."""

    @property
    def name(self) -> str:
        """Of its archive."""

    def encode(self, text: str) -> Vectors | None:
        """A text's vector of length 1, by the model's own encoder; None where it has none."""


class Grouper:
    """Looks whether a grouping is due, and makes it."""

    def __init__(
        self, groups: GroupRepository, model: Encoding, clock: Callable[[], datetime]
    ) -> None:
        """Makes the grouper of one process.

        Args:
            groups: Where unanswered messages are read and groups are kept.
            model: Compares messages.
            clock: The present moment; aware.
        """
        self._groups = groups
        self._model = model
        self._clock = clock
        # Of what was compared the last time, by model and text: most of it is there again.
        self._known: dict[tuple[str, str], Vectors] = {}

    async def run_once(self) -> bool:
        """Groups anew when it is due.

        Returns:
            Whether it was.
        """
        now, name = self._clock(), self._model.name
        latest = await self._groups.latest()
        if latest is not None and not await self._is_due(latest, name, now):
            return False
        unanswered = await self._groups.unanswered(now - timedelta(days=DAYS))
        asked = await asyncio.to_thread(wordings, unanswered.messages)
        vectors = await self._vectors(name, asked)
        if vectors is None:
            return False
        found = await asyncio.to_thread(groups_of, asked, vectors)
        compared = sum(len(one.messages) for one in asked)
        left_out = unanswered.count - compared
        newest = max((one.inbox_id for one in unanswered.messages), default=0)
        await self._groups.keep(found, Grouping(now, name, newest, compared, left_out))
        return True

    async def _is_due(self, latest: Grouping, name: str, now: datetime) -> bool:
        passed = now - latest.made_at
        if timedelta(0) <= passed < SOONEST:
            return False
        if latest.model != name:
            return True
        enough = 1 if passed >= LATEST else max(FEW, round(SHARE * latest.compared))
        return await self._groups.newer(latest.newest, enough) >= enough

    async def _vectors(self, name: str, asked: list[Wording]) -> Vectors | None:
        """One after the other, so that a patient waits for one of them at most."""
        found: dict[tuple[str, str], Vectors] = {}
        for wording in asked:
            key = (name, wording.text)
            vector = self._known.get(key)
            if vector is None:
                vector = await asyncio.to_thread(self._model.encode, wording.text)
                await asyncio.sleep(PAUSE_SECONDS)
            if vector is None:
                return None
            found[key] = vector
        self._known = found
        return np.stack(list(found.values())) if found else np.zeros((0, 1), np.float32)
