"""Who has a request or a visit that is still on, found by conversation or by phone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import literal, or_, select, union_all

from bot.booking.model import LIVE
from bot.storage.database import Database
from bot.storage.link_tables import conversation_links
from bot.storage.sealed_types import is_value
from bot.storage.tables import bookings

AGREED = "text"


class LiveRequests:
    """The bookings table, as the channels look at it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def has_any(self, conversation_id: str, phone: str | None = None) -> bool:
        """Whether the patient has a live request; one of a web chat that is linked counts too.

        Args:
            conversation_id: Whose.
            phone: E.164; requests made elsewhere with this number count as well.
        """
        mine = bookings.c.conversation_id.in_(_reached(conversation_id))
        if phone is not None:
            mine = or_(mine, is_value(bookings.c.phone, bookings.c.phone_mark, phone))
        live = bookings.c.status.in_([status.value for status in LIVE])
        async with self._database.read() as connection:
            found = await connection.execute(select(bookings.c.id).where(mine & live).limit(1))
            return found.first() is not None

    async def phone_for_texts(self, conversation_id: str) -> str | None:
        """The number at which the patient agreed to get texts, in the newest request; or None."""
        agreed = (bookings.c.contact_consent == AGREED) & bookings.c.phone.is_not(None)
        mine = bookings.c.conversation_id == conversation_id
        wanted = select(bookings.c.phone).where(mine & agreed).order_by(bookings.c.id.desc())
        async with self._database.read() as connection:
            phone: str | None = (await connection.execute(wanted.limit(1))).scalar()
            return phone


def _reached(conversation_id: str) -> Any:
    """A conversation, and the web chats that go on in it."""
    linked = select(conversation_links.c.conversation_id).where(
        conversation_links.c.sms_id == conversation_id
    )
    return union_all(select(literal(conversation_id)), linked)
