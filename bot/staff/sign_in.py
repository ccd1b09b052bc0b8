"""The door: a name, a password and a code against a session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import BotError
from bot.staff.codes import step_of, tidy_recovery_code
from bot.staff.model import Credentials, Session, User
from bot.staff.passwords import verify_password
from bot.staff.seal import Seal, digest, new_token
from bot.staff.throttle import Caller, Throttle
from bot.storage.audit import AuditLog, Entry
from bot.storage.staff_sessions import SessionRepository
from bot.storage.staff_users import UserRepository

# A session's last use is written down no more often than this.
TOUCH = timedelta(seconds=30)


class SignInRefused(BotError):
    """Something was wrong; which of the three is not said."""

    code = "sign_in_refused"
    status = 403

    def __init__(self) -> None:
        super().__init__("The name, the password or the code is not right.")


@dataclass(frozen=True)
class SignedIn:
    """An opened door.

    Attributes:
        token: What the browser shows from now on; it is kept nowhere else.
        user: Who came in.
        device: What the browser carries so that it is known next time.
        codes_left: Recovery codes, when one was used; else None.
    """

    token: str
    user: User
    device: str
    codes_left: int | None


@dataclass(frozen=True)
class Limits:
    """How long a session lives: without use, and at all."""

    idle: timedelta
    absolute: timedelta


class SignIn:
    """Opens sessions, recognises them, and ends them."""

    def __init__(
        self,
        users: UserRepository,
        sessions: SessionRepository,
        audit: AuditLog,
        throttle: Throttle,
        *,
        seal: Seal,
        limits: Limits,
        clock: Callable[[], datetime],
    ) -> None:
        self._users = users
        self._sessions = sessions
        self._audit = audit
        self._throttle = throttle
        self._seal = seal
        self._limits = limits
        self._clock = clock

    async def enter(
        self, caller: Caller, password: str, code: str, browser: str, earlier: str | None = None
    ) -> SignedIn:
        """Signs somebody in.

        Args:
            caller: Who is at the door.
            password: As it was typed.
            code: From the authenticator app, or a recovery code.
            browser: Which, in a few words.
            earlier: The token of the session the browser had; it ends.

        Raises:
            SignInRefused: when anything is wrong; never what.
            TooManyTries: when it was tried too often.
        """
        counted = await self._throttle.admit(caller)
        user, used_recovery = await self._proved(caller, password, code)
        await self._throttle.succeeded(counted)
        await self.purge()
        if earlier is not None:
            await self._sessions.end(digest(earlier))
        token = new_token()
        entry = Entry(user.actor, "sign_in", user.name, {"recovery_code": used_recovery})
        await self._sessions.open(digest(token), user.id, browser, self._clock(), entry)
        device = caller.device or new_token()
        left = await self._users.count_recovery_codes(user.id) if used_recovery else None
        return SignedIn(token, user, self._throttle.device_mark(user.name, device), left)

    async def session(self, token: str | None, is_touched: bool = True) -> Session | None:
        """The session that a token stands for; None when there is none or it has ended.

        Args:
            token: As the browser shows it.
            is_touched: Whether the user did something; a page that refreshes itself did not.
        """
        if not token:
            return None
        now = self._clock()
        oldest, unused = now - self._limits.absolute, now - self._limits.idle
        session = await self._sessions.find(digest(token), oldest, unused)
        if session and is_touched and now - session.seen_at > TOUCH:
            await self._sessions.touch(session.id, now)
        return session

    async def leave(self, token: str, user: User) -> None:
        """Signs out of one browser."""
        await self._sessions.end(digest(token), Entry(user.actor, "sign_out", user.name))

    async def leave_everywhere(self, user: User) -> None:
        """Signs out of every browser, this one included."""
        await self._sessions.end_all(user.id, Entry(user.actor, "sign_out_everywhere", user.name))

    async def purge(self) -> None:
        """Removes what is left of sessions that ended by themselves."""
        now = self._clock()
        await self._sessions.purge(now - self._limits.absolute, now - self._limits.idle)

    async def _proved(self, caller: Caller, password: str, code: str) -> tuple[User, bool]:
        found = await self._users.find(caller.name)
        user, proofs = found or (None, Credentials(None, None, 0))
        is_right = await verify_password(proofs.password_hash, password)
        if user is None:
            # A name that nobody has may be a password in the wrong field: it is not kept.
            await self._refused("", caller)
        elif not is_right or user.is_disabled:
            await self._refused(user.name, caller)
        elif await self._has_code(user, proofs, code):
            return user, False
        elif await self._users.take_recovery_code(user.id, digest(tidy_recovery_code(code))):
            return user, True
        else:
            await self._refused(user.name, caller)
        raise SignInRefused

    async def _has_code(self, user: User, proofs: Credentials, code: str) -> bool:
        if proofs.totp_sealed is None:
            return False
        step = step_of(self._seal.open(proofs.totp_sealed), code, self._clock())
        return step is not None and await self._users.take_step(user.id, step)

    async def _refused(self, name: str, caller: Caller) -> None:
        detail = {"address": caller.address, "known_browser": caller.device is not None}
        await self._audit.add(Entry("", "sign_in_refused", name, detail))
