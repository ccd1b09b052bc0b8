from __future__ import annotations

import socket
from dataclasses import replace
from datetime import datetime, timezone

import aiosmtplib
import pytest
from mail_server import PASSWORD, USER, MailServer

from bot.channels.mail import Mail
from bot.errors import SettingError
from bot.outbox import Letter, Refused, State
from bot.settings import Settings

pytest_plugins = ["mail_server"]

NOON = datetime(2026, 11, 24, 19, 0, tzinfo=timezone.utc)
LETTER = Letter(
    "staff/B7K-3QD/1",
    "email",
    "staff",
    "staff_booking_received",
    "New request B7K-3QD.\n",
    {"subject": "New request B7K-3QD"},
    id=1,
    state=State.PENDING,
    attempts=1,
    created_at=NOON,
    next_at=NOON,
)


def _mail(url: str, **changes: str) -> Mail:
    settings = {
        "SMTP_URL": url,
        "MAIL_FROM": "assistant@clinic.example",
        "STAFF_EMAIL": "desk@clinic.example, owner@clinic.example",
    }
    mail = Mail.of(Settings.from_env({**settings, **changes}))
    assert mail is not None
    return mail


def test_it_is_off_until_it_is_set() -> None:
    assert Mail.of(Settings.from_env({"STAFF_EMAIL": "desk@clinic.example"})) is None


@pytest.mark.parametrize("missing", ["MAIL_FROM", "STAFF_EMAIL"])
def test_who_writes_to_whom_must_be_said(missing: str) -> None:
    with pytest.raises(SettingError, match="MAIL_FROM and STAFF_EMAIL"):
        _mail("smtp://127.0.0.1", **{missing: ""})


async def test_a_letter_arrives_at_every_address(smtp_url: str, mail_server: MailServer) -> None:
    await _mail(smtp_url).send(LETTER)
    (message,) = mail_server.taken
    assert message["subject"] == "New request B7K-3QD"
    assert message["from"] == "assistant@clinic.example"
    assert message["to"] == "desk@clinic.example, owner@clinic.example"
    assert message["date"].datetime == NOON
    assert message.get_content().splitlines() == ["New request B7K-3QD."]


async def test_a_letter_to_a_patient_goes_there_with_the_calendar(
    smtp_url: str, mail_server: MailServer
) -> None:
    detail = {"subject": "Your visit", "to": "sam@example.com", "calendar": "BEGIN:VCALENDAR\r\n"}
    await _mail(smtp_url).send(replace(LETTER, detail=detail))
    (message,) = mail_server.taken
    assert message["to"] == "sam@example.com"
    (attached,) = message.iter_attachments()
    assert (attached.get_content_type(), attached.get_filename()) == ("text/calendar", "visit.ics")
    assert attached.get_content().split() == ["BEGIN:VCALENDAR"]


async def test_a_letter_that_comes_twice_is_the_same_message(
    smtp_url: str, mail_server: MailServer
) -> None:
    mail = _mail(smtp_url)
    for letter in (LETTER, LETTER, replace(LETTER, idempotency_key="staff/B7K-3QD/2")):
        await mail.send(letter)
    first, again, other = (message["message-id"] for message in mail_server.taken)
    assert first == again != other
    assert first.endswith("@clinic.example>")


async def test_it_signs_in_where_it_must(guarded_smtp_url: str, mail_server: MailServer) -> None:
    mail = _mail(guarded_smtp_url, SMTP_USER=USER, SMTP_PASSWORD=PASSWORD)
    await mail.check()
    await mail.send(LETTER)
    assert len(mail_server.taken) == 1
    assert PASSWORD not in repr(mail)


async def test_a_wrong_password_is_tried_again_and_told_by_the_doctor(
    guarded_smtp_url: str, mail_server: MailServer
) -> None:
    mail = _mail(guarded_smtp_url, SMTP_USER=USER, SMTP_PASSWORD="wrong")
    with pytest.raises(aiosmtplib.SMTPAuthenticationError):
        await mail.send(LETTER)
    with pytest.raises(SettingError, match="SMTP_PASSWORD") as told:
        await mail.check()
    assert "wrong" not in str(told.value)
    assert mail_server.taken == []


async def test_addresses_nobody_knows_are_given_up(smtp_url: str, mail_server: MailServer) -> None:
    mail_server.answer_to_recipient = "550 No such user"
    with pytest.raises(Refused):
        await _mail(smtp_url).send(LETTER)


async def test_a_full_mailbox_is_tried_again(smtp_url: str, mail_server: MailServer) -> None:
    mail_server.answer_to_recipient = "452 Mailbox full"
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        await _mail(smtp_url).send(LETTER)


async def test_a_server_that_is_down_is_tried_again_and_told_by_the_doctor() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(OSError, match="connect"):
        await _mail(url).send(LETTER)
    with pytest.raises(SettingError, match="SMTP_URL"):
        await _mail(url).check()


@pytest.mark.parametrize(
    ("url", "port", "use_tls", "start_tls"),
    [
        ("smtp://mail.clinic.example", 587, False, True),
        ("smtp://mail.clinic.example:25", 25, False, True),
        ("smtps://mail.clinic.example", 465, True, False),
        ("smtp://127.0.0.1:1025", 1025, False, False),
    ],
)
async def test_nothing_leaves_this_machine_in_the_clear(
    monkeypatch: pytest.MonkeyPatch, url: str, port: int, use_tls: bool, start_tls: bool
) -> None:
    asked: dict[str, object] = {}

    async def send(message: object, **options: object) -> None:
        asked.update(options)

    monkeypatch.setattr(aiosmtplib, "send", send)
    await _mail(url).send(LETTER)
    assert (asked["port"], asked["use_tls"], asked["start_tls"]) == (port, use_tls, start_tls)


async def test_a_server_without_tls_elsewhere_gets_nothing(
    smtp_url: str, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.mail.LOOPBACK", frozenset())
    with pytest.raises(aiosmtplib.SMTPException):
        await _mail(smtp_url, SMTP_USER=USER, SMTP_PASSWORD=PASSWORD).send(LETTER)
    assert mail_server.taken == []
