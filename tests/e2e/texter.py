"""A patient with a mobile phone: texts in as signed webhooks, texts out at the provider's fake."""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing
from uuid import uuid4

import pytest
from fakes.provider_api import ProviderFake
from fakes.webhooks import signed_form, sms_fields

from e2e.http_client import Response
from e2e.patient import Patient
from e2e.serving import Server

PATH = "/webhooks/sms"
SECONDS = 30
WAITING = (
    "SELECT (SELECT count(*) FROM inbox WHERE status = 'received') + "
    "(SELECT count(*) FROM outbox WHERE state IN ('pending', 'failed'))"
)
CODE = re.compile(r"^(\d{6}) is your code")


class Texter:
    """One phone."""

    def __init__(self, server: Server, fake: ProviderFake, number: str) -> None:
        self._server = server
        self._fake = fake
        self.number = number

    @property
    def texts(self) -> list[str]:
        """All that it got, in order."""
        return self._fake.texts_to(self.number)

    def next_text(self, after: int) -> str:
        """The text after so many others, once it is there; fails when it does not come."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if len(self.texts) > after:
                return self.texts[after]
            time.sleep(0.05)
        pytest.fail(f"no text came: {self._server.tail()}")

    def write(self, text: str) -> str:
        """Sends a text; returns all that answer it, a line break between them."""
        before = len(self.texts)
        fields = sms_fields(self.number, text, f"SM{uuid4().hex}")
        body, signed = signed_form(f"{self._server.env['PUBLIC_URL']}{PATH}", fields)
        assert self._server.http.call("POST", PATH, body, signed).status == 200
        self.next_text(before)
        self._settled()
        return "\n".join(self.texts[before:])

    def _settled(self) -> None:
        """Waits until everything was answered and sent."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            with closing(sqlite3.connect(self._server.database)) as database:
                if not database.execute(WAITING).fetchone()[0]:
                    return
            time.sleep(0.05)
        pytest.fail(f"never settled: {self._server.tail()}")

    def ask_code(self, patient: Patient) -> str:
        """Has the chat send a code here; returns it."""
        before = len(self.texts)
        assert go_on(self._server, patient, self.number).status == 200
        found = CODE.match(self.next_text(before))
        assert found, self.texts
        return found[1]

    def prove(self, patient: Patient) -> str:
        """Goes on by text message from a chat; returns the first text there."""
        code = self.ask_code(patient)
        before = len(self.texts)
        answer = confirm(self._server, patient, code)
        assert answer.status == 200, answer.text
        return self.next_text(before)


def go_on(server: Server, patient: Patient, phone: str) -> Response:
    """Asks for a code."""
    body = {"phone": phone}
    return server.http.post_json("/webhooks/web/continue", body, patient.authorization)


def confirm(server: Server, patient: Patient, code: str) -> Response:
    """Types a code."""
    path, body = "/webhooks/web/continue/confirm", {"code": code}
    return server.http.post_json(path, body, patient.authorization)


def another(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 10**6:06}"
