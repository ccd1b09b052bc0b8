from __future__ import annotations

import asyncio

from bot.turn.places import Places


async def test_no_more_work_at_once_than_there_are_places() -> None:
    places = Places(2, 60)
    inside, most = 0, 0

    async def work() -> None:
        nonlocal inside, most
        async with places.take():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    await asyncio.gather(*(work() for _ in range(20)))
    assert most == 2


async def test_whoever_stalls_keeps_nobody_out() -> None:
    places = Places(1, 0.01)
    stalls, done = asyncio.Event(), asyncio.Event()

    async def stall() -> None:
        async with places.take():
            await stalls.wait()

    async def work() -> None:
        async with places.take():
            done.set()

    stalled = asyncio.ensure_future(stall())
    await asyncio.sleep(0)
    working = asyncio.ensure_future(work())
    await asyncio.wait({working}, timeout=10)
    assert done.is_set()
    stalls.set()
    await stalled
    # The place was given up once, not twice.
    holding = places.take()
    await holding.__aenter__()
    third = asyncio.ensure_future(work())
    await asyncio.sleep(0.001)
    assert not third.done()
    await holding.__aexit__(None, None, None)
    await third
