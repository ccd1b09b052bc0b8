"""Every route with every role, from the route table itself: nobody reaches what is not theirs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from web_client import Answer

from bot.console import ROUTES, Desk
from bot.console.routes import Route
from bot.staff.roles import PERMISSIONS, Permission, Role
from console.conftest import SignedIn
from console.desk import Browser

NewBrowser = Callable[[], Browser]
PARTS = {
    "user_id:int": "4711",
    "alert_id:int": "1",
    "handoff_id:int": "1",
    "message_id:int": "1",
    "reference:str": "B7K-3QD",
}
PARTS |= {"run_id:int": "1", "draft_id:int": "1", "picture:str": "messages"}
PARTS |= {"step:str": "seen", "form:str": "ical", "token:str": "nonsense"}
TOKEN_FROM = "/console/account"
every_route = pytest.mark.parametrize(
    "route", ROUTES, ids=lambda route: f"{route.method} {route.path}"
)
KEPT = [route for route in ROUTES if route.permission is not None]
POSTS = [route for route in ROUTES if route.method == "POST"]


def path_of(route: Route) -> str:
    return "/console" + re.sub(r"<([^>]+)>", lambda part: PARTS[part[1]], route.path)


async def _ask(browser: Browser, route: Route, token: str = "") -> Answer:
    path = path_of(route)
    if route.method == "GET":
        return await browser.get(path)
    return await browser.post(path, {"csrf": token, "reason": "contact"})


def test_the_table_has_every_page_and_no_name_twice() -> None:
    names = [route.name for route in ROUTES]
    assert len(names) == len(set(names)) >= 25
    assert {route.path for route in ROUTES if route.permission is None} == {
        "/sign-in",
        "/enrol/<token:str>",
    }


async def test_a_stranger_reaches_nothing(browser: Browser) -> None:
    token = await browser.token("/console/sign-in")
    for route in KEPT:
        answer = await _ask(browser, route, token)
        assert answer.status == 303, route
        assert answer.headers["location"].startswith("/console/sign-in"), route
        assert not answer.body, route


@pytest.mark.parametrize("role", Role)
async def test_each_role_reaches_what_is_its_own_and_nothing_else(
    as_role: SignedIn, role: Role
) -> None:
    browser = await as_role(role)
    token = await browser.token(TOKEN_FROM)
    refused = allowed = 0
    # What ends the session comes last.
    for route in sorted(KEPT, key=lambda route: "sign-out" in route.path):
        if route.path == "/account/sign-out-everywhere":
            continue
        answer = await _ask(browser, route, token)
        if route.permission in PERMISSIONS[role]:
            assert answer.status in {200, 303, 404, 409, 422}, (route, answer.status)
            assert "Your role does not include" not in answer.body.decode()
            assert "sign-in?next" not in answer.headers.get("location", ""), route
            allowed += 1
        else:
            assert answer.status == 403, route
            assert "Your role does not include" in answer.body.decode()
            refused += 1
    assert allowed
    assert refused or role is Role.ADMIN


@pytest.mark.parametrize("route", POSTS, ids=lambda route: route.path)
async def test_no_form_is_taken_without_its_own_token(
    as_role: SignedIn, new_browser: NewBrowser, route: Route
) -> None:
    # Somebody who might, if only the form were the page's own.
    may = (role for role in reversed(Role) if route.permission in {None, *PERMISSIONS[role]})
    browser = await as_role(next(may))
    strangers = await new_browser().token("/console/sign-in")
    for token in ("", "0" * 64, strangers, "é\udcff".encode("utf-8", "replace").decode()):
        answer = await browser.post(path_of(route), {"csrf": token})
        assert answer.status == 403
        assert "open it again" in answer.body.decode()
    good = await browser.token(TOKEN_FROM)
    for headers in (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://faq.clinic.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ):
        answer = await browser.post(path_of(route), {"csrf": good}, **headers)
        assert answer.status == 403, headers


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"csrf": "x"}', "application/json"),
        (b"csrf=x", "text/plain"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"a=%ff%fe", "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % n for n in range(60)), "application/x-www-form-urlencoded"),
        (b"a=" + b"x" * 20_000, "application/x-www-form-urlencoded"),
        (b"", ""),
    ],
)
async def test_a_body_that_is_no_form_is_refused(browser: Browser, body: bytes, kind: str) -> None:
    headers = {"content-type": kind} if kind else {}
    answer = await browser.call("POST", "/console/sign-in", body, **headers)
    assert answer.status == 400


@pytest.mark.parametrize(
    "path",
    [
        "/console/users/99999999999999999999999/disable",
        "/console/users/-1/disable",
        "/console/users/x/disable",
        "/console/bookings?show=nothing",
        "/console/bookings?before=99999999999999999999999",
        "/console/bookings?before=-1&before=x",
        "/console/bookings/week?day=0000-00-00",
        "/console/bookings/week?day=9999-12-31",
        "/console/bookings/week?day=0001-01-01",
        "/console/bookings/%00",
        "/console/bookings/" + "x" * 3000,
        "/console/bookings/export/zip",
        "/console/figures?days=x&channel=%00",
        "/console/figures?days=99999999999999999999&channel=fax",
        "/console/figures/export/nothing",
        "/console/bookings?" + "x" * 5000,
        "/console/bookings?a=%ff",
        "/console/audit?action=%00&before=1e9",
        "/console/alerts/7/seen",
        "/console/nothing",
    ],
)
async def test_no_address_is_a_fault_of_ours(as_role: SignedIn, path: str) -> None:
    browser = await as_role(Role.ADMIN)
    token = await browser.token(TOKEN_FROM)
    for answer in (await browser.get(path), await browser.post(path, {"csrf": token})):
        assert answer.status < 500, path


async def test_a_fault_of_ours_shows_nothing_of_the_inside(
    as_role: SignedIn, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.storage.alerts import AlertRepository
    from bot.storage.database import DatabaseUnavailable

    async def broken(_self: object) -> None:
        raise DatabaseUnavailable("The database at db.internal is down.")

    browser = await as_role(Role.ADMIN)
    monkeypatch.setattr(AlertRepository, "open_alerts", broken)
    answer = await browser.get("/console/")
    assert answer.status == 503
    assert "db.internal" not in answer.body.decode()
    assert "Something went wrong on our side" in answer.body.decode()


def test_every_permission_guards_something() -> None:
    guarded = {route.permission for route in ROUTES}
    assert guarded >= set(Permission)
