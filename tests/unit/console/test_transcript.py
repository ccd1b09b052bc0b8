from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.booking import BookingRequest
from bot.channels.letters import SmsLetters
from bot.console import Desk
from bot.console.transcript import fates_of
from bot.handoff.words import STAFF_MESSAGE, detail_of_person
from bot.outbox import Letter, Outgoing, State, reply_key
from bot.review.desk import copier_of
from bot.settings import ROOT
from bot.staff.roles import Role
from bot.storage.deliveries import DeliveryRepository
from bot.storage.inbox import Understood
from bot.storage.outbox import keep_letter, withdraw_letters
from bot.storage.types import utc_now
from console.conftest import SignedIn
from console.desk import text_of

LIST = "/console/conversations"
PHONE = "+17805550177"
TEXTER = f"sms:{PHONE}"


async def _told(desk: Desk, text: str, reply: str, who: str = TEXTER) -> int:
    """A message that is answered by text message, as the channel does it."""
    services = desk.services
    row = await services.inbox.take(who.partition(":")[0], who, f"m{utc_now()}", text)
    message: dict[str, Any] = {"text": reply, "answer_ids": [], "choices": [], "source": ""}
    await services.inbox.finish(row.id, [message], Understood("answer", None, 0.9))
    for letter in SmsLetters("")(row, [message], False):
        await _keep(desk, letter)
    await copier_of(services.database, services.profile, ROOT / "domain.yml").run_once()
    return row.id


async def _keep(desk: Desk, letter: Outgoing, at: datetime | None = None) -> None:
    async with desk.services.database.begin() as connection:
        await keep_letter(connection, letter, at or utc_now())


async def _settle(desk: Desk, state: State) -> None:
    for letter in await desk.services.outbox.of_conversation(TEXTER):
        await desk.services.outbox.settle(letter.id, state, utc_now())


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.PENDING, "being sent"),
        (State.DEAD, "could not be delivered"),
        (State.SENT, ""),
    ],
)
async def test_a_reply_by_text_message_stands_once_with_how_far_it_has_come(
    as_role: SignedIn, desk: Desk, state: State, words: str
) -> None:
    number = await _told(desk, "does it hurt", "Most people feel little.")
    await _settle(desk, state)
    browser = await as_role(Role.FRONT_DESK)
    page = f"{LIST}/{number}"
    covered = text_of(await browser.open(page))
    revealed = text_of(await browser.post(f"{page}/reveal", {"reason": "contact"}, page=page))
    for text in (covered, revealed):
        assert text.count("Most people feel little.") == 1
        for known in ("being sent", "could not be delivered"):
            assert (known in text) is (known == words)


async def test_a_reply_that_the_provider_took_and_lost_was_not_delivered(
    as_role: SignedIn, desk: Desk
) -> None:
    number = await _told(desk, "does it hurt", "Most people feel little.")
    (letter,) = await desk.services.outbox.of_conversation(TEXTER)
    await desk.services.outbox.settle(letter.id, State.SENT, utc_now(), provider_id="SM1")
    reports = DeliveryRepository(desk.services.database)
    browser = await as_role(Role.FRONT_DESK)
    for status, is_lost in (("sent", False), ("undelivered", True)):
        await reports.add("SM1", status, None)
        text = text_of(await browser.open(f"{LIST}/{number}"))
        assert ("could not be delivered" in text) is is_lost


async def test_the_phone_of_who_texts_is_told_to_who_uncovers(
    as_role: SignedIn, desk: Desk
) -> None:
    number = await _told(desk, "i have chest pain", "Please call 911 now.")
    browser = await as_role(Role.FRONT_DESK)
    page = f"{LIST}/{number}"
    assert PHONE not in (await browser.open(page)).body.decode()
    shown = await browser.post(f"{page}/reveal", {"reason": "contact"}, page=page)
    assert f'<a href="tel:{PHONE}">' in shown.body.decode()
    web = await _told(desk, "hello", "Hi.", who="web:a")
    page = f"{LIST}/{web}"
    shown = await browser.post(f"{page}/reveal", {"reason": "contact"}, page=page)
    assert "writes from" not in text_of(shown)


