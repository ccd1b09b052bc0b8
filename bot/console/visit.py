"""One request to the console: who makes it, what it carries, and the ways to answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from sanic.request import Request
from sanic.response import HTTPResponse, html, redirect

from bot.console.desk import Desk
from bot.console.notices import NOTICES, OUTCOME_WORDS
from bot.console.tabs import is_open, tabs_of
from bot.staff.model import Session, User
from bot.staff.roles import Permission

ROOT = "/console"
# A page that refreshes itself says so: that is no sign of somebody being there.
REFRESH = "x-console-refresh"


@dataclass(frozen=True)
class Visit:
    """A request whose sender is known, or known to be a stranger.

    Attributes:
        request: As it came.
        desk: What the console is made of.
        session: The open session; None for a stranger.
        token: The session's token, or a stranger's mark; what the form's token is made from.
        form: The fields of a POST.
        query: The fields of the address.
    """

    request: Request
    desk: Desk
    session: Session | None
    token: str
    form: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def user(self) -> User:
        """Who is signed in; only for routes that strangers cannot reach."""
        if self.session is None:
            raise AssertionError("A route for strangers asked who is signed in.")
        return self.session.user

    @property
    def address(self) -> str:
        """The network address of the browser, as far as it is known."""
        return str(self.request.remote_addr or self.request.ip)

    def page(self, template: str, status: int = 200, **values: Any) -> HTTPResponse:
        """A whole page.

        Args:
            template: Its file's name.
            status: Of the answer.
            **values: What the template asks for.
        """
        user = self.session.user if self.session else None
        shared = {
            "user": user,
            "may": user.may if user else lambda _permission: False,
            "Permission": Permission,
            "csrf": self.desk.csrf(self.token),
            "clinic": self.desk.profile,
            "here": self.request.path,
            "tabs": tabs_of(user),
            "is_open": is_open,
            "query": self.query,
            "outcome_words": OUTCOME_WORDS,
            "notice": NOTICES.get(self.query.get("done", ""), ""),
        }
        response = html(self.desk.pages.render(template, **{**shared, **values}), status)
        return response

    def go(self, path: str, done: str = "", place: str = "", **query: str) -> HTTPResponse:
        """Sends the browser on to one of the console's pages.

        Args:
            path: Below the console's own.
            done: What is to be told there; one of the notices.
            place: Where on the page; empty: at its top.
            **query: More of the address.
        """
        fields = {**query, **({"done": done} if done else {})}
        address = f"{ROOT}{path}" + (f"?{urlencode(fields)}" if fields else "")
        return redirect(f"{address}#{place}" if place else address, status=303)
