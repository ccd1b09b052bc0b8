"""Which rows an ID leads to: from a contact to its requests, from those to their conversations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.booking.model import Status
from bot.privacy.identity import PatientId, phone_of
from bot.privacy.model import Visit
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
    reached = [row.conversation_id for row in mine if row.conversation_id not in who.conversations]
    named = dict.fromkeys([*who.conversations, *reached])
    within = await _bookings(connection, bookings.c.conversation_id.in_(list(named)))
    if not who.is_contact and len({_contact(row) for row in within}) == 1:
        # Nobody else's: a session is somebody's until a second person is booked for.
        mine = within
    own = {row.id for row in mine}
    others = [row for row in within if row.id not in own]
    strange = {name for name in reached if phone_of(name) not in {None, who.phone}}
    shared = {row.conversation_id for row in others}.intersection(reached) - strange
    notes = (
        (SHARED, shared),
        (ANOTHER_PHONE, strange),
        (OTHERS_REQUESTS, {row.conversation_id for row in others}.intersection(who.conversations)),
    )
    return Scope(
        who,
        tuple(name for name in named if name not in strange),
        tuple(sorted(shared)),
        tuple(mine),
        tuple(row.reference for row in others),
        tuple(note for note, is_so in notes if is_so),
    )


async def _of_contact(connection: AsyncConnection, who: PatientId) -> list[Row]:
    if who.phone is not None:
        return await _bookings(connection, bookings.c.phone == who.phone)
    return await _bookings(connection, func.lower(bookings.c.email) == str(who.email).lower())


async def _bookings(connection: AsyncConnection, condition: object) -> list[Row]:
    wanted = select(*COLUMNS).where(condition).order_by(bookings.c.id)
    return list(await connection.execute(wanted))


def _contact(row: Row) -> str:
    return str(row.phone or (row.email or "").lower())
