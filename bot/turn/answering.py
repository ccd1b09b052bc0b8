"""What a message of SMS or Messenger is answered with: keywords, files, numbers, else a turn."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.content import CardLibrary
from bot.guard.opt_out import Keyword, keyword
from bot.metrics import TURN_SECONDS, TURNS
from bot.storage.inbox import InboxRow, Understood
from bot.storage.outbox import OutboxRepository
from bot.turn.choices import chosen
from bot.turn.deadline import TooSlow, within
from bot.turn.live import AnyTurn
from bot.turn.reply import Reply, ReplyMessage

logger = logging.getLogger(__name__)
CHANNELS = ("sms", "messenger")
# Below these, choices are what could be asked next.
SUGGESTING = frozenset({"answer", "smalltalk"})
GREETING, PRIVACY = "smalltalk/greet", "clinic/privacy"
HELP, FILES, FIRST_CONTACT, TOO_FAST = (
    "other/help",
    "other/attachment",
    "other/first_contact",
    "other/too_fast",
)
# A message that ended so many workers is not given to another one.
MAX_ATTEMPTS = 3
# What a turn may take beyond its own deadline before it is left to itself.
SPARE_SECONDS = 5.0
# Choices stand in one of the newest letters, or nowhere.
LOOKED_AT = 10


class Answering:
    """Answers one message of a provider's channel; never raises for what a patient wrote."""

    def __init__(
        self, turn: AnyTurn, library: CardLibrary, outbox: OutboxRepository, deadline: float
    ) -> None:
        """Puts the parts together.

        Args:
            turn: Answers what is a question.
            library: The clinic's approved words.
            outbox: Knows which choices were sent.
            deadline: Of a turn, in seconds.

        Raises:
            CardUnavailable: when a phrase of the channels is missing or not approved.
        """
        self._turn = turn
        self._library = library
        self._outbox = outbox
        self._deadline = deadline + SPARE_SECONDS
        # Made now: no server starts without them.
        self._phrases = {
            (topic, channel): library.render(topic, channel).text
            for topic in (HELP, FILES, FIRST_CONTACT, TOO_FAST)
            for channel in CHANNELS
        }

    def phrase(self, topic: str, channel: str) -> str:
        """The approved words of a fixed phrase."""
        return self._phrases[topic, channel]

    async def answer(self, row: InboxRow) -> tuple[list[dict[str, Any]], Understood]:
        """The messages that answer one, and how it was understood.

        There may be none where the turn chose to say nothing.
        """
        with TURN_SECONDS.labels(row.channel).time():
            reply = await self._reply(row)
        TURNS.labels(row.channel, reply.outcome).inc()
        return _as_kept(reply), Understood(reply.outcome, reply.intent, reply.confidence)

    def apology(self, row: InboxRow) -> list[dict[str, Any]]:
        """What is said when nothing else can be; the warning where there is a red flag."""
        flagged = self._turn.warning_only(row.channel, _words(row))
        reply = flagged or Reply((_said(self._turn.apology(row.channel), outcome="handoff"),))
        return _as_kept(reply)

    async def _reply(self, row: InboxRow) -> Reply:
        words, files = _words(row), bool((row.detail or {}).get("files"))
        if row.attempts > MAX_ATTEMPTS:
            return self._turn.warning_only(row.channel, words) or self._trouble(row)
        if files and not words.strip():
            return Reply((_said(self.phrase(FILES, row.channel), outcome="decline"),))
        if fixed := self._fixed(row, words):
            return fixed
        is_keyword = keyword(words) is Keyword.PRIVACY
        reply = await self._turned(row, await self._meant(row, words), is_keyword)
        if not files:
            return reply
        return _with_last(reply, self.phrase(FILES, row.channel))

    def _fixed(self, row: InboxRow, words: str) -> Reply | None:
        """The reply to a keyword."""
        detail = row.detail or {}
        wanted = keyword(words, detail.get("opt_out_type"))
        # "Start" and "yes" are plain words, but where they ended an opt-out.
        if wanted is Keyword.HELP or (wanted is Keyword.START and detail.get("restarted")):
            return Reply((_said(self.phrase(HELP, row.channel), outcome="handoff"),))
        return None

    async def _meant(self, row: InboxRow, words: str) -> str:
        """The text a turn is to answer."""
        if (row.detail or {}).get("greets"):
            return self._library.title(GREETING)
        if keyword(words) is Keyword.PRIVACY:
            return self._library.title(PRIVACY)
        if row.channel != "sms":
            return words
        letters = await self._outbox.latest(row.conversation_id, row.channel, LOOKED_AT)
        return chosen(words, letters)

    async def _turned(self, row: InboxRow, text: str, is_keyword: bool) -> Reply:
        run = self._turn.run(
            row.conversation_id,
            row.channel,
            text,
            row.message_id,
            again=row.attempts > 1,
            is_keyword=is_keyword,
        )
        try:
            return await within(run, self._deadline)
        except TooSlow:
            logger.error("A turn took longer than %s s.", self._deadline)
            return self._turn.warning_only(row.channel, text) or self._trouble(row)

    def _trouble(self, row: InboxRow) -> Reply:
        return Reply((_said(self._turn.apology(row.channel), outcome="handoff"),))


def _as_kept(reply: Reply) -> list[dict[str, Any]]:
    """The messages, each with whether its choices are a question or mere suggestions."""
    kept = zip(reply.messages, reply.as_json(), strict=True)
    return [{**fields, "asks": message.outcome not in SUGGESTING} for message, fields in kept]


def _with_last(reply: Reply, text: str) -> Reply:
    """A reply with one more message, under which its last choices now stand."""
    if not reply.messages:
        # A person answers, and sees no files either.
        return replace(reply, messages=(_said(text, outcome="decline"),))
    *before, last = reply.messages
    added = ReplyMessage(text, last.answer_ids, last.choices, outcome=reply.outcome)
    messages = (*before, replace(last, choices=()), added)
    return replace(reply, messages=messages)


def _words(row: InboxRow) -> str:
    """What the patient said: a choice by what it stands for."""
    return str((row.detail or {}).get("says") or row.text)


def _said(text: str, outcome: str, ids: Sequence[str] = ("handoff/human",)) -> ReplyMessage:
    return ReplyMessage(text, tuple(ids), outcome=outcome)
