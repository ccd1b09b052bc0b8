"""A console in process: its app, people who are signed in, and browsers that keep cookies."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import pyotp
from sanic import Sanic
from web_client import Answer, WebClient

from bot.console import Desk, console_routes
from bot.http import protect
from bot.staff.roles import Role

PASSWORD = "lantern copper orbit willow"
HOST = "faq.clinic.example"
ORIGIN = f"https://{HOST}"
FIELD = re.compile(r'<input type="hidden" name="csrf" value="([0-9a-f]{64})">')
SET = re.compile(r"^(?P<name>[^=]+)=(?P<value>[^;]*)")


def app_of(desk: Desk) -> Sanic:
    """An app with nothing but the console."""
    app = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False)
    protect(app, ())
    for routes in console_routes(desk):
        app.blueprint(routes)
    return app


@dataclass
class Browser:
    """Keeps cookies and follows redirects, as a browser does."""

    client: WebClient
    host: str = HOST
    scheme: str = "https"
    address: str = "203.0.113.7"
    cookies: dict[str, str] = field(default_factory=dict)
    raw_cookies: list[str] = field(default_factory=list)

    async def get(self, path: str, **headers: str) -> Answer:
        """Opens a page; does not follow a redirect."""
        return await self.call("GET", path, b"", **headers)

    async def open(self, path: str) -> Answer:
        """Opens a page and follows redirects to it."""
        answer = await self.get(path)
        for _ in range(5):
            if answer.status not in {301, 302, 303}:
                return answer
            answer = await self.get(answer.headers["location"])
        raise AssertionError("redirects in a circle")

    async def post(
        self, path: str, fields: Mapping[str, str], page: str | None = None, **headers: str
    ) -> Answer:
        """Sends a form with the token of a page; the page is opened first when it is named."""
        token = await self.token(page) if page else ""
        body = urlencode({"csrf": token, **fields}).encode()
        kind = {
            "content-type": "application/x-www-form-urlencoded",
            "origin": f"{self.scheme}://{self.host}",
        }
        return await self.call("POST", path, body, **{**kind, **headers})

    async def token(self, page: str) -> str:
        """The form's token on a page."""
        answer = await self.open(page)
        found = FIELD.search(answer.body.decode())
        assert found, f"{page} has no form: {answer.status}"
        return found[1]

    async def call(self, method: str, path: str, body: bytes, **headers: str) -> Answer:
        """One request with the browser's cookies, and the new ones kept."""
        parts = urlsplit(path)
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        given = {"host": self.host, "user-agent": "Firefox/128.0 (Linux)", **headers}
        if sent:
            given["cookie"] = sent
        answer = await self.client.call(
            method,
            parts.path,
            body,
            query=parts.query,
            **{k.replace("_", "-"): v for k, v in given.items()},
        )
        for line in answer.cookies:
            self.raw_cookies.append(line)
            match = SET.match(line)
            assert match
            name, value = match["name"], match["value"].strip('"')
            if "max-age=0" in line.lower():
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer


@dataclass
class Colleague:
    """Somebody who has enrolled through the pages."""

    name: str
    secret: str
    recovery: list[str]

    def code(self, ahead: int = 1) -> str:
        """The code of now; one step ahead, since the present one was used to enrol."""
        clock = pyotp.TOTP(self.secret)
        from time import time

        return clock.generate_otp(int(time()) // 30 + ahead)


async def enrol(desk: Desk, browser: Browser, name: str, role: Role) -> Colleague:
    """A user, invited in the shell, who follows the link in a browser."""
    _, token = await desk.office.directory.add(name, role, "shell")
    page = f"/console/enrol/{token}"
    shown = (await browser.open(page)).body.decode()
    secret_shown = re.search(r'<p class="secret"><code>([A-Z2-7 ]+)</code>', shown)
    assert secret_shown
    secret = secret_shown[1].replace(" ", "")
    fields = {"password": PASSWORD, "again": PASSWORD, "code": pyotp.TOTP(secret).now()}
    done = await browser.post(page, fields, page=page)
    assert done.status == 200, done.body.decode()
    codes = re.findall(r"<li><code>([A-Z2-7-]{29})</code></li>", done.body.decode())
    return Colleague(name, secret, codes)


async def sign_in(browser: Browser, who: Colleague, **fields: str) -> Answer:
    """Sends the sign-in form."""
    given = {"name": who.name, "password": PASSWORD, "code": who.code(), **fields}
    return await browser.post("/console/sign-in", given, page="/console/sign-in")


def text_of(answer: Answer) -> str:
    """The page's words, without its marks."""
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.body.decode()))
