"""Draft cards: questions that patients ask and no card answers yet, as staff name them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from bot.errors import BotError
from bot.review.label import MAX_TITLE, BadLabel
from bot.storage.audit import Entry, keep_entry
from bot.storage.database import Database
from bot.storage.learning_tables import drafts
from bot.storage.upsert import insert_if_new


class NoSuchDraft(BotError):
    """There is no such draft card."""

    code = "no_such_draft"
    status = 404


@dataclass(frozen=True)
class Draft:
    """A card that is wanted. It is never served: a topic, its sources and its rule come first.

    Attributes:
        id: The draft's number.
        title: What it is about, as a reviewer named it.
        wording: What might be said; empty until somebody writes it.
        approved_by: The practitioner who approved the wording; None while nobody has.
        approved_at: Aware; None while nobody has.
        created_at: Aware.
    """

    id: int
    title: str
    wording: str
    approved_by: str | None
    approved_at: datetime | None
    created_at: datetime


_COLUMNS = tuple(column for column in drafts.c if column.name != "title_key")


class DraftRepository:
    """The drafts table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def named(self, title: str, now: datetime) -> int:
        """The draft with this title, made when there is none; case and spacing do not count.

        Raises:
            BadLabel: when the title is empty or too long.
        """
        tidy = tidy_title(title)
        key = tidy.casefold()
        row = {"title": tidy, "title_key": key, "wording": "", "created_at": now}
        same = select(drafts.c.id).where(drafts.c.title_key == key)
        async with self._database.begin() as connection:
            made = await insert_if_new(connection, drafts, row)
            return made if made is not None else (await connection.execute(same)).scalar_one()

    async def all(self) -> list[Draft]:
        """Every draft, by title."""
        wanted = select(*_COLUMNS).order_by(drafts.c.title_key)
        async with self._database.read() as connection:
            return [Draft(**row._mapping) for row in await connection.execute(wanted)]

    async def word(
        self, draft_id: int, wording: str, approved_by: str | None, now: datetime, entry: Entry
    ) -> None:
        """Keeps a wording. Who changes it approves it anew, or leaves it unapproved.

        Args:
            draft_id: Which draft.
            wording: What might be said.
            approved_by: The practitioner; None leaves it unapproved.
            now: The present moment; aware.
            entry: For the audit trail.

        Raises:
            NoSuchDraft: when there is none with this number.
        """
        values = {
            "wording": wording,
            "approved_by": approved_by,
            "approved_at": now if approved_by else None,
        }
        change = update(drafts).where(drafts.c.id == draft_id).values(**values)
        async with self._database.begin() as connection:
            if not (await connection.execute(change)).rowcount:
                raise NoSuchDraft("There is no such draft card.")
            await keep_entry(connection, entry, now)


def tidy_title(title: str) -> str:
    """A title on one line.

    Raises:
        BadLabel: when nothing is left, or too much.
    """
    tidy = " ".join(unicodedata.normalize("NFC", title).split())
    if not tidy or len(tidy) > MAX_TITLE or not tidy.isprintable():
        raise BadLabel(f"A new question's name has 1 to {MAX_TITLE} characters.")
    return tidy
