"""The message a turn works on. Once it is erased, the turn writes nothing more.

A turn reads a conversation, thinks, and writes what came of it. When the patient is erased in
between, that would bring their words back. So whatever a turn writes is written only while the
inbox row it answers is there; the row's number never comes back, and locking it makes an erasure
wait for what is being written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import BotError
from bot.storage.tables import inbox

_MESSAGE: ContextVar[int | None] = ContextVar("message_in_hand", default=None)


class MessageErased(BotError):
    """The message was erased while it was being answered; nothing is kept of its answer."""

    code = "message_erased"
    status = 410


@contextmanager
def in_hand(row_id: int) -> Iterator[None]:
    """Whatever is written inside, also by tasks begun there, belongs to this inbox row."""
    token = _MESSAGE.set(row_id)
    try:
        yield
    finally:
        _MESSAGE.reset(token)


def message_in_hand() -> int | None:
    """The inbox row that whatever is written here belongs to; None outside of a turn."""
    return _MESSAGE.get()


async def refuse_erased(connection: AsyncConnection, row_id: int | None) -> None:
    """Makes sure that the message in hand, if there is one, stays for this transaction.

    Raises:
        MessageErased: when it is gone.
    """
    if row_id is None:
        return
    wanted = select(inbox.c.id).where(inbox.c.id == row_id)
    # PostgreSQL's weakest lock that a DELETE waits for; SQLite has one writer and needs none.
    locked = wanted.with_for_update(read=True, key_share=True)
    if (await connection.execute(locked)).first() is None:
        raise MessageErased("The message was erased while it was being answered.")
