"""Slows down who guesses passwords, without locking out whom they guess at.

Tries are counted for each account and for each address. A browser that has signed in as a user
before carries a mark that says so, and is counted by itself: whoever types a colleague's name with
wrong passwords all day, even in the same office, shuts the door for new browsers only (OWASP's
"device cookies").
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import BotError
from bot.staff.model import name_key
from bot.staff.seal import Seal
from bot.storage.staff_sessions import TryRepository

WINDOW = timedelta(minutes=15)
# Of an account and of an address by browsers that are not known, and of a known browser.
ACCOUNT_TRIES, ADDRESS_TRIES, DEVICE_TRIES = 5, 20, 10


class TooManyTries(BotError):
    """The door is shut for a while.

    Attributes:
        retry_after: Seconds until the next try is welcome.
    """

    code = "too_many_tries"
    status = 429

    def __init__(self, retry_after: int) -> None:
        minutes = math.ceil(retry_after / 60)
        super().__init__(
            f"There were too many failed tries. Please try again in {minutes} min, or from a "
            "browser that you have signed in with before."
        )
        self.retry_after = retry_after


@dataclass(frozen=True)
class Caller:
    """Who is at the door, as far as it can be known.

    Attributes:
        name: The user's name as it was typed.
        address: The network address.
        device: The browser's mark of an earlier sign-in as this user; None when it has none.
    """

    name: str
    address: str
    device: str | None = None


class Throttle:
    """Counts tries in the database, so that neither a restart nor another process forgets them."""

    def __init__(self, tries: TryRepository, seal: Seal, clock: Callable[[], datetime]) -> None:
        self._tries = tries
        self._seal = seal
        self._clock = clock

    async def admit(self, caller: Caller) -> list[tuple[str, int]]:
        """Counts one try, before it is made.

        Returns:
            The scopes it was counted in, each with the try's number, for ``succeeded``.

        Raises:
            TooManyTries: when it is one too many; it then does not count, so that the door opens
                again however often somebody knocks.
        """
        now = self._clock()
        since = now - WINDOW
        counted: list[tuple[str, int]] = []
        for scope, limit in self._scopes(caller):
            number, count = await self._tries.add(scope, now, since)
            counted.append((scope, number))
            if count > limit:
                for _, mine in counted:
                    await self._tries.forget(mine)
                raise TooManyTries(await self._wait(scope, now))
        return counted

    async def succeeded(self, counted: list[tuple[str, int]]) -> None:
        """Takes a try back that was right; earlier ones of the account or browser are forgotten.

        Those of the address stay: a guesser with an account of their own must not clear them.
        """
        (first, _), *others = counted
        await self._tries.clear(first)
        for _, number in others:
            await self._tries.forget(number)

    def device_mark(self, name: str, device_id: str) -> str:
        """What a browser carries after it has signed in as a user."""
        return f"{device_id}.{self._seal.mark(_device(name, device_id))}"

    def device_of(self, name: str, mark: str | None) -> str | None:
        """The browser's id, when its mark is ours and for this user."""
        device_id, _, given = (mark or "").partition(".")
        is_ours = self._seal.is_mark(given, _device(name, device_id))
        return device_id if is_ours and device_id else None

    def cookie_suffix(self, name: str) -> str:
        """Keeps the marks of several users of one browser apart, without their names."""
        return self._seal.mark(f"cookie|{name_key(name)}")[:16]

    def _scopes(self, caller: Caller) -> list[tuple[str, int]]:
        if caller.device:
            return [(self._seal.mark(f"device|{caller.device}"), DEVICE_TRIES)]
        return [
            (self._seal.mark(f"account|{name_key(caller.name)}"), ACCOUNT_TRIES),
            (self._seal.mark(f"address|{caller.address}"), ADDRESS_TRIES),
        ]

    async def _wait(self, scope: str, now: datetime) -> int:
        oldest = await self._tries.oldest(scope, now - WINDOW)
        left = (oldest + WINDOW - now) if oldest else WINDOW
        return max(1, math.ceil(left.total_seconds()))


def _device(name: str, device_id: str) -> str:
    return f"device|{name_key(name)}|{device_id}"
