from __future__ import annotations

import re

import pytest

from bot.booking import BookingRequest
from bot.console import Desk
from bot.staff.roles import Role
from console.conftest import SignedIn
from console.desk import text_of

REQUEST = BookingRequest(
    "Sam <b>Example</b>", "sciatica", "any friday", "first", True, "+17805550199"
)


async def test_the_gravest_stands_first(as_role: SignedIn, desk: Desk) -> None:
    alerts = desk.services.alerts
    await alerts.add("outbox", "undelivered", "booking_confirmed", "web:a")
    await alerts.add("opt_out", "maybe_cancel", "cancel", "sms:a")
    await alerts.add("something_new", "level", "a_sign", "web:a")
    await desk.services.handoffs.ask("web:a", "web")
    await alerts.add("booking", "cancelled", "B7K-3QD", "web:a")
    for level, sign in (("urgent", "fever"), ("crisis", "suicide"), ("emergency", "chest_pain")):
        await alerts.add("red_flag", level, sign, "web:b")
    await desk.services.bookings.request(REQUEST, "one", "web:a", "web")
    page = await (await as_role(Role.FRONT_DESK)).open("/console/")
    body = page.body.decode()
    order = ["911", "988", "811", "Waiting for a person", "New requests", "Changes by patients"]
    order += ["Cancelled B7K-3QD", "News of a request could not be delivered"]
    order += ["Wrote “cancel”: perhaps to cancel the visit", "Also new"]
    places = [body.index(words) for words in order]
    assert places == sorted(places)
    assert "<b>Example" not in body
    assert "(9) Today" in text_of(page)


@pytest.mark.parametrize(
    ("sign", "words"),
    [
        ("warning/30003", "A red-flag warning could not be delivered (the provider's error 30003)"),
        ("reply/unknown", "A reply of the assistant could not be delivered"),
        ("staff_message", "What a colleague wrote could not be delivered"),
        ("booking_reminder/30005", "A reminder of a visit could not be delivered (the"),
        ("something_new", "A message could not be delivered"),
    ],
)
async def test_what_was_not_delivered_is_told_in_plain_words(
    as_role: SignedIn, desk: Desk, sign: str, words: str
) -> None:
    await desk.services.alerts.add("outbox", "undelivered", sign, "sms:+17805550177")
    text = text_of(await (await as_role(Role.REVIEWER)).open("/console/"))
    assert words in text
    assert sign not in text


async def test_a_flag_has_its_plain_name(as_role: SignedIn, desk: Desk) -> None:
    sign = desk.services.gate.signs[0]
    await desk.services.alerts.add("red_flag", sign.level.value, sign.id, "web:a")
    assert sign.title in text_of(await (await as_role(Role.REVIEWER)).open("/console/"))


async def test_what_is_seen_is_gone_and_audited(as_role: SignedIn, desk: Desk) -> None:
    alert = await desk.services.alerts.add("red_flag", "urgent", "fever", "web:a")
    browser = await as_role(Role.FRONT_DESK)
    for _ in range(2):
        answer = await browser.post(f"/console/alerts/{alert.id}/seen", {}, page="/console/account")
        assert answer.headers["location"] == "/console/?done=seen"
    assert await desk.services.alerts.open_alerts() == []
    entries = await desk.office.audit.page(10, action="alert_seen")
    assert [(e.actor, e.subject) for e in entries] == [("Front desk Example", str(alert.id))]
    assert "Nothing needs attention." in text_of(await browser.open("/console/"))


async def test_a_reviewer_sees_flags_and_closes_none_and_reads_no_booking(
    as_role: SignedIn, desk: Desk
) -> None:
    await desk.services.alerts.add("red_flag", "urgent", "fever", "web:a")
    await desk.services.bookings.request(REQUEST, "one", "web:a", "web")
    body = (await (await as_role(Role.REVIEWER)).open("/console/")).body.decode()
    assert "811" in body
    assert "/seen" not in body
    assert "Sam" not in body
    assert "/console/bookings" not in body


async def test_an_alert_leads_to_its_conversation(as_role: SignedIn, desk: Desk) -> None:
    row = await desk.services.inbox.take("web", "web:a", "m1", "hello")
    last = await desk.services.inbox.take("web", "web:a", "m2", "fever")
    await desk.services.alerts.add("red_flag", "urgent", "fever", "web:a")
    await desk.services.alerts.add("red_flag", "urgent", "fever", "web:unknown")
    body = (await (await as_role(Role.FRONT_DESK)).open("/console/")).body.decode()
    assert re.findall(r'href="/console/conversations/(\d+)"', body) == [str(last.id)]
    assert row.id != last.id


async def test_many_requests_are_counted_and_the_newest_shown(
    as_role: SignedIn, desk: Desk
) -> None:
    for number in range(23):
        await desk.services.bookings.request(REQUEST, str(number), "web:a", "web")
    text = text_of(await (await as_role(Role.FRONT_DESK)).open("/console/"))
    assert "All 23 new requests" in text
    assert text.count("any friday") == 20
