"""The load generator on a system that only counts."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks._load import Plan, Say, put_load

HOUR = 3600.0


class Counting:
    """Keeps every conversation; fails to answer one text."""

    def __init__(self, refused: str = "") -> None:
        self.conversations: list[list[str]] = []
        self.refused = refused

    async def begin(self) -> Say:
        said: list[str] = []
        self.conversations.append(said)

        async def say(text: str) -> bool:
            said.append(text)
            return text != self.refused

        return say

    @property
    def said(self) -> Sequence[str]:
        return [text for conversation in self.conversations for text in conversation]


async def test_exactly_so_many_messages_are_sent() -> None:
    system = Counting()
    load = await put_load(system.begin, ["a", "b", "c"], Plan(4, 50, 7, HOUR))
    assert len(system.said) == len(load.ms) == 50
    assert load.failed == 0
    assert system.said.count("a") == 17


async def test_a_conversation_ends_after_its_turns() -> None:
    system = Counting()
    await put_load(system.begin, ["a"], Plan(1, 25, 10, HOUR))
    assert [len(conversation) for conversation in system.conversations] == [10, 10, 5]


async def test_no_conversation_is_opened_for_nothing() -> None:
    system = Counting()
    await put_load(system.begin, ["a"], Plan(8, 3, 10, HOUR))
    assert all(system.conversations)


async def test_a_message_without_an_answer_is_a_failure_and_has_no_time() -> None:
    system = Counting(refused="b")
    load = await put_load(system.begin, ["a", "b"], Plan(2, 10, 5, HOUR))
    assert (len(load.ms), load.failed) == (5, 5)


async def test_no_message_is_begun_after_the_time_is_up() -> None:
    system = Counting()
    load = await put_load(system.begin, ["a"], Plan(2, 100, 5, -1.0))
    assert (system.said, load.ms, load.messages_per_s) == ([], [], 0.0)
