"""Users as admins and the shell manage them, and what each may change about their own account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import BotError
from bot.staff.codes import new_recovery_codes, new_secret, step_of, tidy_recovery_code
from bot.staff.model import NameTaken, User, UserNotFound, tidy_name
from bot.staff.passwords import check_strength, hash_password, verify_password
from bot.staff.roles import Role
from bot.staff.seal import Seal, digest, new_token
from bot.staff.throttle import Caller, Throttle
from bot.storage.audit import Entry
from bot.storage.enrolments import EnrolmentRepository
from bot.storage.staff_users import UserRepository

INVITED_FOR = timedelta(hours=72)


def link_to_enrol(public_url: str, token: str) -> str:
    """The address at which an invited user enrols."""
    return f"{public_url.rstrip('/')}/console/enrol/{token}"


class NoInvitation(BotError):
    """The link was used, replaced or is too old, or it never was one."""

    code = "no_invitation"
    status = 404

    def __init__(self) -> None:
        super().__init__("This link is not valid any more. Ask an admin for a new one.")


class WrongProof(BotError):
    """A code or the present password is not right."""

    code = "wrong_proof"
    status = 422


@dataclass(frozen=True)
class Offer:
    """An open invitation: for whom, and the secret their authenticator app is to hold."""

    user: User
    secret: str


class Directory:
    """Who there is. It needs no secret key, so that a command on the server can use it."""

    def __init__(
        self,
        users: UserRepository,
        enrolments: EnrolmentRepository,
        clock: Callable[[], datetime],
    ) -> None:
        self._users = users
        self._enrolments = enrolments
        self._clock = clock

    async def list(self) -> list[User]:
        """All users by name."""
        return await self._users.all()

    async def get(self, user_id: int) -> User:
        """One user.

        Raises:
            UserNotFound: when there is none with this number.
        """
        return await self._users.get(user_id)

    async def named(self, name: str) -> User:
        """The user with this name.

        Raises:
            UserNotFound: when there is none.
        """
        found = await self._users.find(name)
        if found is None:
            raise UserNotFound("There is no such user.", remedy="List them with `bot user list`.")
        return found[0]

    async def add(self, name: str, role: Role, by: str) -> tuple[User, str]:
        """Makes a user.

        Returns:
            The user, and the token of the link that lets them enrol.

        Raises:
            BadName: when the name cannot be used.
            NameTaken: when there is one with this name.
        """
        tidy = tidy_name(name)
        entry = Entry(by, "user_added", tidy, {"role": role.value})
        try:
            user = await self._users.add(tidy, role, entry)
        except NameTaken as error:
            remedy = "Give a new link with `bot user reset NAME`, or use another name."
            raise NameTaken(error.message, remedy=remedy) from None
        return user, await self._invite(user, by, "user_invited")

    async def reset(self, user: User, by: str) -> str:
        """Forgets a user's password and codes, ends their sessions, and invites them anew.

        Returns:
            The token of the link that lets them enrol again.
        """
        return await self._invite(user, by, "user_reset")

    async def set_role(self, user: User, role: Role, by: str) -> None:
        """Makes a user something else.

        Raises:
            LastAdmin: when nobody would be left who manages users.
        """
        if user.role is not role:
            detail = {"from": user.role.value, "to": role.value}
            await self._users.set_role(user.id, role, Entry(by, "role_changed", user.name, detail))

    async def set_disabled(self, user: User, is_disabled: bool, by: str) -> None:
        """Shuts a user out, or lets them in again.

        Raises:
            LastAdmin: when nobody would be left who manages users.
        """
        if user.is_disabled is not is_disabled:
            action = "user_disabled" if is_disabled else "user_enabled"
            await self._users.set_disabled(user.id, is_disabled, Entry(by, action, user.name))

    async def _invite(self, user: User, by: str, action: str) -> str:
        token = new_token()
        until = self._clock() + INVITED_FOR
        await self._enrolments.open(user.id, digest(token), until, Entry(by, action, user.name))
        return token


class OwnAccount:
    """What users do about themselves: enrol, change the password, get new recovery codes."""

    def __init__(
        self,
        users: UserRepository,
        enrolments: EnrolmentRepository,
        seal: Seal,
        throttle: Throttle,
        clock: Callable[[], datetime],
    ) -> None:
        self._users = users
        self._enrolments = enrolments
        self._seal = seal
        self._throttle = throttle
        self._clock = clock

    async def offer(self, token: str) -> Offer:
        """The open invitation behind a link's token; the same secret each time it is opened.

        Raises:
            NoInvitation: when there is none.
        """
        fresh = self._seal.close(new_secret())
        found = await self._enrolments.find(digest(token), self._clock(), fresh)
        if found is None:
            raise NoInvitation
        user, sealed = found
        return Offer(user, self._seal.open(sealed))

    async def enrol(self, token: str, password: str, code: str) -> list[str]:
        """Uses an invitation up.

        Returns:
            The recovery codes, which are shown once and kept only as hashes.

        Raises:
            NoInvitation: when there is none.
            WeakPassword: when the password would be guessed.
            WrongProof: when the code is not the app's.
        """
        offer = await self.offer(token)
        check_strength(password, offer.user.name)
        step = step_of(offer.secret, code, self._clock())
        if step is None:
            raise WrongProof("The code is not right. Is the phone's clock set by itself?")
        proofs: dict[str, str | int] = {
            "password_hash": await hash_password(password),
            "totp_sealed": self._seal.close(offer.secret),
            "totp_step": step,
        }
        codes = new_recovery_codes()
        entry = Entry(offer.user.actor, "enrolled", offer.user.name)
        done = await self._enrolments.finish(
            digest(token), self._clock(), proofs, _hashes(codes), entry
        )
        if done is None:
            raise NoInvitation
        return codes

    async def change_password(self, user: User, present: str, new: str) -> None:
        """Keeps another password; the user signs in anew everywhere.

        Raises:
            WrongProof: when the present password is not right.
            WeakPassword: when the new one would be guessed.
        """
        await self._confirm(user, present)
        check_strength(new, user.name)
        entry = Entry(user.actor, "password_changed", user.name)
        await self._users.set_password(user.id, await hash_password(new), entry)

    async def renew_recovery_codes(self, user: User, present: str) -> list[str]:
        """Puts new recovery codes in the place of all earlier ones.

        Raises:
            WrongProof: when the present password is not right.
        """
        await self._confirm(user, present)
        codes = new_recovery_codes()
        entry = Entry(user.actor, "recovery_codes_renewed", user.name)
        await self._users.set_recovery_codes(user.id, _hashes(codes), entry)
        return codes

    async def _confirm(self, user: User, password: str) -> None:
        # Whoever finds a screen unlocked must not guess on for as long as they like either.
        counted = await self._throttle.admit(Caller(user.name, "", device=f"own-{user.id}"))
        proofs = await self._users.credentials(user.id)
        if not await verify_password(proofs.password_hash, password):
            raise WrongProof("The present password is not right.")
        await self._throttle.succeeded(counted)


def _hashes(codes: list[str]) -> list[str]:
    return [digest(tidy_recovery_code(code)) for code in codes]
