from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from web_client import WebClient

from bot.console import Desk, desk_of
from bot.console.routes import HEADERS
from bot.services import Services
from bot.settings import Settings
from bot.staff.roles import Role
from console.conftest import SignedIn
from console.desk import HOST, PASSWORD, Browser, enrol, sign_in, text_of

NewBrowser = Callable[[], Browser]


async def test_a_stranger_finds_the_sign_in_page(browser: Browser) -> None:
    answer = await browser.open("/console/")
    assert answer.status == 200
    assert "Sign in" in text_of(answer)
    assert (await browser.get("/console/")).headers["location"] == "/console/sign-in"


async def test_enrolling_and_signing_in_by_the_pages(desk: Desk, browser: Browser) -> None:
    kim = await enrol(desk, browser, "Kim Example", Role.ADMIN)
    assert len(kim.recovery) == 8
    entered = await sign_in(browser, kim)
    assert (entered.status, entered.headers["location"]) == (303, "/console/")
    page = await browser.open("/console/")
    assert "Nothing needs attention." in text_of(page)
    assert "Kim Example" in text_of(page)


async def test_the_session_cookie_is_for_this_host_over_https_alone(
    desk: Desk, browser: Browser
) -> None:
    await sign_in(browser, await enrol(desk, browser, "Kim", Role.REVIEWER))
    assert browser.raw_cookies
    for cookie in browser.raw_cookies:
        name, *attributes = cookie.split("; ")
        assert name.startswith("__Host-")
        assert {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"} <= set(attributes)
        assert not any(a.lower().startswith("domain") for a in attributes)
    (session,) = [c for c in browser.raw_cookies if c.startswith("__Host-staff=")]
    assert "max-age" not in session.lower()


async def test_signing_in_gives_another_token_each_time(desk: Desk, browser: Browser) -> None:
    kim = await enrol(desk, browser, "Kim", Role.REVIEWER)
    browser.cookies["__Host-staff"] = "chosen-by-somebody-else"
    await sign_in(browser, kim)
    first = browser.cookies["__Host-staff"]
    assert first != "chosen-by-somebody-else"
    token = await browser.token("/console/account")
    again = {"name": "Kim", "password": PASSWORD, "code": kim.recovery[0], "csrf": token}
    await browser.post("/console/sign-in", again)
    assert browser.cookies["__Host-staff"] != first
    browser.cookies["__Host-staff"] = first
    assert (await browser.get("/console/account")).status == 303


async def test_what_was_wrong_is_not_said(
    desk: Desk, browser: Browser, new_browser: NewBrowser
) -> None:
    kim = await enrol(desk, browser, "Kim", Role.REVIEWER)
    pages = set()
    for wrong in ({"name": "Nobody"}, {"password": "x"}, {"code": "000000"}, {"code": ""}):
        answer = await sign_in(new_browser(), kim, **wrong)
        assert answer.status == 403
        pages.add(re.search(r'<p class="fault"[^>]*>([^<]*)</p>', answer.body.decode())[1])  # type: ignore[index]
    assert pages == {"The name, the password or the code is not right."}


async def test_after_too_many_tries_the_door_is_shut_for_new_browsers_alone(
    desk: Desk, browser: Browser, new_browser: NewBrowser
) -> None:
    kim = await enrol(desk, browser, "Kim", Role.REVIEWER)
    await sign_in(browser, kim)
    stranger = new_browser()
    for _ in range(5):
        assert (await sign_in(stranger, kim, password="guess")).status == 403
    shut = await sign_in(stranger, kim, password="guess")
    assert shut.status == 429
    assert 0 < int(shut.headers["retry-after"]) <= 15 * 60
    await browser.post("/console/sign-out", {}, page="/console/account")
    assert (await sign_in(browser, kim, code=kim.recovery[0])).status == 303


async def test_signing_out_ends_the_session(as_role: SignedIn) -> None:
    browser = await as_role(Role.REVIEWER)
    token = browser.cookies["__Host-staff"]
    answer = await browser.post("/console/sign-out", {}, page="/console/account")
    assert answer.headers["location"] == "/console/sign-in?done=signed_out"
    assert "__Host-staff" not in browser.cookies
    browser.cookies["__Host-staff"] = token
    assert (await browser.get("/console/")).status == 303


async def test_a_page_is_found_again_after_signing_in(desk: Desk, browser: Browser) -> None:
    kim = await enrol(desk, browser, "Kim", Role.ADMIN)
    asked = await browser.get("/console/audit?action=sign_in")
    assert (
        asked.headers["location"] == "/console/sign-in?next=%2Fconsole%2Faudit%3Faction%3Dsign_in"
    )
    entered = await sign_in(browser, kim, next="/console/audit?action=sign_in")
    assert entered.headers["location"] == "/console/audit?action=sign_in"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/console/",
        "//evil.example/",
        "/console/../..//evil.example",
        "/console/\\evil.example",
        "/console/x\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "/widget/",
    ],
)
async def test_no_link_leads_elsewhere(desk: Desk, browser: Browser, elsewhere: str) -> None:
    kim = await enrol(desk, browser, "Kim", Role.REVIEWER)
    entered = await sign_in(browser, kim, next=elsewhere)
    assert (entered.status, entered.headers["location"]) == (303, "/console/")


