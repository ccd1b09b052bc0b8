"""Sends letters to staff by SMTP. Nothing goes to patients this way."""

from __future__ import annotations

import asyncio
import hashlib
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage

from bot.booking.staff_notice import STAFF_EMAIL
from bot.outbox import Letter, Refused
from bot.settings import Settings

# Half of the dispatcher's lease: a letter is never in two hands.
TIMEOUT_S = 60.0
PERMANENT = 500
TLS, STARTTLS = "tls", "starttls"


@dataclass
class EmailSender:
    """See ``bot.outbox.Sender``.

    Attributes:
        host: The mail server.
        port: Its port.
        security: ``starttls``, ``tls`` or ``none``.
        user: To log in with; empty when the server asks for none.
        password: With the user.
        sender: The From address.
        recipient: Where staff read their mail.
    """

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str
    recipient: str
    channel: str = STAFF_EMAIL

    @classmethod
    def of(cls, settings: Settings) -> EmailSender | None:
        """The sender that the settings describe; None while e-mail is off."""
        if settings.smtp_host is None or settings.staff_email is None:
            return None
        return cls(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security,
            settings.smtp_user or "",
            settings.smtp_password or "",
            settings.smtp_from or settings.staff_email,
            settings.staff_email,
        )

    async def send(self, letter: Letter) -> None:
        """Hands the letter to the mail server, in a thread of its own."""
        await asyncio.to_thread(self._send, self._message(letter))

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"] = self.sender, self.recipient
        message["Subject"] = str(letter.detail.get("subject", letter.kind))
        # The same letter sent twice, after a crash, has the same id: mail programs show it once.
        digest = hashlib.sha256(letter.idempotency_key.encode()).hexdigest()[:32]
        message["Message-ID"] = f"<{digest}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body)
        return message

    def _send(self, message: EmailMessage) -> None:
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            if min(codes) >= PERMANENT:
                raise _refused() from None
            raise
        except smtplib.SMTPAuthenticationError:
            # A wrong password can be put right; the letter waits.
            raise
        except smtplib.SMTPResponseException as error:
            if error.smtp_code >= PERMANENT:
                raise _refused() from None
            raise

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_S, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S)
        try:
            if self.security == STARTTLS:
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def _refused() -> Refused:
    return Refused("The mail server refuses this letter.", remedy="Correct STAFF_EMAIL.")
