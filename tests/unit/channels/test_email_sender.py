"""Letters to staff through a real mail server on this machine."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from bot.booking import BookingRequest, BookingService
from bot.booking.staff_notice import STAFF_EMAIL, staff_notice
from bot.channels.email_sender import EmailSender
from bot.errors import SettingError
from bot.outbox import Dispatcher, Letter, Refused, State
from bot.settings import Settings
from bot.storage.bookings import BookingRepository
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.outbox import OutboxRepository

STAFF = "desk@clinic.example"
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=timezone.utc)
LETTER = Letter(
    "staff/B7K-3QD/1",
    STAFF_EMAIL,
    "web:a",
    "staff_received",
    "A patient asks for a visit: B7K-3QD.\n",
    {"subject": "A patient asks for a visit (B7K-3QD)"},
    id=1,
    state=State.PENDING,
    attempts=1,
    created_at=NOW,
    next_at=NOW,
)


class Inbox:
    """What the mail server took, and what it says to the next letter."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answer = "250 OK"
        self.recipient_answer = "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            message = message_from_bytes(content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.taken.append(message)
        return self.answer


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@contextmanager
def _served(inbox: Inbox, **options: Any) -> Iterator[int]:
    """A mail server on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@pytest.fixture
def sender(inbox: Inbox) -> Iterator[EmailSender]:
    with _served(inbox) as port:
        yield EmailSender("127.0.0.1", port, "none", "", "", STAFF, STAFF)


async def test_a_letter_arrives_with_its_words(sender: EmailSender, inbox: Inbox) -> None:
    await sender.send(LETTER)
    (mail,) = inbox.taken
    assert (mail["To"], mail["Subject"]) == (STAFF, "A patient asks for a visit (B7K-3QD)")
    assert mail.get_content().strip() == "A patient asks for a visit: B7K-3QD."


async def test_the_same_letter_again_has_the_same_id(sender: EmailSender, inbox: Inbox) -> None:
    for letter in (LETTER, LETTER, replace(LETTER, idempotency_key="staff/B7K-3QD/2")):
        await sender.send(letter)
    ids = [mail["Message-ID"] for mail in inbox.taken]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize("refusal", ["recipient_answer", "answer"])
async def test_what_the_server_never_takes_is_refused(
    sender: EmailSender, inbox: Inbox, refusal: str
) -> None:
    setattr(inbox, refusal, "550 no such mailbox")
    with pytest.raises(Refused, match="STAFF_EMAIL"):
        await sender.send(LETTER)


@pytest.mark.parametrize("refusal", ["recipient_answer", "answer"])
async def test_what_it_does_not_take_now_is_tried_again(
    sender: EmailSender, inbox: Inbox, refusal: str
) -> None:
    setattr(inbox, refusal, "451 try later")
    with pytest.raises(Exception, match=r"451|try later") as failure:
        await sender.send(LETTER)
    assert not isinstance(failure.value, Refused)


async def test_a_server_that_is_down_is_tried_again(sender: EmailSender) -> None:
    with pytest.raises(OSError):
        await replace(sender, port=9).send(LETTER)


async def test_nothing_is_sent_where_encryption_is_asked_for_and_not_offered(
    sender: EmailSender, inbox: Inbox
) -> None:
    with pytest.raises(Exception, match="STARTTLS"):
        await replace(sender, security="starttls").send(LETTER)
    assert not inbox.taken


async def test_a_wrong_password_is_tried_again(inbox: Inbox) -> None:
    options = {
        "authenticator": lambda *_: AuthResult(success=False, handled=False),
        "auth_required": True,
        "auth_require_tls": False,
    }
    with _served(inbox, **options) as port:
        sender = EmailSender("127.0.0.1", port, "none", "desk", "wrong", STAFF, STAFF)
        with pytest.raises(Exception, match="535") as failure:
            await sender.send(LETTER)
    assert not isinstance(failure.value, Refused)


async def test_a_request_reaches_the_staffs_mailbox_once(
    sender: EmailSender, inbox: Inbox, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    await migrate(url)
    database = Database(url)
    try:
        service = BookingService(BookingRepository(database), notify=staff_notice)
        dispatcher = Dispatcher(
            OutboxRepository(database),
            [sender],
            lambda: datetime.now(timezone.utc) + timedelta(seconds=1),
        )
        request = BookingRequest(
            "Sam Example", "lower back", "friday", "first", True, "+17805550199"
        )
        twice = [service.request(request, "key", "web:a", "web") for _ in range(2)]
        booking, again = await asyncio.gather(*twice)
        assert booking.reference == again.reference
        await service.cancel(booking.reference, "no longer")
        assert await dispatcher.run_once() == 2
        assert await dispatcher.run_once() == 0
    finally:
        await database.close()
    subjects = [mail["Subject"] for mail in inbox.taken]
    assert [subject.split(" (")[0] for subject in subjects] == [
        "A patient asks for a visit",
        "A patient cancels",
    ]
    assert not any("Sam" in str(mail) or "lower back" in str(mail) for mail in inbox.taken)


def test_email_is_off_until_it_is_set_as_a_whole() -> None:
    assert EmailSender.of(Settings.from_env({})) is None
    whole = {"SMTP_HOST": "mail.example", "STAFF_EMAIL": STAFF}
    sender = EmailSender.of(Settings.from_env(whole))
    assert sender is not None
    assert (sender.host, sender.port, sender.security, sender.sender) == (
        "mail.example",
        587,
        "starttls",
        STAFF,
    )


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"SMTP_HOST": "mail.example"}, "SMTP_HOST and STAFF_EMAIL"),
        ({"STAFF_EMAIL": STAFF}, "SMTP_HOST and STAFF_EMAIL"),
        ({"SMTP_HOST": "m", "STAFF_EMAIL": "no address"}, "STAFF_EMAIL must be"),
        ({"SMTP_HOST": "m", "STAFF_EMAIL": STAFF, "SMTP_USER": "desk"}, "SMTP_PASSWORD"),
        (
            {
                "SMTP_HOST": "m",
                "STAFF_EMAIL": STAFF,
                "SMTP_USER": "desk",
                "SMTP_PASSWORD": "x",
                "SMTP_SECURITY": "none",
            },
            "SMTP_SECURITY",
        ),
    ],
)
def test_half_a_setting_stops_the_start(environ: dict[str, str], says: str) -> None:
    with pytest.raises(SettingError, match=says):
        Settings.from_env(environ)