async def test_a_link_is_good_once_and_says_so(desk: Desk, browser: Browser) -> None:
    assert (await browser.open("/console/enrol/nonsense")).status == 404
    _, token = await desk.office.directory.add("Kim", Role.REVIEWER, "shell")
    page = f"/console/enrol/{token}"
    first, second = await browser.open(page), await browser.open(page)
    assert first.body == second.body
    for fields, told in (
        ({"password": PASSWORD, "again": "other", "code": "1"}, "not the same"),
        ({"password": "password1234", "again": "password1234", "code": "1"}, "do not belong"),
        ({"password": PASSWORD, "again": PASSWORD, "code": "1"}, "code is not right"),
    ):
        refused = await browser.post(page, fields, page=page)
        assert refused.status == 422
        assert told in text_of(refused)


@pytest.mark.parametrize("name", ['<script>alert("x")</script>', "O'Neil & Søn: 雨"])
async def test_a_name_is_only_ever_text(desk: Desk, browser: Browser, name: str) -> None:
    kim = await enrol(desk, browser, name, Role.ADMIN)
    await sign_in(browser, kim)
    for page in ("/console/", "/console/users", "/console/audit", "/console/account"):
        body = (await browser.open(page)).body.decode()
        assert "<script>alert" not in body
        assert name in text_of(await browser.open(page))


async def test_every_page_is_guarded(as_role: SignedIn) -> None:
    browser = await as_role(Role.ADMIN)
    for path in ("/console/", "/console/users", "/console/sign-in", "/console/enrol/x"):
        headers = (await browser.get(path)).headers
        for name, value in HEADERS.items():
            assert headers[name.lower()] == value
        assert headers["strict-transport-security"].startswith("max-age=31536000")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")


async def test_no_page_has_script_or_style_of_its_own(as_role: SignedIn) -> None:
    """The policy would refuse it; a page must not lean on it either."""
    browser = await as_role(Role.ADMIN)
    for path in ("/console/", "/console/users", "/console/account", "/console/bookings"):
        body = (await browser.open(path)).body.decode()
        assert re.findall(r"<script[^>]*>", body) == [
            '<script type="module" src="/console/static/console.js">'
        ]
        assert not re.search(r"\sstyle=|<style|\son\w+=", body)


@pytest.mark.parametrize("name", ["console.css", "console.js", "icon.svg", "rest.svg"])
async def test_styles_and_script_are_served_to_anybody(browser: Browser, name: str) -> None:
    answer = await browser.get(f"/console/static/{name}")
    assert answer.status == 200
    assert answer.body


@pytest.mark.parametrize("name", ["", "desk.py", "../desk.py", "..%2Fdesk.py"])
async def test_no_other_file_is(browser: Browser, name: str) -> None:
    assert (await browser.get(f"/console/static/{name}")).status in {303, 404}


class TestOnThisMachine:
    """`make run`: plain http on the loopback address, on whatever port."""

    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(secret_key="s" * 40)  # type: ignore[call-arg]

    @pytest.mark.parametrize("host", ["127.0.0.1:5105", "localhost:5005", "[::1]:5005"])
    async def test_people_sign_in(self, desk: Desk, client: WebClient, host: str) -> None:
        browser = Browser(client, host)
        kim = await enrol_here(desk, browser)
        await sign_in_here(browser, kim)
        assert "Nothing needs attention." in text_of(await browser.open("/console/"))
        for cookie in browser.raw_cookies:
            assert not cookie.startswith("__Host-")
            assert "Secure" not in cookie.split("; ")
            assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))

    @pytest.mark.parametrize(
        "host", ["clinic.example", "10.0.0.5:5005", "127.0.0.1.evil.example", "", "[::1", "a@b:x"]
    )
    async def test_by_any_other_name_nobody_does(
        self, desk: Desk, client: WebClient, host: str
    ) -> None:
        browser = Browser(client, host)
        answer = await browser.open("/console/sign-in")
        assert answer.status == 403
        assert "https" in text_of(answer)
        assert "<form" not in answer.body.decode()


async def enrol_here(desk: Desk, browser: Browser) -> object:
    return await enrol(desk, _http(browser), "Kim", Role.REVIEWER)


async def sign_in_here(browser: Browser, who: object) -> None:
    assert (await sign_in(_http(browser), who)).status == 303  # type: ignore[arg-type]


def _http(browser: Browser) -> Browser:
    browser.scheme = "http"
    return browser


def test_without_a_secret_there_is_no_console() -> None:
    services = Services.build(Settings.from_env({}), "sqlite://")
    with pytest.raises(Exception, match="SECRET_KEY"):
        desk_of(services)
    assert HOST
