"""Passwords: which are good enough, and how they are kept (Argon2id, RFC 9106)."""

from __future__ import annotations

import asyncio
import unicodedata
from functools import cache, lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import BotError

SHORTEST, LONGEST = 12, 128
# zxcvbn's scale ends at 4; 3 is "safely unguessable" where the hash is slow.
LEAST_SCORE = 3
# zxcvbn slows down with length, and what is this long is judged by its beginning.
JUDGED = 72
# Each takes 64 MiB and a core for its time: a crowd at the door must not take the whole machine.
AT_ONCE = 2
HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1)


class WeakPassword(BotError):
    """A password that would be guessed."""

    code = "weak_password"
    status = 422


def check_strength(password: str, name: str) -> None:
    """Makes sure that a password is not soon guessed.

    There are no rules on which characters it has; common passwords, names, dates and rows of keys
    are found by zxcvbn.

    Args:
        password: As it was typed.
        name: The user's, which a guesser knows.

    Raises:
        WeakPassword: says why.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword(f"A password has {SHORTEST} to {LONGEST} characters.")
    from zxcvbn import zxcvbn

    known = [name, *name.split(), "clinic", "acupuncture", "console", "patient"]
    found = zxcvbn(password[:JUDGED], user_inputs=known)
    if found["score"] < LEAST_SCORE:
        warning = found["feedback"]["warning"] or "This password would be guessed."
        raise WeakPassword(f"{warning} Four or five words that do not belong together are good.")


async def hash_password(password: str) -> str:
    """Argon2id's own form of it, salt and costs included."""
    async with _turns():
        return await asyncio.to_thread(HASHER.hash, _plain(password))


async def verify_password(kept: str | None, password: str) -> bool:
    """Whether it is the password.

    Without a kept one it takes as long and is never right, so that the time does not tell whether
    there is such a user.
    """
    if len(password) > LONGEST:
        return False
    async with _turns():
        is_right = await asyncio.to_thread(_verify, kept or _nobodys(), _plain(password))
    return is_right and kept is not None


def _verify(kept: str, password: str) -> bool:
    try:
        return bool(HASHER.verify(kept, password))
    except (VerificationError, InvalidHashError):
        return False


def _plain(password: str) -> str:
    # The same password typed on another keyboard; half a surrogate pair cannot be encoded.
    whole = password.encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFKC", whole)


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody's")


@lru_cache(maxsize=4)
def _turns_of(loop: asyncio.AbstractEventLoop) -> asyncio.Semaphore:
    return asyncio.Semaphore(AT_ONCE)


def _turns() -> asyncio.Semaphore:
    return _turns_of(asyncio.get_running_loop())