async def test_colleagues_see_who_wrote_and_by_which_way(as_role: SignedIn, desk: Desk) -> None:
    number = await _told(desk, "hello", "Hi.", who="web:a")
    to, detail = ("web:a", STAFF_MESSAGE, "Come at ten."), detail_of_person("Kim Example")
    await _keep(desk, Outgoing("one", "web", *to, detail))
    await _keep(desk, Outgoing("two", "email", "web:a", "booking_confirmed", "It is on."))
    text = text_of(await (await as_role(Role.REVIEWER)).open(f"{LIST}/{number}"))
    assert "Clinic, written by Kim Example ·" in text
    assert "Clinic, by email ·" in text


async def test_what_was_taken_back_before_it_left_is_not_shown(
    as_role: SignedIn, desk: Desk
) -> None:
    number = await _told(desk, "hello", "Hi.", who="web:a")
    await _keep(desk, Outgoing("reminder/1", "sms", "web:a", "booking_reminder", "Until friday."))
    async with desk.services.database.begin() as connection:
        await withdraw_letters(connection, "reminder/")
    text = text_of(await (await as_role(Role.REVIEWER)).open(f"{LIST}/{number}"))
    assert "Until friday." not in text


async def test_each_part_of_a_long_conversation_has_its_own_letters(
    as_role: SignedIn, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.console.conversations.SHOWN", 2)
    numbers = []
    for count in range(4):
        numbers.append(await _told(desk, f"message {count}.", f"reply {count}.", who="web:a"))
        await _keep(desk, Outgoing(f"k{count}", "web", "web:a", "told", f"letter {count}."))
    browser = await as_role(Role.FRONT_DESK)
    newest, older = f"{LIST}/{numbers[-1]}", f"{LIST}/{numbers[-1]}?before={numbers[2]}"
    reason = {"reason": "contact"}
    later = {**reason, "before": str(numbers[2])}
    for text, seen in (
        (text_of(await browser.open(newest)), (2, 3)),
        (text_of(await browser.open(older)), (0, 1)),
        (text_of(await browser.post(f"{newest}/reveal", reason, page=newest)), (2, 3)),
        (text_of(await browser.post(f"{newest}/reveal", later, page=newest)), (0, 1)),
    ):
        for count in range(4):
            for kind in ("message", "reply", "letter"):
                assert (f"{kind} {count}." in text) is (count in seen), (kind, count, seen)
    assert f'name="before" value="{numbers[2]}"' in (await browser.open(older)).body.decode()


async def test_from_a_conversation_to_its_requests(as_role: SignedIn, desk: Desk) -> None:
    number = await _told(desk, "hello", "Hi.", who="web:a")
    asked = BookingRequest("Robin", "back", "friday", "first", True, "780-555-0199")
    booking = await desk.services.bookings.request(asked, "one", "web:a", "web")
    link = f'href="/console/bookings/{booking.reference}"'
    page = f"{LIST}/{number}"
    assert link in (await (await as_role(Role.FRONT_DESK)).open(page)).body.decode()
    reviewers = (await (await as_role(Role.REVIEWER)).open(page)).body.decode()
    assert booking.reference not in reviewers


def test_a_reply_that_went_another_way_arrived() -> None:
    def letter(key: str, state: State) -> Letter:
        now = utc_now()
        return Letter(
            key, "messenger", "messenger:1", "reply", "Hi.",
            id=1, state=state, attempts=1, created_at=now, next_at=now,
        )  # fmt: skip

    lost = letter(reply_key(7, 1), State.DEAD)
    by_text = letter(f"{reply_key(7, 1)}/sms", State.SENT)
    assert fates_of([lost, by_text]) == {7: "sent"}
    assert fates_of([lost, letter(reply_key(7, 2), State.SENT)]) == {7: "dead"}
    assert fates_of([lost, letter(reply_key(8, 1), State.FAILED)]) == {7: "dead", 8: "pending"}
    assert fates_of([letter("handoff/7/x", State.SENT)]) == {}
