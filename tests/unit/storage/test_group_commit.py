from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.group_commit import MAX_WORKS, UNHURRIED, GroupCommit


class Store:
    """Transactions over a list; counts commits and can fail."""

    def __init__(self) -> None:
        self.kept: list[int] = []
        self.commits = 0

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        written: list[int] = []
        yield cast(AsyncConnection, written)
        await asyncio.sleep(0.01)
        self.kept += written
        self.commits += 1


def _write(number: int) -> Any:
    async def work(connection: Any) -> int:
        connection.append(number)
        if number < 0:
            raise ValueError(str(number))
        return number * 10

    return work


async def test_what_comes_together_is_committed_together_and_in_order() -> None:
    store = Store()
    group = GroupCommit(store.begin)
    results = await asyncio.gather(*(group.run(_write(number)) for number in range(20)))
    assert results == [number * 10 for number in range(20)]
    assert store.kept == list(range(20))
    assert store.commits <= 2


async def test_a_group_is_not_endless() -> None:
    store = Store()
    group = GroupCommit(store.begin)
    await asyncio.gather(*(group.run(_write(number)) for number in range(3 * MAX_WORKS)))
    assert store.commits >= 3


async def test_one_that_fails_takes_no_other_with_it() -> None:
    store = Store()
    group = GroupCommit(store.begin)
    numbers = [1, 2, -3, 4]
    results = await asyncio.gather(
        *(group.run(_write(number)) for number in numbers), return_exceptions=True
    )
    assert [type(result) for result in results] == [int, int, ValueError, int]
    assert store.kept == [1, 2, 4]


async def test_whoever_gives_up_leaves_the_others_alone() -> None:
    store = Store()
    group = GroupCommit(store.begin)
    first = asyncio.ensure_future(group.run(_write(1)))
    second = asyncio.ensure_future(group.run(_write(2)))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == 20
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_work_after_a_pause_is_done_as_well() -> None:
    store = Store()
    group = GroupCommit(store.begin)
    assert [await group.run(_write(number)) for number in (1, 2)] == [10, 20]


async def test_what_is_urgent_goes_first_and_the_rest_comes_to_its_turn() -> None:
    store = Store()
    group = GroupCommit(store.begin)
    calm = [group.run(_write(number)) for number in range(100, 130)]
    urgent = [group.run(_write(number), is_urgent=True) for number in range(30)]
    await asyncio.gather(*calm, *urgent)
    first = store.kept[:MAX_WORKS]
    assert [number for number in first if number < 100] == list(range(len(first) - UNHURRIED))
    assert sorted(store.kept) == [*range(30), *range(100, 130)]


async def test_a_write_that_nobody_waits_for_any_more_is_not_begun() -> None:
    store = Store()
    group = GroupCommit(store.begin)
    first = asyncio.ensure_future(group.run(_write(1)))
    await asyncio.sleep(0.001)
    second = asyncio.ensure_future(group.run(_write(2)))
    await asyncio.sleep(0)
    second.cancel()
    await first
    assert await group.run(_write(3)) == 30
    assert store.kept == [1, 3]
