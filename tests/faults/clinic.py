"""The whole turn in process, over the trained model and a database of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from bot.learning.asking import Asking
from bot.safety import Gate
from bot.settings import ROOT, Settings
from bot.turn.intake import Intake
from bot.turn.locks import ConversationLocks
from faults.approved import Approved, split
from faults.messages import Step

T = TypeVar("T")
# On a busy machine a turn must not be cut short only because it is slow.
# A file keeps what patients wrote encrypted, so it needs a key.
PATIENT = {"TURN_DEADLINE": "60", "SECRET_KEY": "only for these tests, 32 characters long"}
CHANNELS = ("web", "sms", "messenger")


@dataclass
class Talk:
    """One patient's conversation so far."""

    channel: str
    id: str
    said: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


class Clinic:
    """Takes messages as a channel does and holds every reply to the approved words.

    Attributes:
        library: The cards it speaks by.
        turns: How many messages were answered.
        heard: The ids of all that was answered, and "a reference" when a request was sent.
    """

    def __init__(self, asking: Asking, loop: asyncio.AbstractEventLoop) -> None:
        parts = asking.parts
        self.turns = 0
        self.heard: set[str] = set()
        self.library = parts.library
        self._asking = asking
        self._loop = loop
        self._intake = Intake(parts.inbox, asking.turn, ConversationLocks())
        self._gate: Gate = parts.gate
        self._approved = Approved(ROOT, parts.profile)
        self._apology = {
            self.library.render("other/technical_trouble", channel).text for channel in CHANNELS
        }
        self._numbers = count()

    @classmethod
    def open(cls, folder: Path) -> Clinic:
        """Loads the model once; the database is a file in the folder."""
        loop = asyncio.new_event_loop()
        opening = Asking.open(Settings.from_env(PATIENT), f"sqlite:///{folder / 'clinic.db'}")
        return cls(loop.run_until_complete(opening), loop)

    def close(self) -> None:
        """Forgets everything."""
        self._loop.run_until_complete(self._asking.close())
        self._loop.close()

    def hear(self, steps: Sequence[Step]) -> None:
        """Answers every message; fails with the conversation at the first wrong word."""
        talks = [Talk(channel, f"{channel}:{next(self._numbers)}") for channel in CHANNELS]
        for number, step in enumerate(steps):
            self._run(self._hear(talks[step.patient], step, f"m{number}"))

    def say(self, channel: str, conversation: str, text: str) -> list[dict[str, Any]]:
        """Answers one message, whatever is said."""
        message = f"s{next(self._numbers)}"
        return self._run(self._intake.handle(channel, conversation, message, text))

    def alerts(self, conversation: str) -> list[tuple[str, str]]:
        """Kind and level of what stands before staff about a conversation."""
        found = self._run(self._asking.parts.alerts.open_alerts())
        return [(a.kind, a.level) for a in found if a.conversation_id == conversation]

    def _run(self, work: Awaitable[T]) -> T:
        return self._loop.run_until_complete(work)

    async def _hear(self, talk: Talk, step: Step, message_id: str) -> None:
        talk.said.append(step.text)
        talk.lines.append(f"patient:   {step.text!r}")
        messages = await self._intake.handle(talk.channel, talk.id, message_id, step.text)
        self.turns += 1
        talk.lines += [f"assistant: {message['text']}" for message in messages]
        faults = [fault for m in messages for fault in self._approved.faults(m, talk.said)]
        faults += self._warning_faults(step.text, messages)
        faults += ["an apology though nothing is broken" for m in messages if self._sorry(m)]
        faults += [] if messages else ["silence"]
        self.heard |= {topic for message in messages for topic in message["answer_ids"]}
        self.heard |= {"a reference" for m in messages if "Your reference is" in m["text"]}
        if step.again:
            same = await self._intake.handle(talk.channel, talk.id, message_id, step.text)
            faults += [] if same == messages else ["another reply to the same message"]
        assert not faults, "\n".join([*faults, f"in {talk.channel}:", *talk.lines])

    def _sorry(self, message: Mapping[str, Any]) -> bool:
        return message["text"] in self._apology

    def _warning_faults(self, text: str, messages: Sequence[dict[str, Any]]) -> list[str]:
        """What the gate finds is warned of in the first sentence; a hint may be none."""
        found = self._gate.check(text)
        level = found.level
        if level is None or found.is_hint or not messages:
            return []
        first = next(split(messages[0]["text"]))
        # The second opinion may put a graver warning first.
        graver = [name for name in self._approved.warnings if level.rank >= _rank(name)]
        allowed = set().union(*(self._approved.warnings[name] for name in graver))
        return [] if first in allowed else [f"{level.value} is not warned of first: {first!r}"]


def _rank(name: str) -> int:
    return ("emergency", "crisis", "urgent").index(name)
