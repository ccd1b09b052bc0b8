"""The staff's services of one process, made once from a database and a secret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.staff.accounts import Directory, OwnAccount
from bot.staff.seal import Seal
from bot.staff.sign_in import Limits, SignIn
from bot.staff.throttle import Throttle
from bot.storage.audit import AuditLog
from bot.storage.database import Database
from bot.storage.enrolments import EnrolmentRepository
from bot.storage.staff_sessions import SessionRepository, TryRepository
from bot.storage.staff_users import UserRepository
from bot.storage.types import utc_now


@dataclass(frozen=True)
class Office:
    """Everything about users that the console shows."""

    directory: Directory
    own: OwnAccount
    door: SignIn
    throttle: Throttle
    sessions: SessionRepository
    audit: AuditLog
    users: UserRepository

    @classmethod
    def build(
        cls,
        database: Database,
        secret: str,
        idle: timedelta,
        absolute: timedelta,
        clock: Callable[[], datetime] = utc_now,
    ) -> Office:
        """Makes them; nothing is opened before it is needed."""
        users, enrolments = UserRepository(database), EnrolmentRepository(database)
        sessions, audit = SessionRepository(database), AuditLog(database)
        seal = Seal(secret, "console")
        throttle = Throttle(TryRepository(database), seal, clock)
        return cls(
            directory=Directory(users, enrolments, clock),
            own=OwnAccount(users, enrolments, seal, throttle, clock),
            door=SignIn(
                users,
                sessions,
                audit,
                throttle,
                seal=seal,
                limits=Limits(idle, absolute),
                clock=clock,
            ),
            throttle=throttle,
            sessions=sessions,
            audit=audit,
            users=users,
        )


def directory_of(database: Database) -> Directory:
    """Users alone, for a command that has no secret."""
    return Directory(UserRepository(database), EnrolmentRepository(database), utc_now)
