"""The console's pages as its navigation lists them."""

from __future__ import annotations

from typing import NamedTuple

from bot.staff.model import User
from bot.staff.roles import Permission

# So many stand side by side at the foot of a phone.
AT_FOOT = 5


class Tab(NamedTuple):
    """One page."""

    path: str
    name: str
    needed: Permission


TABS = (
    Tab("/console/", "Today", Permission.TODAY),
    Tab("/console/conversations", "Conversations", Permission.CONVERSATIONS),
    Tab("/console/bookings", "Bookings", Permission.BOOKINGS),
    Tab("/console/review", "Review", Permission.REVIEW),
    Tab("/console/learning", "Learning", Permission.LEARNING),
    Tab("/console/figures", "Figures", Permission.CONVERSATIONS),
    Tab("/console/users", "Users", Permission.USERS),
    Tab("/console/audit", "Audit", Permission.AUDIT),
)


class Tabs(NamedTuple):
    """What somebody may open: what is always in sight, and what a phone has behind "More"."""

    first: tuple[Tab, ...]
    more: tuple[Tab, ...]


def tabs_of(user: User | None) -> Tabs:
    """The pages of somebody who is signed in; none for a stranger."""
    mine = tuple(tab for tab in TABS if user is not None and user.may(tab.needed))
    cut = len(mine) if len(mine) <= AT_FOOT else AT_FOOT - 1
    return Tabs(mine[:cut], mine[cut:])


def is_open(tab: Tab, path: str) -> bool:
    """Whether a path is this page, or one below it."""
    return path == tab.path or (tab is not TABS[0] and path.startswith(tab.path))
