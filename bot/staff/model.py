"""A user of the console and an open session."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from bot.errors import BotError
from bot.staff.roles import PERMISSIONS, Permission, Role

MAX_NAME = 64
# The audit trail says these of what nobody signed in did.
SHELL = "shell"
RESERVED = frozenset({SHELL, "server", "system"})


class BadName(BotError):
    """A user's name cannot be used."""

    code = "bad_name"
    status = 422


class NameTaken(BotError):
    """There is a user with this name already."""

    code = "name_taken"
    status = 409


class UserNotFound(BotError):
    """There is no such user."""

    code = "user_not_found"
    status = 404


class LastAdmin(BotError):
    """Nobody would be left who may manage users."""

    code = "last_admin"
    status = 409


@dataclass(frozen=True)
class User:
    """Somebody who may sign in, or could once.

    Attributes:
        id: The user's number.
        name: As it was given.
        role: What the user is.
        is_disabled: Whether signing in is refused.
        is_enrolled: Whether the user has chosen a password and set up the codes.
        created_at: Aware.
        signed_in_at: Aware; None when the user never did.
    """

    id: int
    name: str
    role: Role
    is_disabled: bool
    is_enrolled: bool
    created_at: datetime
    signed_in_at: datetime | None

    def may(self, permission: Permission) -> bool:
        """Whether the user's role lets them."""
        return permission in PERMISSIONS[self.role]

    @property
    def actor(self) -> str:
        """Who did it, in the audit trail and in a booking's history."""
        return self.name


@dataclass(frozen=True)
class Credentials:
    """What proves a user; None before the enrolment.

    Attributes:
        password_hash: Argon2id's own form.
        totp_sealed: The encrypted secret of the codes.
        totp_step: The last time step a code was taken for.
    """

    password_hash: str | None
    totp_sealed: str | None
    totp_step: int


@dataclass(frozen=True)
class Session:
    """One browser that is signed in.

    Attributes:
        id: The session's number.
        user: Whose.
        created_at: Aware; when the user signed in.
        seen_at: Aware; the last time the user did something.
        browser: Which, in a few words.
    """

    id: int
    user: User
    created_at: datetime
    seen_at: datetime
    browser: str


def tidy_name(name: str) -> str:
    """A name fit to be kept: one line, without characters that nobody sees.

    Raises:
        BadName: when nothing is left, or too much, or when the audit trail means others by it.
    """
    tidy = " ".join(unicodedata.normalize("NFC", name).split())
    if not tidy or len(tidy) > MAX_NAME or not tidy.isprintable():
        raise BadName(f"A name has 1 to {MAX_NAME} characters, and all of them can be seen.")
    if name_key(tidy) in RESERVED:
        raise BadName("The audit trail says this of programs. Please take another name.")
    return tidy


def name_key(name: str) -> str:
    """What makes two names the same: neither case nor the way a character is encoded."""
    folded = unicodedata.normalize("NFKC", " ".join(name.split())).casefold()
    return unicodedata.normalize("NFKC", folded)[:255]
