"""What each role may do. One table, nothing else."""

from __future__ import annotations

from enum import Enum

from bot.errors import BotError


class Role(str, Enum):
    """What somebody is at the clinic."""

    REVIEWER = "reviewer"
    FRONT_DESK = "front-desk"
    PRACTITIONER = "practitioner"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """As people read it."""
        return self.value.replace("-", " ").capitalize()


class Permission(Enum):
    """One thing that the console lets somebody do."""

    SIGNED_IN = "use the own account"
    TODAY = "see what needs attention"
    ALERTS = "close what needed attention"
    CONVERSATIONS = "read redacted conversations"
    REVEAL = "uncover what a patient wrote"
    HANDOFF = "take conversations over and write to patients"
    BOOKINGS = "read and answer requests for a visit"
    REVIEW = "label what was answered"
    LEARNING = "train and promote what was learned"
    WORDING = "approve the wording of draft cards"
    USERS = "manage users"
    AUDIT = "read the audit trail"


_EVERYBODY = frozenset(
    {Permission.SIGNED_IN, Permission.TODAY, Permission.CONVERSATIONS, Permission.REVIEW}
)
_WITH_PATIENTS = _EVERYBODY | {
    Permission.ALERTS,
    Permission.REVEAL,
    Permission.HANDOFF,
    Permission.BOOKINGS,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.REVIEWER: _EVERYBODY,
    Role.FRONT_DESK: _WITH_PATIENTS,
    Role.PRACTITIONER: _WITH_PATIENTS | {Permission.LEARNING, Permission.WORDING},
    # Clinical words are a practitioner's to approve.
    Role.ADMIN: frozenset(Permission) - {Permission.WORDING},
}


class UnknownRole(BotError):
    """There is no such role."""

    code = "unknown_role"
    status = 422


def role_of(text: str) -> Role:
    """The role with this name, with spaces or underscores as well as with hyphens.

    Raises:
        UnknownRole: lists those that there are.
    """
    try:
        return Role("-".join(text.lower().replace("_", " ").replace("-", " ").split()))
    except ValueError:
        known = ", ".join(role.value for role in Role)
        raise UnknownRole("There is no such role.", remedy=f"Use one of: {known}.") from None
