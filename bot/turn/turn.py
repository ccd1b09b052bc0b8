"""The turn itself: gate, understand, respond; and what is said when a part is broken."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any, Protocol, TypeVar

from bot.content import CardLibrary
from bot.nlu.text import has_words, storable
from bot.safety import Assessment, Flag, Gate, Level
from bot.storage.alerts import AlertRepository
from bot.turn.assistant import Assistant
from bot.turn.deadline import TooSlow, within
from bot.turn.reply import SILENCE, Reply, ReplyMessage, from_events
from bot.turn.signs import spelled_out
from bot.turn.understanding import CONTESTED, HINTED, Understanding, second_opinion
from bot.turn.warnings import CHANNELS, levels_of, warnings_of

logger = logging.getLogger(__name__)
T = TypeVar("T")

# A warning does not wait long for what could be added to it.
FLAGGED_DEADLINE = 3.0
SECOND_OPINION_DEADLINE = 1.0
UNREADABLE = "other/unreadable"
TROUBLE = "other/technical_trouble"
# How they are reported: as an offer of topics, and as a hand-over to a person.
PHRASES = {UNREADABLE: "clarify", TROUBLE: "handoff"}
PERSON = "handoff/human"


class People(Protocol):
    """Know which conversations a person of the clinic has taken over."""

    async def is_taken(self, conversation_id: str) -> bool:
        """Whether a person answers there now."""

    async def heard_from(self, conversation_id: str) -> bool:
        """The same, asked when the patient writes there: a talk may go along with them."""


class Turn:
    """Answers one message of one conversation; the caller holds the conversation's lock."""

    def __init__(
        self,
        assistant: Assistant,
        library: CardLibrary,
        gate: Gate,
        alerts: AlertRepository,
        deadline: float,
        *,
        people: People | None = None,
    ) -> None:
        """Puts a turn together.

        Args:
            assistant: Rasa's agent.
            library: The clinic's approved words.
            gate: Reads red flags.
            alerts: Where a red flag is put before staff.
            deadline: Seconds the understanding and the actions may take together.
            people: Where a person answers, the assistant only warns; None: nobody ever does.

        Raises:
            CardUnavailable: when a warning or a phrase for trouble is missing or not approved: no
                server starts without.
        """
        self._assistant = assistant
        self._understanding = Understanding(assistant, library)
        self._library = library
        self._gate = gate
        self._alerts = alerts
        self._deadline = deadline
        self._people = people
        # Made now, so that what is said at the worst moment needs nothing that could be broken or
        # expired by then.
        self._warnings = warnings_of(library)
        self._phrases = {
            (topic, channel): self._card(topic, channel, outcome)
            for topic, outcome in PHRASES.items()
            for channel in CHANNELS
        }

    async def run(
        self,
        conversation_id: str,
        channel: str,
        text: str,
        message_id: str,
        again: bool = False,
        *,
        is_keyword: bool = False,
    ) -> Reply:
        """Answers a message.

        Args:
            conversation_id: Whose conversation.
            channel: ``web``, ``sms`` or ``messenger``.
            text: As the patient wrote it.
            message_id: The sender's id of the message.
            again: Whether it was taken before; if its turn ended then, its answer is said again.
            is_keyword: Whether it is answered also while a person has the conversation.

        Returns:
            At least one message, or silence while a person has the conversation. Never raises for
            what a patient wrote or for a broken part.
        """
        text = spelled_out(storable(text))
        assessment = self._gate.check(text)
        if assessment.level is not None:
            found = await self._with_second_opinion(text, assessment)
            if found is not None:
                return await self._flagged(conversation_id, channel, text, message_id, found)
        if again and (before := await self._said_before(conversation_id, message_id)):
            return before
        watched = (
            None if is_keyword else await self._watched(conversation_id, channel, text, message_id)
        )
        if watched is not None:
            return watched
        if not has_words(text):
            return self._phrases[UNREADABLE, channel]
        return await self._answered(conversation_id, channel, text, message_id)

    async def _watched(
        self, conversation_id: str, channel: str, text: str, message_id: str
    ) -> Reply | None:
        """Silence, or a warning, where a person has the conversation; None where nobody has."""
        is_taken = await self._guarded(lambda: self._is_taken(conversation_id), self._deadline)
        if is_taken is None:
            # Nobody knows who answers: the clinic's number is right in any case.
            return self._phrases[TROUBLE, channel]
        if not is_taken:
            return None
        suspected = await self._suspected(text)
        if suspected is None:
            return SILENCE
        return await self._flagged(conversation_id, channel, text, message_id, suspected)

    async def _is_taken(self, conversation_id: str) -> bool:
        return self._people is not None and await self._people.heard_from(conversation_id)

    async def _suspected(self, text: str) -> Assessment | None:
        """The red flag of the second opinion alone."""
        if not has_words(text):
            return None
        parsed = await self._guarded(
            lambda: self._understanding.read(text), SECOND_OPINION_DEADLINE
        )
        return second_opinion(text, parsed) if parsed else None

    async def _answered(
        self, conversation_id: str, channel: str, text: str, message_id: str
    ) -> Reply:
        recall = partial(self._assistant.before, conversation_id)
        started = time.monotonic()
        parsed = await self._guarded(
            lambda: self._understanding.read(text, recall=recall), self._deadline
        )
        if parsed is None:
            return self._phrases[TROUBLE, channel]
        if suspected := second_opinion(text, parsed):
            return await self._flagged(conversation_id, channel, text, message_id, suspected)
        reply = await self._guarded(
            lambda: self._respond(conversation_id, channel, text, message_id, parsed),
            self._deadline - (time.monotonic() - started),
        )
        return reply or self._phrases[TROUBLE, channel]

    def warning_only(self, channel: str, text: str) -> Reply | None:
        """The warning for a red flag and nothing else; None when there is no flag."""
        found = self._gate.check(text)
        if found.level is None:
            return None
        warning = self._warnings[found.level, channel, found.language]
        return Reply((warning,), f"safety/{found.level.value}", 1.0)

    async def warning(self, channel: str, text: str) -> Reply | None:
        """As ``warning_only``; where the tables find nothing, of the second opinion as well."""
        if found := self.warning_only(channel, text):
            return found
        suspected = await self._suspected(text)
        if suspected is None or suspected.level is None:
            return None
        level = suspected.level
        warning = self._warnings[level, channel, suspected.language]
        return Reply((warning,), f"safety/{level.value}", 1.0)

    def apology(self, channel: str) -> str:
        """What is said, in approved words, when nothing else can be."""
        return self._phrases[TROUBLE, channel].messages[0].text

    async def _flagged(
        self, conversation_id: str, channel: str, text: str, message_id: str, found: Assessment
    ) -> Reply:
        """The warning comes from the gate and the cards alone; the rest may only add to it."""

        async def answer() -> Reply | None:
            if await self._is_taken(conversation_id):
                return None
            parsed = await self._understanding.read_flagged(text, found)
            return await self._respond(conversation_id, channel, text, message_id, parsed)

        warnings = [self._warnings[level, channel, found.language] for level in levels_of(found)]
        said = {topic for warning in warnings for topic in warning.answer_ids}
        deadline = min(self._deadline, FLAGGED_DEADLINE)
        reply, _ = await asyncio.gather(
            self._guarded(answer, deadline),
            self._guarded(lambda: self._alert(conversation_id, found), deadline),
        )
        added = reply.messages if reply else ()
        rest = [message for message in added if not said.intersection(message.answer_ids)]
        return Reply((*warnings, *rest), warnings[0].answer_ids[0], 1.0)

    async def _with_second_opinion(self, text: str, found: Assessment) -> Assessment | None:
        """A graver level than the gate's own rows come to is added; no flag is taken away.

        Returns:
            None where the gate has a hint and no flag, and the second opinion was asked and sees
            next to nothing. Where it cannot be asked, a hint is a flag.
        """
        suspicion = await self._guarded(
            lambda: self._understanding.suspicion(text), SECOND_OPINION_DEADLINE
        )
        if suspicion is None:
            return found
        level, sign, confidence = suspicion
        if found.is_hint and confidence < HINTED:
            return None
        is_told = level is Level.URGENT or level in {flag.level for flag in found.flags}
        if is_told or confidence < CONTESTED:
            return found
        flags = sorted(
            [*found.flags, Flag(level, sign, 0, len(text))], key=lambda flag: flag.level.rank
        )
        return replace(found, flags=tuple(flags), level=flags[0].level)

    async def _alert(self, conversation_id: str, found: Assessment) -> None:
        for flag in found.flags:
            await self._alerts.add("red_flag", flag.level.value, flag.sign, conversation_id)

    async def _said_before(self, conversation_id: str, message_id: str) -> Reply | None:
        said = await self._guarded(
            lambda: self._assistant.said_to(conversation_id, message_id), self._deadline
        )
        messages = from_events(said or [])
        return Reply(messages, confidence=1.0) if messages else None

    async def _respond(
        self, conversation_id: str, channel: str, text: str, message_id: str, parsed: dict[str, Any]
    ) -> Reply | None:
        events = await self._assistant.respond(conversation_id, channel, text, parsed, message_id)
        messages = from_events(events)
        if not messages:
            logger.error("A turn ended without a word.")
            return None
        ranking = parsed.get("intent_ranking") or [{"name": None, "confidence": 0.0}]
        return Reply(messages, ranking[0]["name"], ranking[0]["confidence"])

    async def _guarded(self, work: Callable[[], Awaitable[T | None]], deadline: float) -> T | None:
        """Runs a part that may break or hang; the patient never waits for it in vain."""
        try:
            return await within(work(), deadline)
        except TooSlow:
            logger.error("A part of a turn took longer than %s s.", deadline)
        except Exception as error:
            # Neither the message of the error nor a chained one: they may quote the patient.
            frames = "".join(traceback.format_tb(error.__traceback__))
            logger.error("A part of a turn failed: %s\n%s", type(error).__qualname__, frames)
        return None

    def _card(self, topic: str, channel: str, outcome: str) -> Reply:
        card = self._library.render(topic, channel)
        titles = [self._library.title(choice) for choice in card.choices]
        choices = tuple(zip(titles, titles, strict=True))
        ids = card.choices or (PERSON,)
        return Reply((ReplyMessage(card.text, ids, choices, card.source, outcome),))
