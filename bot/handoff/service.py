"""The desk at which people of the clinic take conversations over from the assistant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from zoneinfo import ZoneInfo

from bot.handoff.model import (
    MAX_WORDS,
    TRANSITIONS,
    Asked,
    BadWords,
    Handoff,
    HandoffNotFound,
    HandoffOver,
    HeldByOther,
    State,
    is_readable,
)
from bot.handoff.ports import Deed, HandoffRepository, Tell
from bot.handoff.waiting import due_at
from bot.handoff.words import HandoffWords
from bot.outbox.model import Outgoing

# How often a change is tried again when others change the same row at that moment.
ATTEMPTS = 5
# Who did what nobody did: the server itself, in the audit trail.
SERVER = "server"
SMS = "sms:"
# Hours of the clinic's day at which a text wakes nobody.
DAYTIME = range(8, 20)


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


class HandoffDesk:
    """Carries conversations from the assistant to a person and back."""

    def __init__(
        self,
        repository: HandoffRepository,
        words: HandoffWords,
        minutes: int,
        idle: timedelta,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        """Makes the desk.

        Args:
            repository: Where it is kept.
            words: What patients are told.
            minutes: Of opening hours, after which somebody who waits is told to call.
            idle: After so long without staff a conversation goes back to the assistant.
            clock: The present moment; aware.
        """
        self._repository = repository
        self._minutes = minutes
        self._idle = idle
        self._clock = clock
        self.words = words

    async def of_conversation(self, conversation_id: str) -> Handoff | None:
        """The open one of a conversation, or None."""
        return await self._repository.of_conversation(conversation_id)

    async def open_ones(self) -> Sequence[Handoff]:
        """All that are open, the one that waits longest first."""
        return await self._repository.open_ones()

    async def is_taken(self, conversation_id: str) -> bool:
        """Whether a person has the conversation now, so that the assistant is silent."""
        return await self._repository.is_taken(conversation_id)

    async def heard_from(self, conversation_id: str) -> bool:
        """As ``is_taken``, for a conversation in which the patient writes now.

        A talk that began in a web chat goes along to the text messages that the chat goes on by:
        where the patient writes is where they read.
        """
        if conversation_id.startswith(SMS):
            await self._follow(conversation_id)
        return await self._repository.is_taken(conversation_id)

    async def _follow(self, sms_id: str) -> None:
        if (found := await self._repository.gone_along(sms_id)) is None:
            return
        after = replace(found, conversation_id=sms_id, channel="sms", version=found.version + 1)
        await self._repository.change(after, _nothing, Deed(SERVER, "handoff_moved"))

    async def heard(self, handoffs: Sequence[Handoff]) -> Mapping[str, datetime]:
        """When the patient of each last wrote, by conversation."""
        return await self._repository.heard({handoff.conversation_id for handoff in handoffs})

    async def get(self, handoff_id: int) -> Handoff:
        """One, open or ended.

        Raises:
            HandoffNotFound: when there is none with this number.
        """
        found = await self._repository.get(handoff_id)
        if found is None:
            raise HandoffNotFound
        return found

    async def ask(self, conversation_id: str, channel: str) -> Asked:
        """The patient wants a person; when this returns, staff see it.

        Asking again while somebody is awaited changes nothing; after nobody came it begins anew.
        """
        now = self._clock()
        for _ in range(ATTEMPTS):
            before = await self._repository.of_conversation(conversation_id)
            if before is not None and before.state is not State.MISSED:
                break
            due = due_at(self.words.profile, now, self._minutes)
            if await self._asked(before, conversation_id, channel, now, due):
                break
        else:
            raise HandoffOver
        return Asked(*self.words.asked(now))

    async def _asked(
        self,
        before: Handoff | None,
        conversation_id: str,
        channel: str,
        now: datetime,
        due: datetime,
    ) -> bool:
        if before is None:
            new = Handoff(0, conversation_id, channel, State.WAITING, 1, now, now, due)
            return await self._repository.add(new, _nothing) is not None
        again = self._changed(before, State.WAITING, asked_at=now, due_at=due)
        return await self._repository.change(again, _nothing) is not None

    async def step_in(self, conversation_id: str, channel: str, by: str) -> Handoff:
        """A member of staff takes a conversation in which nobody was asked for.

        Raises:
            HeldByOther: when somebody else has it.
        """
        now, deed = self._clock(), Deed(by, "handoff_taken")
        new = Handoff(0, conversation_id, channel, State.TAKEN, 1, now, taken_by=by, taken_at=now)
        for _ in range(ATTEMPTS):
            before = await self._repository.of_conversation(conversation_id)
            if before is not None:
                return await self.take(before.id, by, 0)
            if kept := await self._repository.add(new, self.words.here, deed):
                return kept
        raise HandoffOver

    async def take(self, handoff_id: int, by: str, version: int) -> Handoff:
        """A member of staff takes a conversation over, also from a colleague.

        Args:
            handoff_id: Which.
            by: Who.
            version: Of what they looked at; counts where somebody has it: of two who look at the
                same, one gets it.

        Raises:
            HandoffNotFound: when there is none with this number.
            HeldByOther: when somebody else was quicker.
            HandoffOver: when it has ended, or changed otherwise.
        """
        for _ in range(ATTEMPTS):
            before = await self.get(handoff_id)
            if before.is_held_by(by):
                return before
            is_taken = before.state is State.TAKEN
            if is_taken and before.version != version:
                break
            after = self._changed(before, State.TAKEN, taken_by=by, taken_at=self._clock())
            # From a colleague: the patient talks with the clinic as before and need not be told.
            tell = _nothing if is_taken else self.words.here
            if kept := await self._repository.change(after, tell, Deed(by, "handoff_taken")):
                return kept
        raise _refusal(before)

    async def reply(self, handoff_id: int, by: str, words: str, form: str) -> None:
        """Sends what the holder of a conversation wrote, on the patient's own channel.

        Args:
            handoff_id: Which.
            by: Who wrote.
            words: What.
            form: Names the form it was written in: the same words from the same form are sent
                once.

        Raises:
            BadWords: when there are none, or too many.
            HeldByOther: when somebody else has the conversation.
            HandoffOver: when nobody has it.
        """
        words = words.strip()
        if not is_readable(words):
            raise BadWords("Write something first.")
        if len(words) > MAX_WORDS:
            raise BadWords(f"A message may have {MAX_WORDS:,} characters at most.")
        held = await self.get(handoff_id)
        if not held.is_held_by(by):
            raise _refusal(held)
        key = sha256(f"{form}\n{words}".encode("utf-8", "replace")).hexdigest()[:32]
        letter, deed = self.words.written(held, words, key), Deed(by, "handoff_replied")
        if not await self._repository.write(held, letter, self._clock(), deed):
            raise _refusal(await self.get(handoff_id))

    async def give_back(self, handoff_id: int, by: str) -> Handoff:
        """The holder lets the assistant answer again. What was given back before stays so.

        Raises:
            HeldByOther: when somebody else has it.
            HandoffOver: when nobody has it.
        """
        before = await self.get(handoff_id)
        if before.state is State.GIVEN_BACK:
            return before
        if not before.is_held_by(by):
            raise _refusal(before)
        after = self._changed(before, State.GIVEN_BACK, ended_at=self._clock())
        return await self._kept(after, self.words.left, Deed(by, "handoff_given_back"), by)

    async def close(self, handoff_id: int, by: str) -> Handoff:
        """Ends the wait without a talk here, such as after a call. The patient is not told.

        Raises:
            HeldByOther: when somebody has taken it.
            HandoffOver: when it has ended otherwise.
        """
        before = await self.get(handoff_id)
        if before.state is State.CLOSED:
            return before
        if State.CLOSED not in TRANSITIONS[before.state]:
            raise _refusal(before)
        after = self._changed(before, State.CLOSED, ended_at=self._clock())
        return await self._kept(after, _nothing, Deed(by, "handoff_closed"), by)

    async def sweep(self) -> int:
        """Tells those who waited too long, and gives back what staff left alone.

        Safe in several processes: each change is made by one of them.

        Returns:
            How many changes were made.
        """
        now, changed = self._clock(), []
        for late in await self._repository.overdue(now):
            after = self._changed(late, State.MISSED)
            changed.append(await self._repository.change(after, self.words.missed))
        idle = await self._repository.idle(now - self._idle)
        left_alone = [handoff for handoff in idle if self._may_tell(handoff, now)]
        heard = await self.heard(left_alone)
        for left in left_alone:
            changed.append(await self._returned(left, heard.get(left.conversation_id)))
        return len([one for one in changed if one is not None])

    async def _returned(self, left: Handoff, heard_at: datetime | None) -> Handoff | None:
        """Back to the assistant; with an unanswered message it goes on waiting for somebody."""
        deed, staff_at = Deed(SERVER, "handoff_given_back"), left.staff_at
        if heard_at is not None and staff_at is not None and heard_at > staff_at:
            after = self._changed(left, State.MISSED)
            return await self._repository.change(after, self.words.missed, deed)
        after = self._changed(left, State.GIVEN_BACK, ended_at=self._clock())
        return await self._repository.change(after, self.words.left, deed)

    def _may_tell(self, handoff: Handoff, now: datetime) -> bool:
        hour = now.astimezone(ZoneInfo(self.words.profile.timezone)).hour
        return handoff.channel != "sms" or hour in DAYTIME

    async def _kept(self, after: Handoff, tell: Tell, deed: Deed, by: str) -> Handoff:
        if kept := await self._repository.change(after, tell, deed):
            return kept
        now = await self.get(after.id)
        # The same press of a button, twice at once.
        if now.state is after.state and (now.taken_by == by or not now.is_open):
            return now
        raise _refusal(now)

    @staticmethod
    def _changed(before: Handoff, to: State, **values: object) -> Handoff:
        if to not in TRANSITIONS[before.state]:
            raise _refusal(before)
        return replace(before, state=to, version=before.version + 1, **values)  # type: ignore[arg-type]


def _nothing(_handoff: Handoff) -> Sequence[Outgoing]:
    return ()


def _refusal(now: Handoff) -> HeldByOther | HandoffOver:
    return HeldByOther(now.taken_by) if now.state is State.TAKEN else HandoffOver()
