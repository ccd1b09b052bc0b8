from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from fakes.copies import copied
from mail_server import MailServer
from sqlalchemy import text

from bot.booking import BookingRequest, BookingService, Status, VisitTime, staff
from bot.channels.mail import Mail
from bot.channels.web_sender import WebSender
from bot.figures.model import last_days
from bot.outbox import Letter, PostOffice, Refused, Sender, State
from bot.periodic import every, wait_for_call
from bot.services import Services, booking_service
from bot.settings import Settings
from bot.storage.bookings import BookingRepository
from bot.storage.day_figures import DayRepository
from bot.storage.inbox import InboxRepository
from bot.storage.live_requests import LiveRequests
from bot.storage.migrate import migrate
from bot.storage.review import ReviewRepository
from bot.storage.types import utc_now
from bot.undelivered import Undelivered
from bot.upkeep import upkeep

pytest_plugins = ["mail_server"]

OVER = BookingRequest("Sam", "back", "Friday 27 November 2020", "first", True, "+17805550199")
LONG_AGO = datetime(2020, 12, 4, 17, 0, tzinfo=timezone.utc)
TIME = VisitTime(datetime(2096, 12, 4, 17, 0, tzinfo=timezone.utc), 45)


@pytest.fixture
async def parts() -> AsyncIterator[Services]:
    built = Services.build(Settings.from_env({}), "sqlite://")
    await migrate(built.database)
    yield built
    await built.database.close()


async def _a_while(
    parts: Services, *senders: Sender, clock: Callable[[], datetime] = utc_now
) -> None:
    requests = LiveRequests(parts.database)
    on_dead = Undelivered(parts.alerts, requests, parts.outbox, has_sms=False)
    post = PostOffice(parts.outbox, senders, clock, on_dead)
    tasks = [asyncio.ensure_future(task()) for task in upkeep(parts, post)]
    await asyncio.sleep(0.3)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_running_server_encrypts_what_is_from_before(parts: Services) -> None:
    clear = {
        "channel": "web",
        "conversation_id": "web:a",
        "message_id": "m1",
        "text": "does it hurt?",
        "received_at": utc_now().isoformat(timespec="microseconds"),
        "status": "done",
    }
    insert = (
        "INSERT INTO inbox (channel, conversation_id, message_id, text, received_at, status) "
        "VALUES (:channel, :conversation_id, :message_id, :text, :received_at, :status)"
    )
    async with parts.database.begin() as connection:
        await connection.execute(text(insert), clear)
    await _a_while(parts)
    async with parts.database.read() as connection:
        kept = (await connection.execute(text("SELECT text FROM inbox"))).scalar_one()
    assert kept.startswith("sealed:1:")
    assert [row.text for row in await parts.inbox.history("web:a")] == ["does it hurt?"]


async def test_a_running_server_sends_letters_and_closes_what_is_over(parts: Services) -> None:
    over = await parts.bookings.request(OVER, "over", "web:a", "web")
    asked = replace(OVER, preferred="any time")
    live = await parts.bookings.request(asked, "live", "web:b", "web")
    await parts.bookings.move(live.reference, Status.CONFIRMED, staff("Kim"), time=TIME)
    await _a_while(parts, WebSender())
    assert (await parts.bookings.get(over.reference)).status is Status.EXPIRED
    (letter,) = await parts.outbox.of_conversation("web:b")
    assert letter.state is State.SENT


async def test_a_running_server_deletes_what_is_past_its_time(parts: Services) -> None:
    await InboxRepository(parts.database, lambda: LONG_AGO).take("web", "web:a", "m1", "hello")
    await parts.inbox.take("web", "web:b", "m1", "hello")
    await _a_while(parts)
    assert await parts.inbox.history("web:a") == []
    assert len(await parts.inbox.history("web:b")) == 1
    assert await parts.privacy.last_purge() is not None


async def test_a_running_server_counts_its_days(parts: Services) -> None:
    row = await parts.inbox.take("web", "web:a", "m1", "hello")
    await parts.inbox.finish(row.id, [{"text": "Hello."}])
    await ReviewRepository(parts.database).keep([copied("hello", inbox_id=row.id, at=utc_now())])
    await _a_while(parts)
    zone = parts.profile.timezone
    days = await DayRepository(parts.database, zone).since(last_days(utc_now().date())[0])
    assert sum(day["web"].messages for day in days.values() if "web" in day) == 1


