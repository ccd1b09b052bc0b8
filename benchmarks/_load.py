"""Simulated patients: each writes, waits for the answer, writes again; there is a bound."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field

# Sends one message of one conversation; False when no answer came.
Say = Callable[[str], Awaitable[bool]]
# Begins a new conversation.
Begin = Callable[[], Awaitable[Say]]


@dataclass(frozen=True)
class Plan:
    """How much load.

    Attributes:
        users: Patients who write at the same time.
        messages: In all.
        turns: Messages of one conversation; then another patient takes the place.
        max_seconds: No message is begun after this time.
    """

    users: int
    messages: int
    turns: int
    max_seconds: float


@dataclass
class Load:
    """What came of it.

    Attributes:
        ms: Milliseconds from message to answer, for each answered message.
        failed: Messages without an answer.
        seconds: From the first message to the last answer, opening conversations included.
    """

    ms: list[float] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0

    @property
    def messages_per_s(self) -> float:
        """Answered messages a second."""
        return len(self.ms) / self.seconds if self.seconds else 0.0


async def put_load(begin: Begin, texts: Sequence[str], plan: Plan) -> Load:
    """Lets the patients write.

    Args:
        begin: Opens a conversation with the system under test.
        texts: What they write, in this order, over and over.
        plan: How much.
    """
    load = Load()
    started = time.perf_counter()
    # One queue for all: whoever has an answer takes the next message.
    work = itertools.islice(itertools.cycle(texts), plan.messages)
    until = started + plan.max_seconds
    await asyncio.gather(*(_user(begin, work, plan.turns, until, load) for _ in range(plan.users)))
    load.seconds = time.perf_counter() - started
    return load


async def _user(begin: Begin, work: Iterator[str], turns: int, until: float, load: Load) -> None:
    while True:
        say: Say | None = None
        for text in itertools.islice(work, turns):
            if time.perf_counter() > until:
                return
            say = say or await begin()
            started = time.perf_counter()
            if await say(text):
                load.ms.append((time.perf_counter() - started) * 1000)
            else:
                load.failed += 1
        if say is None:
            return
