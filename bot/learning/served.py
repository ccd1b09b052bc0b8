"""Has a running server notice that another model was promoted, and serve it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

from bot.learning.fingerprint import served_path
from bot.settings import Settings
from bot.storage.promotions import PromotionRepository

logger = logging.getLogger(__name__)
# Every process looks for itself: so many seconds after a promotion all of them serve the new model.
LOOK_SECONDS = 2.0


class ServedModel:
    """Looks for promotions: the database says that there was one, the data says of which model."""

    def __init__(
        self,
        settings: Settings,
        promotions: PromotionRepository,
        loaded: Path,
        load: Callable[[Path], Callable[[], None]],
    ) -> None:
        """Makes the watcher of one process.

        Args:
            settings: Name the folders.
            promotions: Tell of changes.
            loaded: The model that is served at the moment.
            load: Loads a model, in a thread, and gives what puts it in place, in the event loop.
        """
        self._settings = settings
        self._promotions = promotions
        self._loaded = loaded
        self._load = load
        self._seen: int | None = None

    @property
    def loaded(self) -> str:
        """The name of the model that this process serves."""
        return self._loaded.name

    async def look(self) -> None:
        """Serves another model when one was promoted; a broken one leaves all as it is."""
        latest = await self._promotions.latest()
        if latest is None or latest.id == self._seen:
            return
        self._seen = latest.id
        path = await asyncio.to_thread(served_path, self._settings)
        if path.name == self._loaded.name:
            return
        # The data was changed by hand, or this host does not share LEARNED_DIR or MODELS_DIR.
        if path.name != latest.model or not path.exists():
            logger.error("The promoted model %s is not the one of the data here.", latest.model)
            return
        started = time.monotonic()
        put_in_place = await asyncio.to_thread(self._load, path)
        put_in_place()
        self._loaded = path
        logger.info("Serving %s, loaded in %.1f s.", path.name, time.monotonic() - started)