async def test_staff_hear_of_a_letter_that_never_arrives(parts: Services) -> None:
    class Closed(WebSender):
        async def send(self, letter: Letter) -> None:
            raise Refused("No such patient.")

    asked = replace(OVER, preferred="any time")
    live = await parts.bookings.request(asked, "live", "web:b", "web")
    await parts.bookings.move(live.reference, Status.DECLINED, staff("Kim"))
    await _a_while(parts, Closed())
    (alert,) = await parts.alerts.open_alerts()
    assert (alert.kind, alert.sign) == ("outbox", "booking_declined")


async def test_staff_get_an_email_of_a_new_request_though_the_mail_server_was_down(
    parts: Services, smtp_url: str, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outbox.dispatcher.FIRST_WAIT", timedelta(seconds=0.1))
    settings = Settings.from_env(
        {
            "SMTP_URL": smtp_url,
            "MAIL_FROM": "assistant@clinic.example",
            "STAFF_EMAIL": "desk@clinic.example",
        }
    )
    bookings = booking_service(BookingRepository(parts.database), parts.profile, settings)
    booking = await bookings.request(OVER, "key", "web:c", "web")
    mail = Mail.of(settings)
    assert mail is not None
    await _a_while(parts, replace(mail, url="smtp://127.0.0.1:1"))
    (letter,) = await parts.outbox.of_conversation("staff")
    assert (letter.state, mail_server.taken) == (State.FAILED, [])
    await _a_while(parts, mail)
    assert mail_server.taken[0]["subject"] == f"New request {booking.reference}"
    (letter, *_) = await parts.outbox.of_conversation("staff")
    assert letter.state is State.SENT


@pytest.mark.parametrize("channels", [("web",), ("web", "sms")])
async def test_reminders_are_kept_once_somebody_can_send_them(
    parts: Services, monkeypatch: pytest.MonkeyPatch, channels: tuple[str, ...]
) -> None:
    sent: list[Letter] = []

    class Texts(WebSender):
        channel = "sms"

        async def send(self, letter: Letter) -> None:
            sent.append(letter)

    now = datetime(2026, 12, 3, 18, 0, tzinfo=timezone.utc)
    monkeypatch.setattr("bot.upkeep.utc_now", lambda: now)
    asked = replace(OVER, preferred="any time", contact_consent="text")
    repository = BookingRepository(parts.database)
    bookings = BookingService(repository, lambda: now - timedelta(days=5))
    visit = await bookings.request(asked, "key", "web:a", "web")
    time = VisitTime(now + timedelta(hours=23), 45)
    await bookings.move(visit.reference, Status.CONFIRMED, staff("Kim"), time=time)
    monkeypatch.setattr("bot.outbox.office.LOOK_SECONDS", 0.05)
    senders = [WebSender()] + [Texts()] * ("sms" in channels)
    await _a_while(parts, *senders, clock=lambda: now)
    assert [letter.kind for letter in sent] == ["booking_reminder"] * ("sms" in channels)
    kept = await parts.outbox.of_conversation("web:a")
    assert len(kept) == len(sent)


async def test_work_that_fails_is_done_again_and_not_quoted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[int] = []

    async def work() -> None:
        done.append(len(done))
        if len(done) < 3:
            raise ValueError("my private words")

    task = asyncio.ensure_future(every(0.001, work))
    with caplog.at_level(logging.ERROR, "bot.periodic"):
        while len(done) < 4:
            await asyncio.sleep(0.001)
    task.cancel()
    assert len(caplog.records) == 2
    assert "private" not in caplog.text


async def test_a_stop_waits_for_the_work_in_hand() -> None:
    begun, done = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await asyncio.sleep(0.05)
        done.set()

    task = asyncio.ensure_future(every(60, work))
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (task.cancelled(), done.is_set()) == (True, True)


async def test_a_stop_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.periodic.GRACE_SECONDS", 0.01)
    begun = asyncio.Event()

    async def hangs() -> None:
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.ensure_future(every(60, hangs))
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert all(other is asyncio.current_task() for other in asyncio.all_tasks())


@pytest.mark.parametrize("steps", range(3))
async def test_a_cancellation_at_the_moment_of_a_call_is_not_swallowed(steps: int) -> None:
    call = asyncio.Event()

    async def waits() -> None:
        while True:
            call.clear()
            await wait_for_call(call, 60)

    task = asyncio.ensure_future(waits())
    await asyncio.sleep(0.01)
    call.set()
    # The call is heard step by step; at none of them may a cancellation be lost.
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=5)
    assert done == {task}
