"""A real SMTP server on this machine, for tests: keeps what it takes, or refuses as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "clinic", "pa:ss@wörd"


class MailServer:
    """Takes mail on a free port.

    Attributes:
        taken: The messages, oldest first.
        answer_to_recipient: What it says to each recipient.
    """

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answer_to_recipient = "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer_to_recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.answer_to_recipient

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        return "250 Taken"


def _sign_in(server: Any, session: Any, envelope: Any, how: str, given: Any) -> AuthResult:
    known = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=given == known, handled=False)


async def _running(handler: MailServer, **options: Any) -> AsyncIterator[str]:
    """The server's address, as ``SMTP_URL`` takes it, while it runs."""

    def answer() -> SMTP:
        return SMTP(handler, hostname="localhost", **options)

    server = await asyncio.get_running_loop().create_server(answer, "127.0.0.1", 0)
    yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


@pytest.fixture
def mail_server() -> MailServer:
    return MailServer()


@pytest.fixture
async def smtp_url(mail_server: MailServer) -> AsyncIterator[str]:
    async for url in _running(mail_server):
        yield url


@pytest.fixture
async def guarded_smtp_url(mail_server: MailServer) -> AsyncIterator[str]:
    """The address of a server that takes nothing from whoever has not signed in."""
    options = {"auth_required": True, "auth_require_tls": False, "authenticator": _sign_in}
    async for url in _running(mail_server, **options):
        yield url
