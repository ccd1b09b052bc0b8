"""Users of the console in the database. Each change keeps its audit entry with it."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.staff.model import Credentials, LastAdmin, NameTaken, User, UserNotFound, name_key
from bot.staff.roles import Role
from bot.storage.audit import Entry, keep_entry
from bot.storage.database import Database
from bot.storage.staff_tables import console_sessions, recovery_codes, users
from bot.storage.types import utc_now
from bot.storage.upsert import insert_if_new


class UserRepository:
    """The users table and what hangs on it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, name: str, role: Role, entry: Entry) -> User:
        """Keeps a new user, who cannot sign in before the enrolment.

        Raises:
            NameTaken: when there is one with this name.
        """
        values = {
            "name": name,
            "name_key": name_key(name),
            "role": role.value,
            "is_disabled": False,
            "created_at": utc_now(),
        }
        async with self._database.begin() as connection:
            user_id = await insert_if_new(connection, users, values)
            if user_id is None:
                raise NameTaken("There is a user with this name already.")
            await keep_entry(connection, entry)
            return await _user(connection, user_id)

    async def all(self) -> list[User]:
        """All users by name, the disabled ones as well."""
        wanted = select(users).order_by(users.c.name_key)
        async with self._database.read() as connection:
            return [to_user(row) for row in await connection.execute(wanted)]

    async def get(self, user_id: int) -> User:
        """One user.

        Raises:
            UserNotFound: when there is none with this number.
        """
        async with self._database.read() as connection:
            return await _user(connection, user_id)

    async def find(self, name: str) -> tuple[User, Credentials] | None:
        """The user with this name, however it is cased, and what proves that it is they."""
        wanted = select(users).where(users.c.name_key == name_key(name))
        async with self._database.read() as connection:
            row = (await connection.execute(wanted)).one_or_none()
        return (to_user(row), _to_credentials(row)) if row else None

    async def credentials(self, user_id: int) -> Credentials:
        """What proves a user.

        Raises:
            UserNotFound: when there is none with this number.
        """
        async with self._database.read() as connection:
            row = await _row(connection, user_id)
        return _to_credentials(row)

    async def set_role(self, user_id: int, role: Role, entry: Entry) -> None:
        """Makes a user something else; the user has to sign in again.

        Raises:
            LastAdmin: when nobody would be left who manages users.
        """
        await self._change(user_id, entry, role=role.value)

    async def set_disabled(self, user_id: int, is_disabled: bool, entry: Entry) -> None:
        """Lets a user sign in no more, or again; open sessions end.

        Raises:
            LastAdmin: when nobody would be left who manages users.
        """
        await self._change(user_id, entry, is_disabled=is_disabled)

    async def set_password(self, user_id: int, password_hash: str, entry: Entry) -> None:
        """Keeps a new password; every session of the user ends."""
        await self._change(user_id, entry, password_hash=password_hash)

    async def _change(self, user_id: int, entry: Entry, **values: Any) -> None:
        changing = update(users).where(users.c.id == user_id).values(**values)
        ending = delete(console_sessions).where(console_sessions.c.user_id == user_id)
        async with self._database.begin() as connection:
            before = await _admins(connection)
            await connection.execute(changing)
            await connection.execute(ending)
            if await _admins(connection) < before:
                raise LastAdmin("One admin must stay who can sign in.")
            await keep_entry(connection, entry)

    async def take_step(self, user_id: int, step: int) -> bool:
        """Marks a code as used.

        Returns:
            False when this one or a later one was used before; of two at once, one gets True.
        """
        is_newer = (users.c.id == user_id) & (users.c.totp_step < step)
        async with self._database.begin() as connection:
            marked = await connection.execute(update(users).where(is_newer).values(totp_step=step))
            return bool(marked.rowcount)

    async def take_recovery_code(self, user_id: int, code_hash: str) -> bool:
        """Uses a recovery code up; False when there is no such code any more."""
        mine = (recovery_codes.c.user_id == user_id) & (recovery_codes.c.code_hash == code_hash)
        async with self._database.begin() as connection:
            taken = await connection.execute(delete(recovery_codes).where(mine))
            return bool(taken.rowcount)

    async def count_recovery_codes(self, user_id: int) -> int:
        """How many are left."""
        mine = recovery_codes.c.user_id == user_id
        counted = select(func.count()).select_from(recovery_codes).where(mine)
        async with self._database.read() as connection:
            return int((await connection.execute(counted)).scalar_one())

    async def set_recovery_codes(self, user_id: int, hashes: list[str], entry: Entry) -> None:
        """Puts new codes in the place of all earlier ones."""
        async with self._database.begin() as connection:
            await put_recovery_codes(connection, user_id, hashes)
            await keep_entry(connection, entry)


async def put_recovery_codes(connection: AsyncConnection, user_id: int, hashes: list[str]) -> None:
    """Puts new codes in the place of all earlier ones, in the caller's transaction."""
    mine = recovery_codes.c.user_id == user_id
    await connection.execute(delete(recovery_codes).where(mine))
    if hashes:
        rows = [{"user_id": user_id, "code_hash": code_hash} for code_hash in hashes]
        await connection.execute(recovery_codes.insert(), rows)


def to_user(row: Row) -> User:
    """A row of the users table as a user."""
    return User(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        is_disabled=row.is_disabled,
        is_enrolled=row.password_hash is not None,
        created_at=row.created_at,
        signed_in_at=row.signed_in_at,
    )


def _to_credentials(row: Row) -> Credentials:
    return Credentials(row.password_hash, row.totp_sealed, row.totp_step)


async def _user(connection: AsyncConnection, user_id: int) -> User:
    return to_user(await _row(connection, user_id))


async def _row(connection: AsyncConnection, user_id: int) -> Row:
    row = (await connection.execute(select(users).where(users.c.id == user_id))).one_or_none()
    if row is None:
        raise UserNotFound("There is no such user.", remedy="List them with `bot user list`.")
    return row


class _Admins(IntEnum):
    """What there is of people who may manage users; the more the better."""

    NONE = 0
    INVITED = 1
    ENROLLED = 2


async def _admins(connection: AsyncConnection) -> _Admins:
    """Whether somebody may manage users; two who demote each other at once take turns."""
    is_able = (users.c.role == Role.ADMIN.value) & ~users.c.is_disabled
    able = select(users.c.password_hash).where(is_able).order_by(users.c.id).with_for_update()
    proofs = (await connection.execute(able)).scalars().all()
    if any(proof is not None for proof in proofs):
        return _Admins.ENROLLED
    return _Admins.INVITED if proofs else _Admins.NONE
