"""The staff console as staff use it: what they see and press, not how it is built."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

import pyotp
from playwright.sync_api import BrowserContext, Page, expect

from e2e.serving import Server, run_bot

PASSWORD = "lantern copper orbit willow"
LINK = re.compile(r"/console/enrol/[\w-]+")
STEP = 30


@dataclass
class Member:
    """Somebody of the staff, with the phone that shows the codes."""

    name: str
    secret: str
    recovery: list[str]
    step: int = 0

    def code(self) -> str:
        """A code that was not used yet; at most one step ahead of the clock."""
        now = int(time.time()) // STEP
        while self.step >= now + 1:
            time.sleep(1)
            now = int(time.time()) // STEP
        self.step = max(now, self.step + 1)
        return pyotp.TOTP(self.secret).generate_otp(self.step)


class ConsolePage:
    """One tab."""

    def __init__(self, server: Server, context: BrowserContext) -> None:
        self.server = server
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.faults.append(said.text) if said.type == "error" else None,
        )

    def open(self, path: str) -> None:
        """Opens one of the console's pages."""
        self.page.goto(f"{self.server.base_url}{path}")

    def enrol(self, name: str, role: str) -> Member:
        """Invites somebody in the shell, and follows the link as they would."""
        made = run_bot(self.server.env, "user", "add", name, "--role", role)
        link = LINK.search(made.stdout.decode())
        assert link, made.stderr.decode()
        self.open(link[0])
        secret = self.page.locator(".secret code").inner_text().replace(" ", "")
        member = Member(name, secret, [])
        self.page.get_by_label("The code your app shows now").fill(member.code())
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_label("The same again").fill(PASSWORD)
        self.page.get_by_role("button", name="Finish").click()
        expect(self.page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
        member.recovery = self.page.locator(".codes code").all_inner_texts()
        return member

    def sign_in(self, member: Member) -> None:
        """Signs in by the keyboard alone."""
        self.open("/console/")
        self.page.get_by_label("Name").focus()
        for words in (member.name, PASSWORD, member.code()):
            self.page.keyboard.type(words)
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", name="Today", level=1)).to_be_visible()

    @property
    def heading(self) -> str:
        """The page's heading."""
        return self.page.locator("h1").inner_text()
