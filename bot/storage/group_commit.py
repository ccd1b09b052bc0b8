"""Many small writes in one transaction: whoever comes while one is committed shares the next.

A commit waits for the disk, and SQLite lets one writer in at a time. Under load, one commit for all
that waits costs no more than one for each of them alone.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from contextvars import Context
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")
Work = Callable[[AsyncConnection], Awaitable[T]]
Begin = Callable[[], AbstractAsyncContextManager[AsyncConnection]]
_Waiting = tuple[Work[Any], "asyncio.Future[Any]"]
# Short groups, so that whoever is in a hurry waits for one of them only.
MAX_WORKS = 20
# Of each group so many are for those who are in no hurry: they come to their turn as well.
UNHURRIED = 4


class GroupCommit:
    """Runs writes, one after the other and together."""

    def __init__(self, begin: Begin) -> None:
        """Makes the queue.

        Args:
            begin: Opens a transaction.
        """
        self._begin = begin
        self._hurried: deque[_Waiting] = deque()
        self._waiting: deque[_Waiting] = deque()
        self._task: asyncio.Task[None] | None = None

    async def run(self, work: Work[T], *, is_urgent: bool = False) -> T:
        """Does a write; when this returns, it is committed.

        Args:
            work: Reads and writes on the connection it is given; may be run twice, when the
                transaction it was part of failed. It is not begun after its caller gave up.
            is_urgent: Whether it goes before those that are not.

        Raises:
            Exception: what the work itself or the commit raised.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        (self._hurried if is_urgent else self._waiting).append((work, done))
        if self._task is None or self._task.done():
            # In no turn's context: what is committed belongs to many.
            self._task = Context().run(lambda: asyncio.ensure_future(self._commit()))
        return await done

    async def _commit(self) -> None:
        while group := self._next_group():
            try:
                await self._together(group)
            except Exception as error:
                if len(group) == 1:
                    _fail(group[0][1], error)
                    continue
                # One of them failed all; alone, each gets what is its own.
                for work, done in group:
                    await self._alone(work, done)

    def _next_group(self) -> list[_Waiting]:
        """Those who go together now; nobody who has given up."""
        group: list[_Waiting] = []
        while len(group) < MAX_WORKS and (self._hurried or self._waiting):
            is_full = len(group) >= MAX_WORKS - UNHURRIED and bool(self._waiting)
            one = (self._waiting if is_full or not self._hurried else self._hurried).popleft()
            if not one[1].done():
                group.append(one)
        return group

    async def _together(self, group: list[_Waiting]) -> None:
        async with self._begin() as connection:
            results = [await work(connection) for work, _ in group]
        for (_, done), result in zip(group, results, strict=True):
            if not done.done():
                done.set_result(result)

    async def _alone(self, work: Work[Any], done: asyncio.Future[Any]) -> None:
        try:
            await self._together([(work, done)])
        except Exception as error:
            _fail(done, error)


def _fail(done: asyncio.Future[Any], error: Exception) -> None:
    if not done.done():
        done.set_exception(error)
