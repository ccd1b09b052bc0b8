from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from fakes.desk import Desk
from fakes.provider_api import Ordered
from fakes.webhooks import (
    APP_SECRET,
    PAGE_TOKEN,
    VERIFY_TOKEN,
    batch_of,
    messenger_event,
    signed_json,
)
from web_client import Answer

from bot.booking import BookingRequest
from bot.outbox import Outgoing, State
from bot.storage.types import utc_now

PATH = "/webhooks/messenger"
PSID = "24601"
CONVERSATION = f"messenger:{PSID}"
ASKED = BookingRequest(
    "Sam", "back", "any time", "first", True, "+17805550134", contact_consent="text"
)


async def _deliver(desk: Desk, batch: object) -> Answer:
    body, headers = signed_json(batch)
    return await desk.call("POST", PATH, body, headers)


async def _say(desk: Desk, *events: dict[str, Any]) -> list[str]:
    assert (await _deliver(desk, batch_of(*events))).status == 200
    await desk.settled()
    return desk.api.texts_to(PSID)


def _message(**parts: Any) -> dict[str, Any]:
    event = messenger_event(PSID, "", "m1")
    event["message"] = {"mid": "m1", **parts}
    return event


def _handshake(mode: str = "subscribe", token: str = VERIFY_TOKEN) -> str:
    return f"hub.mode={mode}&hub.verify_token={token}&hub.challenge=1158201444"


async def _shake(desk: Desk, query: str) -> Answer:
    return await desk.client.call("GET", PATH, query=query)


async def test_the_handshake_gives_the_challenge_back(desk: Desk) -> None:
    answer = await _shake(desk, _handshake())
    assert (answer.status, answer.body) == (200, b"1158201444")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "hub.mode=subscribe",
        _handshake(token="wrong"),
        _handshake(token="%C3%A9"),
        _handshake("x"),
    ],
)
async def test_without_the_word_there_is_no_handshake(desk: Desk, query: str) -> None:
    assert (await _shake(desk, query)).status == 403


async def test_every_event_of_a_batch_is_answered(desk: Desk) -> None:
    events = [messenger_event(f"10{n}", f"number {n}", f"m{n}") for n in range(10)]
    assert (await _deliver(desk, batch_of(*events, entries=3))).status == 200
    await desk.settled()
    for number in range(10):
        assert desk.api.texts_to(f"10{number}")[0].startswith(f"You said: number {number}")


async def test_a_reply_leaves_through_the_send_api(desk: Desk) -> None:
    desk.rasa.offers = True
    await _say(desk, messenger_event(PSID, "hm", "m1"))
    (sent,) = desk.api.sent
    assert sent.path == "/v26.0/me/messages"
    assert sent.auth == PAGE_TOKEN
    assert sent.request["messaging_type"] == "RESPONSE"
    titles = [one["title"] for one in sent.request["message"]["quick_replies"]]
    assert titles == ["Opening hours", "Fees and payment"]
    assert [one["sender_action"] for one in desk.api.actions] == ["mark_seen", "typing_on"]


async def test_a_message_and_its_twin_in_one_batch_are_one(desk: Desk) -> None:
    event = messenger_event(PSID, "does it hurt", "m1")
    assert len(await _say(desk, event, event)) == 1


async def test_echoes_and_reads_are_taken_and_left_alone(desk: Desk) -> None:
    read = {"sender": {"id": PSID}, "read": {"watermark": 1}}
    assert await _say(desk, _message(text="ours", is_echo=True), read) == []


async def test_what_is_no_page_is_taken_and_left_alone(desk: Desk) -> None:
    batch = {**batch_of(messenger_event(PSID, "hi", "m1")), "object": "instagram"}
    assert (await _deliver(desk, batch)).status == 200
    await desk.settled()
    assert desk.api.sent == []


async def test_a_voice_note_is_answered_plainly(desk: Desk) -> None:
    told = await _say(desk, _message(attachments=[{"type": "audio", "payload": {}}]))
    assert told[0].startswith("Sorry, I cannot see pictures")


async def test_a_choice_says_what_it_stands_for(desk: Desk) -> None:
    await _say(desk, _message(text="Another time", quick_reply={"payload": "change B7K-3QD"}))
    assert desk.rasa.heard[0][2] == "change B7K-3QD"


async def test_whoever_only_opens_the_chat_is_greeted(desk: Desk) -> None:
    event = {"sender": {"id": PSID}, "postback": {"mid": "m", "payload": "GET_STARTED"}}
    await _say(desk, event)
    assert desk.rasa.heard[0][2] == desk.parts.library.title("smalltalk/greet")


async def test_the_old_signature_alone_counts_for_nothing(desk: Desk) -> None:
    body, headers = signed_json(batch_of(messenger_event(PSID, "hi", "m1")))
    del headers["x-hub-signature-256"]
    assert (await desk.call("POST", PATH, body, headers)).status == 403


