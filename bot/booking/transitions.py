"""Which status may follow on which, and who may make the change. One table, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.booking.model import Status
from bot.errors import BotError

Role = Literal["patient", "staff", "system"]

_STAFF: frozenset[Role] = frozenset({"staff"})
_EITHER: frozenset[Role] = frozenset({"patient", "staff"})
_SYSTEM: frozenset[Role] = frozenset({"system"})

_OPEN = {
    Status.PROPOSED: _STAFF,
    Status.CONFIRMED: _STAFF,
    Status.DECLINED: _STAFF,
    Status.CANCELLED: _EITHER,
    Status.EXPIRED: _SYSTEM,
}
# A status that follows on itself carries another time: a second proposal, or a visit moved by
# staff. What has ended stays ended; the patient asks anew.
TRANSITIONS: dict[Status, dict[Status, frozenset[Role]]] = {
    Status.RECEIVED: {Status.SEEN: _STAFF, **_OPEN},
    Status.SEEN: _OPEN,
    Status.PROPOSED: {**_OPEN, Status.CONFIRMED: _EITHER},
    Status.CONFIRMED: {Status.CONFIRMED: _STAFF, Status.CANCELLED: _EITHER},
    Status.DECLINED: {},
    Status.CANCELLED: {},
    Status.EXPIRED: {},
}


class IllegalTransition(BotError):
    """A status cannot follow on the present one, or not by this hand."""

    code = "illegal_transition"
    status = 409


@dataclass(frozen=True)
class Actor:
    """Who changes a booking.

    Attributes:
        role: On whose behalf.
        name: Of a member of staff; empty for the others.
    """

    role: Role
    name: str = ""

    def __str__(self) -> str:
        return f"{self.role}:{self.name}" if self.name else self.role


PATIENT = Actor("patient")
SYSTEM = Actor("system")


def staff(name: str) -> Actor:
    """A member of staff.

    Raises:
        ValueError: without a name; the history must say who it was.
    """
    if not name.strip():
        raise ValueError("A change by staff needs a name.")
    return Actor("staff", name.strip())


def check(old: Status, new: Status, by: Actor) -> None:
    """Makes sure that a change is allowed.

    Raises:
        IllegalTransition: names both statuses, and the role when another one may do it.
    """
    allowed = TRANSITIONS[old].get(new)
    if allowed is None:
        raise IllegalTransition(f"A request that is {old.value} cannot become {new.value}.")
    if by.role not in allowed:
        raise IllegalTransition(
            f"A request that is {old.value} cannot be made {new.value} by: {by.role}."
        )
