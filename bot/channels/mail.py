"""Email over SMTP, to staff and to patients who chose it; off until ``SMTP_URL`` is set."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

import aiosmtplib

from bot.booking.staff_notice import CHANNEL
from bot.errors import SettingError
from bot.outbox import Letter, Refused
from bot.settings import Settings

TIMEOUT = 30.0
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
PORTS = {"smtp": 587, "smtps": 465}
# From here on an SMTP answer is final.
FINAL = 500


@dataclass(frozen=True)
class Mail:
    """Sends the letters of the channel ``email``; see ``bot.outbox.Sender``.

    Attributes:
        url: ``smtp://host:port`` or ``smtps://host:port``.
        sender: The address it comes from.
        staff: The clinic's own addresses, for letters that name no other.
        user: To sign in with, or None.
        password: With the user.
    """

    url: str
    sender: str
    staff: tuple[str, ...]
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    channel = CHANNEL

    @classmethod
    def of(cls, settings: Settings) -> Mail | None:
        """As the settings say; None when email is off.

        Raises:
            SettingError: when only a part of it is set.
        """
        if settings.smtp_url is None:
            return None
        if settings.mail_from is None or not settings.staff_email:
            raise SettingError(
                "SMTP_URL is set, but not who writes to whom.",
                remedy="Set MAIL_FROM and STAFF_EMAIL too, or unset SMTP_URL.",
            )
        return cls(
            settings.smtp_url,
            settings.mail_from,
            settings.staff_email,
            settings.smtp_user,
            settings.smtp_password,
        )

    async def send(self, letter: Letter) -> None:
        """Hands a letter to the mail server."""
        try:
            await aiosmtplib.send(self._message(letter), **self._connection())
        except aiosmtplib.SMTPRecipientsRefused as error:
            # A full mailbox may be emptied; an address that is unknown stays so.
            if all(refusal.code >= FINAL for refusal in error.recipients):
                raise Refused("The mail server knows none of the addresses.") from None
            raise

    async def check(self) -> None:
        """Signs in and out again.

        Raises:
            SettingError: when the server does not answer or does not let us in.
        """
        try:
            async with aiosmtplib.SMTP(**self._connection()) as server:
                await server.noop()
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise SettingError(
                f"The mail server at SMTP_URL does not take us ({type(error).__name__}).",
                remedy="Correct SMTP_URL, SMTP_USER and SMTP_PASSWORD.",
            ) from None

    def _connection(self) -> dict[str, Any]:
        """How to reach the server: never in the clear, but on this very machine."""
        parts = urlsplit(self.url)
        is_tls = parts.scheme == "smtps"
        return {
            "hostname": parts.hostname,
            "port": parts.port or PORTS[parts.scheme],
            "use_tls": is_tls,
            "start_tls": not is_tls and parts.hostname not in LOOPBACK,
            "username": self.user,
            "password": self.password,
            "timeout": TIMEOUT,
        }

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = letter.detail["subject"]
        message["From"] = self.sender
        message["To"] = letter.detail.get("to") or ", ".join(self.staff)
        message["Date"] = letter.created_at
        # The same each time: a mail program shows a letter that comes twice once.
        domain = parseaddr(self.sender)[1].rpartition("@")[2]
        name = hashlib.sha256(letter.idempotency_key.encode()).hexdigest()[:32]
        message["Message-ID"] = f"<{name}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body)
        if calendar := letter.detail.get("calendar"):
            message.add_attachment(calendar, subtype="calendar", filename="visit.ics")
        return message