async def test_another_apps_signature_is_refused(desk: Desk) -> None:
    body, headers = signed_json(batch_of(), secret=APP_SECRET[::-1])
    assert (await desk.call("POST", PATH, body, headers)).status == 403


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, {"code": 2}), (400, {"code": 613}), (401, {"code": 190}), (500, {}), (429, {})],
)
async def test_what_may_pass_is_tried_again(desk: Desk, status: int, error: dict[str, Any]) -> None:
    desk.api.orders.append(Ordered(status, {"error": error}))
    assert len(await _say(desk, messenger_event(PSID, "does it hurt", "m1"))) == 1


@pytest.mark.parametrize("code", [100, 200, 551])
async def test_what_stays_so_is_put_before_staff(desk: Desk, code: int) -> None:
    desk.api.orders.append(Ordered(400, {"error": {"code": code}}))
    assert await _say(desk, messenger_event(PSID, "does it hurt", "m1")) == []
    (alert,) = await desk.parts.alerts.open_alerts()
    assert (alert.kind, alert.level) == ("outbox", "undelivered")


async def _later(desk: Desk, monkeypatch: pytest.MonkeyPatch, **lapse: int) -> None:
    def later() -> datetime:
        return utc_now() + timedelta(**lapse)

    (sender,) = (one for one in desk.providers.senders if one.channel == "messenger")
    monkeypatch.setattr(sender, "_clock", later)


async def _a_day_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await _later(desk, monkeypatch, hours=24)


async def test_a_day_later_nothing_is_sent_and_staff_hear_of_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _say(desk, messenger_event(PSID, "does it hurt", "m1"))
    await _a_day_later(desk, monkeypatch)
    await desk.parts.outbox.add(
        Outgoing("confirmed", "messenger", CONVERSATION, "booking_confirmed", "See you at 10:00.")
    )
    desk.post.call("messenger")
    await desk.settled()
    letter = (await desk.parts.outbox.of_conversation(CONVERSATION))[-1]
    assert (letter.state, letter.fault) == (State.DEAD, "window_closed")
    assert [one.sign for one in await desk.parts.alerts.open_alerts()] == ["booking_confirmed"]


async def test_a_day_later_it_goes_by_text_where_the_patient_agreed_to_that(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _say(desk, messenger_event(PSID, "does it hurt", "m1"))
    await desk.parts.bookings.request(ASKED, "key", CONVERSATION, "messenger")
    await _a_day_later(desk, monkeypatch)
    await desk.parts.outbox.add(
        Outgoing("confirmed", "messenger", CONVERSATION, "booking_confirmed", "See you at 10:00.")
    )
    desk.post.call("messenger")
    await desk.settled()
    assert desk.api.texts_to("+17805550134") == ["See you at 10:00."]
    assert await desk.parts.alerts.open_alerts() == []


async def _written_by_a_person(desk: Desk) -> None:
    handoff = await desk.parts.handoffs.of_conversation(CONVERSATION)
    if handoff is None:
        handoff = await desk.parts.handoffs.step_in(CONVERSATION, "messenger", "Kim")
        await desk.settled()
    await desk.parts.handoffs.reply(handoff.id, "Kim", "Yes, on Monday.", "form")
    desk.post.call("messenger")
    await desk.settled()


async def test_a_person_may_answer_within_a_week_and_meta_is_told_that_it_is_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _say(desk, messenger_event(PSID, "does it hurt", "m1"))
    await desk.parts.handoffs.step_in(CONVERSATION, "messenger", "Kim")
    await desk.settled()
    await _later(desk, monkeypatch, days=6)
    await _written_by_a_person(desk)
    sent = desk.api.sent[-1]
    assert sent.text.endswith("Yes, on Monday.")
    assert (sent.request["messaging_type"], sent.request["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


async def test_within_a_day_a_persons_answer_is_like_any(desk: Desk) -> None:
    await _say(desk, messenger_event(PSID, "does it hurt", "m1"))
    await _written_by_a_person(desk)
    assert desk.api.sent[-1].request["messaging_type"] == "RESPONSE"
    assert "tag" not in desk.api.sent[-1].request


@pytest.mark.parametrize(("days", "code"), [(8, None), (2, 10), (2, 100), (2, 200)])
async def test_where_meta_lets_no_person_answer_staff_hear_of_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, days: int, code: int | None
) -> None:
    await _say(desk, messenger_event(PSID, "does it hurt", "m1"))
    await desk.parts.handoffs.step_in(CONVERSATION, "messenger", "Kim")
    await desk.settled()
    await _later(desk, monkeypatch, days=days)
    if code is not None:
        desk.api.orders.append(Ordered(400, {"error": {"code": code}}))
    await _written_by_a_person(desk)
    letter = (await desk.parts.outbox.of_conversation(CONVERSATION))[-1]
    assert (letter.state, letter.fault) == (State.DEAD, "window_closed")
    assert [one.sign for one in await desk.parts.alerts.open_alerts()] == ["staff_message"]
