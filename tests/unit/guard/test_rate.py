from __future__ import annotations

import time

import pytest

from bot.errors import SettingError
from bot.guard.rate import RateLimit
from bot.guard.refusals import TooFast


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = time.time()
        monkeypatch.setattr(time, "time", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


async def _spend(limit: RateLimit, key: str, times: int) -> None:
    for _ in range(times):
        await limit.spend(key)


async def test_one_too_many_is_refused_with_the_time_to_wait(clock: Clock) -> None:
    limit = RateLimit("3/minute", "message")
    await _spend(limit, "a", 3)
    clock.now += 20
    with pytest.raises(TooFast) as refused:
        await limit.spend("a")
    assert (refused.value.status, refused.value.code) == (429, "too_fast")
    assert 39 <= refused.value.retry_after <= 41


async def test_after_the_wait_it_is_welcome_again(clock: Clock) -> None:
    limit = RateLimit("3/minute", "message")
    await _spend(limit, "a", 3)
    with pytest.raises(TooFast) as refused:
        await limit.spend("a")
    clock.now += refused.value.retry_after + 0.001
    await limit.spend("a")


async def test_the_wait_is_never_zero(clock: Clock) -> None:
    limit = RateLimit("1/second", "message")
    await limit.spend("a")
    clock.now += 0.999
    with pytest.raises(TooFast) as refused:
        await limit.spend("a")
    assert refused.value.retry_after >= 1


async def test_each_key_and_each_limit_has_its_own_count(clock: Clock) -> None:
    messages, sessions = RateLimit("2/minute", "message"), RateLimit("2/minute", "session")
    await _spend(messages, "a", 2)
    await _spend(messages, "b", 2)
    await _spend(sessions, "a", 2)
    for limit, key in ((messages, "a"), (messages, "b"), (sessions, "a")):
        with pytest.raises(TooFast):
            await limit.spend(key)


async def test_the_strictest_of_several_limits_counts(clock: Clock) -> None:
    limit = RateLimit("2/minute;3/hour", "message")
    await _spend(limit, "a", 2)
    with pytest.raises(TooFast):
        await limit.spend("a")
    clock.now += 61
    await limit.spend("a")
    clock.now += 61
    with pytest.raises(TooFast) as refused:
        await limit.spend("a")
    assert refused.value.retry_after > 60


@pytest.mark.parametrize("notation", ["fast", "60", "60/fortnight", "-/minute"])
def test_a_limit_that_cannot_be_read_names_itself_and_the_remedy(notation: str) -> None:
    with pytest.raises(SettingError, match="60/minute") as wrong:
        RateLimit(notation, "message")
    assert repr(notation) in str(wrong.value)


async def test_a_message_that_is_delivered_again_counts_once() -> None:
    limit = RateLimit("2/minute", "message")
    for message_id in ("m1", "m1", "m1", "m2", "m1"):
        await limit.spend("a", message_id)
    with pytest.raises(TooFast):
        await limit.spend("a", "m3")
    await limit.spend("b", "m1")
