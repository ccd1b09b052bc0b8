"""Which rows an ID leads to: from a contact to its requests, from those to their conversations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.booking.model import Status
from bot.privacy.identity import PatientId, phone_of
from bot.privacy.model import Visit
from bot.storage.linked import Linked, find_linked
from bot.storage.sealed_types import is_value
from bot.storage.tables import bookings

COLUMNS = (
    bookings.c.id,
    bookings.c.reference,
    bookings.c.conversation_id,
    bookings.c.phone,
    bookings.c.email,
    bookings.c.status,
    bookings.c.starts_at,
)
SHARED = (
    "Somebody else made a request in a conversation in which this patient made one: whose message "
    "is whose cannot be told, so its messages are not exported, but they are erased."
)
ANOTHER_PHONE = (
    "A request of this patient was made in the text messages of another number: those messages "
    "belong to that number and are neither exported nor erased."
)
SEVERAL_PHONES = (
    "A web chat goes on by text message with several phones: its messages are not exported by a "
    "phone, but they are erased; the text messages of each phone are reached by its number alone."
)
OTHERS_REQUESTS = (
    "Requests for other people were made in this conversation: each belongs to the phone number or "
    "email it was made with. Name that to export or erase it."
)


@dataclass(frozen=True)
class Scope:
    """What is a patient's.

    Attributes:
        who: As given.
        conversations: Ids of conversations.
        shared: Those of them in which somebody else made a request too.
        bookings: Rows of their requests.
        others_references: Of other people's requests in the conversations.
        notes: What an operator must know.
    """

    who: PatientId
    conversations: tuple[str, ...]
    shared: tuple[str, ...] = ()
    bookings: tuple[Row, ...] = ()
    others_references: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def booking_ids(self) -> list[int]:
        return [row.id for row in self.bookings]

    @property
    def references(self) -> list[str]:
        return [row.reference for row in self.bookings]

    def without_shared(self) -> Scope:
        """For an export: nothing that may be another patient's."""
        alone = tuple(name for name in self.conversations if name not in self.shared)
        return replace(self, conversations=alone)

    def visits(self, now: datetime) -> list[Visit]:
        """Confirmed visits that are still to come."""
        confirmed = [row for row in self.bookings if row.status == Status.CONFIRMED.value]
        return [
            Visit(row.reference, row.starts_at)
            for row in confirmed
            if row.starts_at is not None and row.starts_at > now
        ]

    @property
    def unanswered(self) -> int:
        """How many requests still wait for the clinic or the patient."""
        waiting = {Status.RECEIVED.value, Status.SEEN.value, Status.PROPOSED.value}
        return sum(row.status in waiting for row in self.bookings)


async def find_scope(connection: AsyncConnection, who: PatientId) -> Scope:
    """Follows an ID; whether anything is kept there is not looked at."""
    mine = await _of_contact(connection, who) if who.is_contact else []
    linked = await find_linked(connection, who.conversations)
    known = {*who.conversations, *linked.names}
    reached = [row.conversation_id for row in mine if row.conversation_id not in known]
    named = dict.fromkeys([*who.conversations, *linked.names, *reached])
    within = await _bookings(connection, bookings.c.conversation_id.in_(list(named)))
    mine = _with_sessions(mine, within, who, linked)
    own = {row.id for row in mine}
    others = [row for row in within if row.id not in own]
    strange = {name for name in reached if phone_of(name) not in {None, who.phone}}
    shared = {row.conversation_id for row in others}.intersection([*reached, *linked.names])
    shared -= strange
    notes = (
        (SHARED, shared),
        (SEVERAL_PHONES, linked.ambiguous),
        (ANOTHER_PHONE, strange),
        (OTHERS_REQUESTS, {row.conversation_id for row in others}.intersection(who.conversations)),
    )
    return Scope(
        who,
        tuple(name for name in named if name not in strange),
        tuple(sorted(shared | (linked.ambiguous - set(who.conversations)))),
        tuple(mine),
        tuple(row.reference for row in others),
        tuple(note for note, is_so in notes if is_so),
    )


def _with_sessions(mine: list[Row], within: list[Row], who: PatientId, linked: Linked) -> list[Row]:
    """A patient's requests, with those of sessions that are nobody else's.

    A session is somebody's until a second person is booked for. In text messages a request is the
    number's own only.
    """
    sessions = {name for name in linked.names if phone_of(name) is None} - linked.ambiguous
    if not who.is_contact:
        sessions.update(who.conversations)
    found = {row.id: row for row in mine}
    for name in sessions:
        rows = [row for row in within if row.conversation_id == name]
        if len({_contact(row) for row in rows}) == 1:
            found |= {row.id: row for row in rows}
    texts = [row for row in within if row.conversation_id in linked.names]
    found |= {
        row.id: row for row in texts if row.phone and row.phone == phone_of(row.conversation_id)
    }
    return [found[number] for number in sorted(found)]


async def _of_contact(connection: AsyncConnection, who: PatientId) -> list[Row]:
    if who.phone is not None:
        mine = is_value(bookings.c.phone, bookings.c.phone_mark, who.phone)
    else:
        mine = is_value(bookings.c.email, bookings.c.email_mark, str(who.email))
    return await _bookings(connection, mine)


async def _bookings(connection: AsyncConnection, condition: object) -> list[Row]:
    wanted = select(*COLUMNS).where(condition).order_by(bookings.c.id)
    return list(await connection.execute(wanted))


def _contact(row: Row) -> str:
    return str(row.phone or (row.email or "").lower())
