"""Codes for phones in the database: counted, tried, and forgotten when they are over."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import insert, or_, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import ColumnElement

from bot.continuing.letters import CODE
from bot.continuing.model import (
    LIFETIME,
    MAX_TRIES,
    OVERALL,
    PER_CLIENT,
    PER_CONVERSATION,
    PER_PHONE,
    CodeSpent,
    CodeTooOld,
    Limit,
    NoCode,
    PhoneCode,
    TooManyCodes,
)
from bot.outbox.model import Outgoing, State
from bot.storage.consents import is_out
from bot.storage.database import Database
from bot.storage.link_tables import phone_codes
from bot.storage.outbox import WAITING, keep_letter, withdraw_letters
from bot.storage.tables import outbox

CODES = phone_codes.c
COLUMNS = tuple(phone_codes.c[field.name] for field in fields(PhoneCode))
OVER = "code_over"
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('phone_codes'))"
NEW_CODE = "Please ask for a new one."


class PhoneCodes:
    """The table of codes; see ``bot.continuing.ports.ContinueStore``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, code: PhoneCode, letter: Outgoing, decoy: str) -> None:
        async with self._database.begin() as connection:
            if not self._database.is_sqlite:
                # Two who ask at once must count each other. SQLite has one writer anyway.
                await connection.execute(text(ONE_AT_A_TIME))
            await _check(connection, code)
            await _end_earlier(connection, code, letter)
            is_sent = not await _is_withheld(connection, code, letter)
            values = {name: value for name, value in asdict(code).items() if name != "id"}
            if not is_sent:
                values |= {"phone": None, "code_mark": decoy}
            await connection.execute(insert(phone_codes).values(**values, sent=int(is_sent)))
            if is_sent:
                await keep_letter(connection, letter, code.created_at)

    async def spend_try(self, conversation_id: str, now: datetime) -> PhoneCode:
        newest = select(*COLUMNS).where(CODES.conversation_id == conversation_id)
        newest = newest.order_by(CODES.id.desc()).limit(1).with_for_update()
        async with self._database.begin() as connection:
            row = (await connection.execute(newest)).first()
            if row is None:
                raise NoCode("Please ask for a code first.")
            code = PhoneCode(**row._mapping)
            if code.expires_at <= now:
                raise CodeTooOld(f"This code is over. {NEW_CODE}")
            if code.used_at is not None:
                # It has proved its phone; typed again, also by a retry, it costs nothing.
                return code
            if code.tries >= MAX_TRIES:
                raise CodeSpent(f"That was wrong too often. {NEW_CODE}")
            tried = update(phone_codes).where(CODES.id == code.id)
            await connection.execute(tried.values(tries=code.tries + 1))
        return PhoneCode(**{**row._mapping, "tries": code.tries + 1})

    async def forget(self, now: datetime) -> int:
        has_any = or_(CODES.phone.is_not(None), CODES.code_mark.is_not(None))
        over = (CODES.expires_at <= now) & has_any
        ended = update(phone_codes).where(over).values(phone=None, code_mark=None)
        is_old = outbox.c.created_at <= now - LIFETIME
        mine = (outbox.c.kind == CODE) & (outbox.c.detail != {})
        waits = outbox.c.state.in_(WAITING)
        dead = {"state": State.DEAD.value, "fault": OVER, "detail": {}}
        async with self._database.read() as connection:
            due = select(CODES.id).where(over).limit(1)
            letters = select(outbox.c.id).where(mine & (is_old | ~waits)).limit(1)
            if not [1 for w in (due, letters) if (await connection.execute(w)).first()]:
                return 0
        async with self._database.begin() as connection:
            await connection.execute(update(outbox).where(mine & is_old & waits).values(**dead))
            await connection.execute(update(outbox).where(mine & ~waits).values(detail={}))
            return int((await connection.execute(ended)).rowcount)


async def _check(connection: AsyncConnection, code: PhoneCode) -> None:
    limits: list[tuple[ColumnElement, Limit]] = [
        (CODES.conversation_id == code.conversation_id, PER_CONVERSATION),
        (true(), OVERALL),
    ]
    if code.client_mark is not None:
        limits.append((CODES.client_mark == code.client_mark, PER_CLIENT))
    waits = [await _wait(connection, mine, limit, code.created_at) for mine, limit in limits]
    if longest := max(waits):
        raise TooManyCodes(longest)


async def _is_withheld(connection: AsyncConnection, code: PhoneCode, letter: Outgoing) -> bool:
    mine = (CODES.phone_mark == code.phone_mark) & (CODES.sent == 1)
    for limit in PER_PHONE:
        if await _wait(connection, mine, limit, code.created_at):
            return True
    return await is_out(connection, letter.conversation_id)


async def _wait(
    connection: AsyncConnection, mine: ColumnElement, limit: Limit, now: datetime
) -> int:
    """Seconds until one more is within a limit; 0 when it is now."""
    recent = mine & (CODES.created_at > now - limit.window)
    counted = select(CODES.created_at).where(recent).order_by(CODES.created_at.desc())
    found = await connection.execute(counted.limit(limit.count))
    times: Sequence[datetime] = found.scalars().all()
    if len(times) < limit.count:
        return 0
    return max(1, math.ceil((times[-1] + limit.window - now).total_seconds()))


async def _end_earlier(connection: AsyncConnection, code: PhoneCode, letter: Outgoing) -> None:
    """A new code makes those before it worthless, and one that still waits is not sent."""
    mine = CODES.conversation_id == code.conversation_id
    over = {"phone": None, "code_mark": None, "expires_at": code.created_at}
    earlier = update(phone_codes).where(mine & (CODES.expires_at > code.created_at))
    await connection.execute(earlier.values(**over))
    await withdraw_letters(connection, letter.idempotency_key.rpartition("/")[0] + "/")
