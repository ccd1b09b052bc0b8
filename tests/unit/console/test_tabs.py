from __future__ import annotations

import pytest

from bot.console.tabs import TABS, is_open, tabs_of
from bot.staff.model import User
from bot.staff.roles import Role
from bot.storage.types import utc_now


@pytest.mark.parametrize(
    ("role", "first", "more"),
    [
        (Role.REVIEWER, 4, []),
        (Role.FRONT_DESK, 5, []),
        (Role.PRACTITIONER, 4, ["Learning", "Figures"]),
        (Role.ADMIN, 4, ["Learning", "Figures", "Users", "Audit"]),
    ],
)
def test_a_phone_has_five_places_at_its_foot(role: Role, first: int, more: list[str]) -> None:
    user = User(1, "Kim Example", role, False, True, utc_now(), None)
    tabs = tabs_of(user)
    assert len(tabs.first) == first
    assert [tab.name for tab in tabs.more] == more
    assert {tab for tab in TABS if user.may(tab.needed)} == {*tabs.first, *tabs.more}


def test_a_stranger_has_none() -> None:
    assert tabs_of(None) == ((), ())


def test_a_page_is_open_with_what_is_below_it() -> None:
    today, conversations = TABS[:2]
    assert is_open(conversations, "/console/conversations/7")
    assert not is_open(today, "/console/conversations")
    assert is_open(today, "/console/")
