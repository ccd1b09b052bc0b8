"""Draft cards: questions that patients ask and no card answers yet, as staff name them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

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


class DraftChanged(BotError):
    """A colleague was quicker."""

    code = "draft_changed"
    status = 409

    def __init__(self) -> None:
        super().__init__("Somebody changed this wording meanwhile. Look at it and decide again.")


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

    @property
    def mark(self) -> str:
        """Names the draft as it stands: who changes it must have seen just this."""
        seen = f"{self.wording}\n{self.approved_by}\n{self.approved_at}"
        return sha256(seen.encode()).hexdigest()[:32]


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
        self,
        draft_id: int,
        wording: str,
        approved_by: str | None,
        now: datetime,
        entry: Entry,
        *,
        seen: str,
    ) -> None:
        """Keeps a wording. Who changes it approves it anew, or leaves it unapproved.

        Args:
            draft_id: Which draft.
            wording: What might be said.
            approved_by: The practitioner; None leaves it unapproved.
            now: The present moment; aware.
            entry: For the audit trail.
            seen: The mark of the draft that was looked at.

        Raises:
            NoSuchDraft: when there is none with this number.
            DraftChanged: when it is not what was looked at.
        """
        mine = drafts.c.id == draft_id
        values = {
            "wording": wording,
            "approved_by": approved_by,
            "approved_at": now if approved_by else None,
        }
        async with self._database.begin() as connection:
            found = await connection.execute(select(*_COLUMNS).where(mine).with_for_update())
            if (row := found.one_or_none()) is None:
                raise NoSuchDraft("There is no such draft card.")
            if Draft(**row._mapping).mark != seen:
                raise DraftChanged
            await connection.execute(update(drafts).where(mine).values(**values))
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
