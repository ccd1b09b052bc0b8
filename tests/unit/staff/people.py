"""People who enrol and sign in, each with a phone that shows codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import pyotp

from bot.staff.office import Office
from bot.staff.roles import Role
from bot.staff.sign_in import SignedIn
from bot.staff.throttle import Caller
from bot.storage.database import Database

SECRET = "s" * 40
PASSWORD = "lantern copper orbit willow"
ADDRESS = "203.0.113.7"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Person:
    """Somebody who has enrolled."""

    name: str
    secret: str
    recovery: list[str]
    password: str = PASSWORD

    def code(self, now: datetime) -> str:
        return pyotp.TOTP(self.secret).at(now)


def office_of(database: Database, clock: Clock) -> Office:
    """The staff's services over a database."""
    return Office.build(database, SECRET, timedelta(minutes=30), timedelta(hours=12), clock)


async def enrolled(office: Office, clock: Clock, name: str, role: Role = Role.ADMIN) -> Person:
    """A new user who has followed the link; the code used for it is over."""
    _, token = await office.directory.add(name, role, "shell")
    secret = (await office.own.offer(token)).secret
    codes = await office.own.enrol(token, PASSWORD, pyotp.TOTP(secret).at(clock.now))
    clock.pass_by(seconds=30)
    return Person(name, secret, codes)


async def enter(
    office: Office, clock: Clock, person: Person, device: str | None = None
) -> SignedIn:
    """Signs in with the phone's present code."""
    known = office.throttle.device_of(person.name, device)
    caller = Caller(person.name, ADDRESS, known)
    entered = await office.door.enter(caller, person.password, person.code(clock.now), "Firefox")
    clock.pass_by(seconds=30)
    return entered
