"""Invitations in the database: a link that lets a user choose a password and set up the codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.staff.model import User
from bot.storage.audit import Entry, keep_entry
from bot.storage.database import Database
from bot.storage.staff_tables import console_sessions, enrolments, recovery_codes, users
from bot.storage.staff_users import put_recovery_codes, to_user


class EnrolmentRepository:
    """The enrolments table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, user_id: int, token_hash: str, expires_at: datetime, entry: Entry) -> None:
        """Keeps an invitation in the place of an earlier one.

        What proved the user until now proves nothing any more, and open sessions end.
        """
        forgotten = {"password_hash": None, "totp_sealed": None, "totp_step": 0}
        row = {"user_id": user_id, "token_hash": token_hash, "expires_at": expires_at}
        async with self._database.begin() as connection:
            for table in (enrolments, recovery_codes, console_sessions):
                await connection.execute(delete(table).where(table.c.user_id == user_id))
            await connection.execute(update(users).where(users.c.id == user_id).values(**forgotten))
            await connection.execute(insert(enrolments).values(**row))
            await keep_entry(connection, entry)

    async def find(
        self, token_hash: str, now: datetime, fresh_secret: str
    ) -> tuple[User, str] | None:
        """Who is invited by a link, and the sealed secret of the codes.

        Args:
            token_hash: Of the link's token.
            now: Aware.
            fresh_secret: Kept, sealed, when the link is opened for the first time; afterwards the
                same one is given, so that a reloaded page shows the same QR code.

        Returns:
            None when there is no such invitation any more.
        """
        async with self._database.begin() as connection:
            mine = enrolments.c.token_hash == token_hash
            unset = mine & enrolments.c.totp_sealed.is_(None)
            await connection.execute(
                update(enrolments).where(unset).values(totp_sealed=fresh_secret)
            )
            return await _open_one(connection, token_hash, now)

    async def finish(
        self,
        token_hash: str,
        now: datetime,
        proofs: dict[str, str | int],
        codes: list[str],
        entry: Entry,
    ) -> User | None:
        """Uses an invitation up.

        Args:
            token_hash: Of the link's token.
            now: Aware.
            proofs: The user's new ``password_hash``, ``totp_sealed`` and ``totp_step``.
            codes: Hashes of the recovery codes.
            entry: For the audit trail.

        Returns:
            Who has enrolled; None when the invitation was used or has expired meanwhile.
        """
        async with self._database.begin() as connection:
            found = await _open_one(connection, token_hash, now)
            mine = enrolments.c.token_hash == token_hash
            used = await connection.execute(delete(enrolments).where(mine))
            if found is None or not used.rowcount:
                return None
            user, _ = found
            await connection.execute(update(users).where(users.c.id == user.id).values(**proofs))
            await put_recovery_codes(connection, user.id, codes)
            await keep_entry(connection, entry)
            return user


async def _open_one(
    connection: AsyncConnection, token_hash: str, now: datetime
) -> tuple[User, str] | None:
    is_open = (enrolments.c.token_hash == token_hash) & (enrolments.c.expires_at > now)
    joined = users.join(enrolments)
    wanted = select(users, enrolments.c.totp_sealed.label("offered")).select_from(joined)
    able = wanted.where(is_open & ~users.c.is_disabled)
    row = (await connection.execute(able)).one_or_none()
    return (to_user(row), row.offered) if row else None
