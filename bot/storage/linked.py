"""Which conversations a patient's own are linked with, for an export or an erasure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.link_tables import conversation_links

LINKS = conversation_links.c


@dataclass(frozen=True)
class Linked:
    """What links lead to, one step and no further.

    Attributes:
        names: The conversations at the other ends.
        ambiguous: Web chats that are linked with several phones; whose they are cannot be told, so
            that nothing leads from one of them to a phone.
    """

    names: tuple[str, ...]
    ambiguous: frozenset[str]


async def find_linked(connection: AsyncConnection, conversations: Collection[str]) -> Linked:
    """Follows links from conversations; one that is past its window but still kept counts."""
    mine = or_(
        LINKS.conversation_id.in_(list(conversations)), LINKS.sms_id.in_(list(conversations))
    )
    webs = select(LINKS.conversation_id).where(mine)
    wanted = select(LINKS.conversation_id, LINKS.sms_id).where(LINKS.conversation_id.in_(webs))
    phones: dict[str, list[str]] = {}
    for row in await connection.execute(wanted.order_by(LINKS.id)):
        phones.setdefault(row.conversation_id, []).append(row.sms_id)
    ambiguous = frozenset(web for web, found in phones.items() if len(found) > 1)
    names = [web for web in phones if web not in conversations]
    for web in conversations:
        if web not in ambiguous:
            names += [sms for sms in phones.get(web, ()) if sms not in conversations]
    return Linked(tuple(names), ambiguous)
