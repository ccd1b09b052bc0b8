"""Rate limits, in this process or shared through Redis."""

from __future__ import annotations

import asyncio
import math
import time

from limits import RateLimitItem, parse, parse_many
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter

from bot.errors import SettingError
from bot.guard.refusals import TooFast

# For so long a message that is delivered again is known not to be a new one.
SAME = parse("1/10 minutes")


class RateLimit:
    """One limit, counted for each key."""

    def __init__(self, notation: str, name: str, redis_url: str | None = None) -> None:
        """Makes the limit.

        Args:
            notation: As ``60/minute`` or ``60/minute;600/hour``.
            name: Keeps the counts of different limits apart.
            redis_url: Shared counts; unset: this process alone.

        Raises:
            SettingError: when the notation cannot be read.
        """
        try:
            self._limits: list[RateLimitItem] = parse_many(notation)
        except ValueError as error:
            raise SettingError(
                f"The rate limit {notation!r} cannot be read.", remedy="Write it as 60/minute."
            ) from error
        self._shared = redis_url is not None
        storage = storage_from_string(redis_url or "memory://")
        self._strategy = MovingWindowRateLimiter(storage)
        self._seen = FixedWindowRateLimiter(storage)
        self._name = name

    async def spend(self, key: str, message_id: str | None = None) -> None:
        """Counts one request.

        Args:
            key: Whose; a conversation or an address.
            message_id: Of a message that may be delivered again; it is counted once.

        Raises:
            TooFast: when it is one too many.
        """
        if self._shared:
            # The Redis client blocks; the event loop must not wait for a network.
            await asyncio.to_thread(self._spend, key, message_id)
        else:
            self._spend(key, message_id)

    def _spend(self, key: str, message_id: str | None) -> None:
        if message_id is not None and not self._seen.hit(SAME, self._name, key, message_id):
            return
        for limit in self._limits:
            if not self._strategy.hit(limit, self._name, key):
                reset = self._strategy.get_window_stats(limit, self._name, key).reset_time
                raise TooFast(max(1, math.ceil(reset - time.time())))
