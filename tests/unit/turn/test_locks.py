from __future__ import annotations

import asyncio
import gc

import pytest

from bot.errors import SettingError
from bot.turn.locks import ConversationLocks, lock_store


async def test_one_conversation_has_one_turn_at_a_time_in_order() -> None:
    locks, happened = ConversationLocks(), []

    async def turn(name: str) -> None:
        async with locks.hold("a"):
            happened.append(f"{name} starts")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            happened.append(f"{name} ends")

    await asyncio.gather(*(turn(str(number)) for number in range(4)))
    expected = [f"{number} {what}" for number in range(4) for what in ("starts", "ends")]
    assert happened == expected


async def test_other_conversations_do_not_wait() -> None:
    locks = ConversationLocks()
    async with locks.hold("a"):
        await asyncio.wait_for(_hold(locks, "b"), 5)


async def test_the_same_conversation_waits() -> None:
    locks = ConversationLocks()
    async with locks.hold("a"):
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(_hold(locks, "a"), 0.05)
    await asyncio.wait_for(_hold(locks, "a"), 5)


async def _hold(locks: ConversationLocks, conversation: str) -> None:
    async with locks.hold(conversation):
        pass


async def test_a_failed_turn_frees_its_conversation() -> None:
    locks = ConversationLocks()
    with pytest.raises(RuntimeError):
        async with locks.hold("a"):
            raise RuntimeError
    async with locks.hold("a"):
        pass


async def test_a_conversation_at_rest_keeps_no_lock() -> None:
    locks = ConversationLocks()
    for number in range(100):
        async with locks.hold(str(number)):
            assert len(locks._locks) >= 1
    gc.collect()
    assert len(locks._locks) == 0


def test_without_redis_locks_are_in_this_process() -> None:
    assert type(lock_store(None)).__name__ == "InMemoryLockStore"


@pytest.mark.parametrize("url", ["localhost", "http://localhost:6379", "redis://", "redis:6379"])
def test_what_is_no_redis_address_is_named_with_the_remedy(url: str) -> None:
    with pytest.raises(SettingError, match=r"REDIS_URL.*redis://"):
        lock_store(url)


def test_a_redis_address_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}
    monkeypatch.setattr("bot.turn.locks.RedisLockStore", lambda **options: given.update(options))
    lock_store("rediss://user:pass@redis.example:7000/2")
    assert given == {
        "host": "redis.example",
        "port": 7000,
        "db": 2,
        "username": "user",
        "password": "pass",
        "use_ssl": True,
    }
    lock_store("redis://redis.example")
    assert (given["port"], given["db"], given["use_ssl"]) == (6379, 0, False)
