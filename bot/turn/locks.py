"""One conversation, one turn at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from rasa.core.lock_store import InMemoryLockStore, LockStore, RedisLockStore

from bot.errors import SettingError

REDIS_PORT = 6379


class ConversationLocks:
    """Locks by conversation within this process, first come first served.

    Rasa's own lock polls once a second; waiting here first means that it is free when reached, and
    that only another process can make a turn wait on it.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, conversation_id: str) -> AsyncIterator[None]:
        """Waits for the conversation's turn."""
        lock = self._locks.get(conversation_id)
        if lock is None:
            lock = self._locks[conversation_id] = asyncio.Lock()
        async with lock:
            yield


def lock_store(redis_url: str | None) -> LockStore:
    """Rasa's lock store: in this process, or in Redis for several.

    Raises:
        SettingError: when ``REDIS_URL`` is not a Redis address.
    """
    if redis_url is None:
        return InMemoryLockStore()
    parts = urlsplit(redis_url)
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise SettingError("REDIS_URL is not an address.", remedy="Use redis://host:6379/0.")
    return RedisLockStore(
        host=parts.hostname,
        port=parts.port or REDIS_PORT,
        db=int(parts.path.strip("/") or 0),
        username=parts.username,
        password=parts.password,
        use_ssl=parts.scheme == "rediss",
    )
