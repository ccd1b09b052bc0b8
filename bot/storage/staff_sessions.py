"""Open sessions of the console, and failed tries to open one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from bot.staff.model import Session
from bot.storage.audit import Entry, keep_entry
from bot.storage.database import Database
from bot.storage.staff_tables import console_sessions, sign_in_tries, users
from bot.storage.staff_users import to_user

MINE = console_sessions.c


class SessionRepository:
    """The sessions table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(
        self, token_hash: str, user_id: int, browser: str, now: datetime, entry: Entry
    ) -> None:
        """Keeps a new session and when its user signed in."""
        row = {"token_hash": token_hash, "user_id": user_id, "browser": browser}
        signed_in = update(users).where(users.c.id == user_id).values(signed_in_at=now)
        async with self._database.begin() as connection:
            await connection.execute(
                insert(console_sessions).values(**row, created_at=now, seen_at=now)
            )
            await connection.execute(signed_in)
            await keep_entry(connection, entry)

    async def find(
        self, token_hash: str, opened_after: datetime, seen_after: datetime
    ) -> Session | None:
        """The session with this token; None when it has ended, or its user is disabled."""
        joined = console_sessions.join(users)
        session = (MINE.id.label("session_id"), MINE.created_at.label("opened_at"))
        wanted = select(users, *session, MINE.seen_at, MINE.browser).select_from(joined)
        is_open = (MINE.created_at > opened_after) & (MINE.seen_at > seen_after)
        found = wanted.where((MINE.token_hash == token_hash) & is_open & ~users.c.is_disabled)
        async with self._database.read() as connection:
            row = (await connection.execute(found)).one_or_none()
        if row is None:
            return None
        return Session(row.session_id, to_user(row), row.opened_at, row.seen_at, row.browser)

    async def touch(self, session_id: int, now: datetime) -> None:
        """Notes that the user has done something."""
        change = update(console_sessions).where(MINE.id == session_id).values(seen_at=now)
        async with self._database.begin() as connection:
            await connection.execute(change)

    async def of_user(self, user_id: int) -> list[tuple[int, datetime, datetime, str]]:
        """Number, start, last use and browser of each of a user's sessions, newest first."""
        columns = (MINE.id, MINE.created_at, MINE.seen_at, MINE.browser)
        wanted = select(*columns).where(MINE.user_id == user_id).order_by(MINE.id.desc())
        async with self._database.read() as connection:
            return [tuple(row) for row in await connection.execute(wanted)]

    async def end(self, token_hash: str, entry: Entry | None = None) -> None:
        """Ends one session; an entry is kept only when there was one."""
        async with self._database.begin() as connection:
            gone = await connection.execute(
                delete(console_sessions).where(MINE.token_hash == token_hash)
            )
            if entry is not None and gone.rowcount:
                await keep_entry(connection, entry)

    async def end_all(self, user_id: int, entry: Entry) -> None:
        """Ends every session of a user."""
        async with self._database.begin() as connection:
            await connection.execute(delete(console_sessions).where(MINE.user_id == user_id))
            await keep_entry(connection, entry)

    async def purge(self, opened_before: datetime, seen_before: datetime) -> None:
        """Removes the rows of sessions that have ended by themselves."""
        over = (MINE.created_at <= opened_before) | (MINE.seen_at <= seen_before)
        async with self._database.begin() as connection:
            await connection.execute(delete(console_sessions).where(over))


class TryRepository:
    """The table of tries to sign in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, scope: str, now: datetime, since: datetime) -> tuple[int, int]:
        """Notes a try before it is made, so that tries at the same moment count each other.

        Returns:
            Its number, and how many there were since then, this one included.
        """
        tries = sign_in_tries.c
        async with self._database.begin() as connection:
            await connection.execute(delete(sign_in_tries).where(tries.at <= since))
            added = await connection.execute(insert(sign_in_tries).values(scope=scope, at=now))
            number = added.inserted_primary_key[0]
        mine = (tries.scope == scope) & (tries.at > since) & (tries.id <= number)
        async with self._database.read() as connection:
            counted = await connection.execute(select(func.count()).where(mine))
            return number, counted.scalar_one()

    async def oldest(self, scope: str, since: datetime) -> datetime | None:
        """When the oldest of the tries since then was made."""
        tries = sign_in_tries.c
        wanted = select(func.min(tries.at)).where((tries.scope == scope) & (tries.at > since))
        async with self._database.read() as connection:
            return (await connection.execute(wanted)).scalar_one_or_none()  # type: ignore[no-any-return]

    async def forget(self, number: int) -> None:
        """Takes one try back."""
        async with self._database.begin() as connection:
            await connection.execute(delete(sign_in_tries).where(sign_in_tries.c.id == number))

    async def clear(self, scope: str) -> None:
        """Forgets all tries of a scope."""
        async with self._database.begin() as connection:
            await connection.execute(delete(sign_in_tries).where(sign_in_tries.c.scope == scope))
