from __future__ import annotations

import asyncio

from bot.turn.places import Places

AN_HOUR = 3600.0
# Every task that can go on has gone on after so many rounds of the event loop.
ROUNDS = 10


async def _rounds() -> None:
    for _ in range(ROUNDS):
        await asyncio.sleep(0)


async def test_no_more_work_at_once_than_there_are_places() -> None:
    places = Places(2)
    inside, most = 0, 0

    async def work() -> None:
        nonlocal inside, most
        async with places.take(AN_HOUR):
            inside += 1
            most = max(most, inside)
            await _rounds()
            inside -= 1

    await asyncio.gather(*(work() for _ in range(20)))
    assert most == 2


async def test_whoever_stalls_keeps_nobody_out() -> None:
    places = Places(1)
    stalls = asyncio.Event()

    async def stall() -> None:
        async with places.take(0.01):
            await stalls.wait()

    async def work() -> None:
        async with places.take(AN_HOUR):
            pass

    stalled = asyncio.ensure_future(stall())
    await _rounds()
    # Ends when the place is given up, however slow the machine is; the limit is for a failure.
    await asyncio.wait_for(work(), AN_HOUR / 60)
    assert not stalled.done()
    stalls.set()
    await stalled
    # The place was given up once, not twice: one holds it, and the next waits.
    async with places.take(AN_HOUR):
        third = asyncio.ensure_future(work())
        await _rounds()
        assert not third.done()
    await third


async def test_whoever_is_done_in_time_gives_the_place_up_once() -> None:
    places = Places(1)
    async with places.take(0):
        pass
    async with places.take(AN_HOUR):
        second = asyncio.ensure_future(places.take(AN_HOUR).__aenter__())
        await _rounds()
        assert not second.done()
    await second
