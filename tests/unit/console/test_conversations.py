from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.booking import BookingRequest, Status, VisitTime, staff
from bot.console import Desk
from bot.console.conversations import filter_of
from bot.outbox import Outgoing
from bot.review.desk import copier_of
from bot.settings import ROOT
from bot.staff.roles import Role
from bot.storage.inbox import Understood
from bot.storage.outbox import keep_letter
from bot.storage.turns import TurnFilter
from bot.storage.types import utc_now
from console.conftest import SignedIn
from console.desk import text_of

LIST = "/console/conversations"
ZONE = ZoneInfo("America/Edmonton")
SECRET = "780-555-0199"


class Patients:
    """Patients who talk, and copies that are made."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.number = 0
        services = desk.services
        self.copier = copier_of(services.database, services.profile, ROOT / "domain.yml")

    async def say(
        self,
        text: str,
        reply: str = "Little.",
        who: str = "web:a",
        how: Understood | None = None,
        **more: Any,
    ) -> int:
        self.number += 1
        inbox = self.desk.services.inbox
        row = await inbox.take(who.split(":", maxsplit=1)[0], who, f"m{self.number}", text)
        understood = how or Understood("answer", "faq/does_it_hurt", 0.93)
        message = {"text": reply, "answer_ids": ["faq/does_it_hurt"], "choices": [], "source": ""}
        await inbox.finish(row.id, [{**message, **more}], understood)
        await self.copier.run_once()
        return row.id


@pytest.fixture
def patients(desk: Desk) -> Patients:
    return Patients(desk)


async def test_each_conversation_stands_once_by_its_newest_message(
    as_role: SignedIn, patients: Patients
) -> None:
    await patients.say("does it hurt")
    await patients.say(f"ok, call {SECRET}")
    await patients.say("how much", who="sms:+17805550177")
    page = (await (await as_role(Role.REVIEWER)).open(LIST)).body.decode()
    assert page.count('class="cover"') == 2
    assert "ok, call [phone]" in page
    assert SECRET not in page
    # The name of a text message's conversation is a phone number.
    assert "5550177" not in page


async def test_a_conversation_is_shown_as_the_patient_saw_it(
    as_role: SignedIn, desk: Desk, patients: Patients
) -> None:
    booking = await desk.services.bookings.request(
        BookingRequest("Zuri", "back", "friday", "first", True, SECRET), "one", "web:a", "web"
    )
    number = await patients.say(
        "does it hurt? zuri here",
        f"Little. We call {SECRET}.",
        choices=[{"title": "How long?", "text": "how long"}],
        source="The clinic's article",
    )
    moved = VisitTime(utc_now() + timedelta(days=9), 45)
    await desk.services.bookings.move(booking.reference, Status.CONFIRMED, staff("Lee"), time=moved)
    letter = Outgoing("k", "web", "web:a", "staff_message", f"Zuri, we rang {SECRET} twice.")
    async with desk.services.database.begin() as connection:
        await keep_letter(connection, letter, utc_now())
    page = await (await as_role(Role.REVIEWER)).open(f"{LIST}/{number}")
    text = text_of(page)
    order = ["does it hurt? [name] here", "Little. We call [phone].", "How long?"]
    order += ["Source: The clinic's article", "confirmed", "[name], we rang [phone] twice."]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "93 % sure" in text
    for secret in (SECRET, "zuri", "Zuri"):
        assert secret not in text
    assert "Uncover" not in text


async def test_uncovering_needs_a_reason_and_is_noted(
    as_role: SignedIn, desk: Desk, patients: Patients
) -> None:
    number = await patients.say(f"call {SECRET}")
    page = f"{LIST}/{number}"
    browser = await as_role(Role.FRONT_DESK)
    refused = await browser.post(f"{page}/reveal", {}, page=page)
    assert refused.status == 400
    assert SECRET not in refused.body.decode()
    assert await desk.office.audit.page(5, action="conversation_revealed") == []
    shown = await browser.post(f"{page}/reveal", {"reason": "contact"}, page=page)
    assert f"call {SECRET}" in text_of(shown)
    assert shown.headers["cache-control"] == "no-store"
    (entry,) = await desk.office.audit.page(5, action="conversation_revealed")
    assert (entry.actor, entry.subject) == ("Front desk Example", str(number))
    assert entry.detail == {"reason": "contact"}
    assert SECRET not in text_of(await browser.open(page))


async def test_without_the_note_nothing_is_uncovered(
    as_role: SignedIn, patients: Patients, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.storage.audit import AuditLog
    from bot.storage.database import DatabaseUnavailable

    number = await patients.say(f"call {SECRET}")
    browser = await as_role(Role.FRONT_DESK)
    token = await browser.token(f"{LIST}/{number}")

    async def broken(*_args: object) -> None:
        raise DatabaseUnavailable("down")

    monkeypatch.setattr(AuditLog, "add", broken)
    answer = await browser.post(f"{LIST}/{number}/reveal", {"csrf": token, "reason": "contact"})
    assert answer.status == 503
    assert SECRET not in answer.body.decode()


async def test_reading_is_noted_up_to_what_was_seen(as_role: SignedIn, patients: Patients) -> None:
    first = await patients.say("does it hurt")
    browser = await as_role(Role.REVIEWER)
    page = f"{LIST}/{first}"
    token = await browser.token(page)
    later = await patients.say("and how long")
    await browser.post(f"{page}/read", {"csrf": token, "up_to": str(first)})
    unread = (await browser.open(f"{LIST}?read=no")).body.decode()
    assert re.findall(r'href="/console/conversations/(\d+)#', unread) == [str(later)]
    await browser.post(f"{page}/read", {"up_to": str(later)}, page=page)
    assert "Nothing matches" in text_of(await browser.open(f"{LIST}?read=no"))
    assert "Mark as read" not in text_of(await browser.open(page))


async def test_the_list_is_searched_and_filtered(as_role: SignedIn, patients: Patients) -> None:
    low = Understood("decline", "clinic/fees", 0.2)
    hurts = await patients.say("does it hurt")
    declined = await patients.say("blue cheese", who="web:b", how=low)
    browser = await as_role(Role.REVIEWER)
    for query, found in (
        ("q=hurt", [hurts]),
        ("q=CHEE", [declined]),
        ("outcome=decline", [declined]),
        ("sure=1", [declined]),
        ("sure=3", [hurts]),
        ("answer=faq/does_it_hurt", [declined, hurts]),
        ("answer=nothing", []),
        ("channel=sms", []),
        ("from=2099-01-01", []),
        ("to=2001-01-01", []),
        ("from=2001-01-01&to=2099-01-01&q=it", [hurts]),
        ("q=%22", []),
    ):
        page = (await browser.open(f"{LIST}?{query}")).body.decode()
        numbers = re.findall(r'href="/console/conversations/(\d+)#', page)
        assert numbers == [str(number) for number in found], query


def test_what_makes_no_sense_in_the_address_is_left_out() -> None:
    query = {"channel": "fax", "outcome": "x", "sure": "9", "read": "maybe", "from": "soon"}
    assert filter_of({**query, "to": "9999-12-31"}, ZONE) == TurnFilter()
    days = filter_of({"from": "2026-11-01", "to": "2026-11-01"}, ZONE)
    assert days.start
    assert days.end
    # The clocks went back that day.
    utc = ZoneInfo("UTC")
    assert days.end.astimezone(utc) - days.start.astimezone(utc) == timedelta(hours=25)


async def test_a_long_conversation_has_pages(as_role: SignedIn, patients: Patients) -> None:
    for number in range(65):
        await patients.say(f"message {number}.")
    browser = await as_role(Role.REVIEWER)
    text = text_of(page := await browser.open(f"{LIST}/65"))
    assert "message 64." in text
    assert "message 4." not in text
    older = re.search(r'rel="next" href="([^"]+)"', page.body.decode())
    assert older
    assert "message 4." in text_of(await browser.open(older[1].replace("&amp;", "&")))


@pytest.mark.parametrize("path", ["/4711", "/0", "/4711/reveal", "/4711/read"])
async def test_an_unknown_conversation_is_not_found(as_role: SignedIn, path: str) -> None:
    browser = await as_role(Role.ADMIN)
    token = await browser.token("/console/account")
    fields = {"csrf": token, "reason": "contact"}
    is_page = path.count("/") == 1
    answer = await (browser.get(LIST + path) if is_page else browser.post(LIST + path, fields))
    assert answer.status == 404


async def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(
    as_role: SignedIn, desk: Desk
) -> None:
    browser = await as_role(Role.REVIEWER)
    touched: list[int] = []

    async def touch(session_id: int, _now: object) -> None:
        touched.append(session_id)

    desk.office.sessions.touch = touch  # type: ignore[method-assign, assignment]
    desk.office.door._clock = lambda: utc_now() + timedelta(minutes=5)
    assert (await browser.get(LIST, x_console_refresh="1")).status == 200
    assert touched == []
    assert (await browser.get(LIST)).status == 200
    assert len(touched) == 1
