from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fakes.desk import Desk
from fakes.provider_api import Ordered
from fakes.webhooks import signed_form, sms_fields
from sqlalchemy import select
from web_client import Answer

from bot.storage.link_tables import phone_codes
from bot.storage.tables import outbox

PHONE = "+17805550134"
ASK, CONFIRM = "/webhooks/web/continue", "/webhooks/web/continue/confirm"
Post = Callable[[str, Any], Awaitable[Answer]]


@pytest.fixture
async def post(desk: Desk) -> Post:
    """Posts in the session of one patient."""
    session = (await desk.client.post("/webhooks/web/session", b"{}")).json["session"]
    headers = {"authorization": f"Bearer {session}"}
    return lambda path, body: desk.client.post(path, body, **headers)


async def _code(desk: Desk) -> str:
    await desk.settled()
    return desk.api.texts_to(PHONE)[-1][:6]


async def test_the_session_and_the_history_tell_that_it_can(desk: Desk) -> None:
    opened = (await desk.client.post("/webhooks/web/session", b"{}")).json
    assert opened["continue_by_text"] is True
    headers = {"authorization": f"Bearer {opened['session']}"}
    history = await desk.client.get("/webhooks/web/history", **headers)
    assert history.json == {"messages": [], "continue_by_text": True}


async def test_the_phone_is_proved_by_the_code_it_got(desk: Desk, post: Post) -> None:
    asked = await post(ASK, {"phone": "(780) 555-0134"})
    assert asked.status == 200
    assert set(asked.json) == {"phone", "expires_at"}
    assert asked.json["phone"] == "780-555-0134"
    code = await _code(desk)
    (text,) = desk.api.texts_to(PHONE)
    assert len(text) <= 160 and "Nobody from the clinic will ask you for it" in text
    linked = await post(CONFIRM, {"code": f"{code[:3]}-{code[3:]}"})
    assert (linked.status, linked.json["linked"]) == (200, True)
    await desk.settled()
    assert desk.api.texts_to(PHONE)[1].startswith("Your phone is confirmed")
    # The first text had the notice; the first reply does not repeat it.
    body, signed = signed_form(
        "https://faq.clinic.example/webhooks/sms", sms_fields(PHONE, "does it hurt", "SM1")
    )
    await desk.call("POST", "/webhooks/sms", body, signed)
    await desk.settled()
    assert "STOP to end" in desk.api.texts_to(PHONE)[1]
    assert "STOP to end" not in desk.api.texts_to(PHONE)[2]


@pytest.mark.parametrize("path", [ASK, CONFIRM])
@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"[]", b"null", b"\xff\xfe", b"{", b"{}", b'{"phone": 1, "code": 1}'),
        *(b'{"phone": "", "code": " "}', b'{"phone": null, "code": []}'),
        json.dumps({"phone": "7" * 65, "code": "7" * 33}).encode(),
    ],
)
async def test_garbage_is_refused_in_the_one_form(
    desk: Desk, post: Post, path: str, body: bytes
) -> None:
    answer = await post(path, body)
    assert (answer.status, answer.json["error"]["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    "typed", ["\ud800", "\0", "😀" * 30, "+", "٧٨٠٥٥٥٠١٣٤", "tel:+1-780-555-0134;x", "911", "'; --"]
)
async def test_no_words_are_a_fault_of_ours(desk: Desk, post: Post, typed: str) -> None:
    for path, name in ((ASK, "phone"), (CONFIRM, "code")):
        answer = await post(path, json.dumps({name: typed}).encode())
        assert answer.status in {200, 400, 409, 422}, (path, answer.body)


@pytest.mark.parametrize("path", [ASK, CONFIRM])
async def test_a_session_is_needed(desk: Desk, path: str) -> None:
    answer = await desk.client.post(path, {"phone": PHONE, "code": "123456"})
    assert (answer.status, answer.json["error"]["code"]) == (401, "bad_session")


async def test_who_said_stop_gets_no_code_and_the_answer_does_not_tell(
    desk: Desk, post: Post
) -> None:
    body, signed = signed_form(
        "https://faq.clinic.example/webhooks/sms", sms_fields(PHONE, "STOP", "SM1")
    )
    await desk.call("POST", "/webhooks/sms", body, signed)
    stopped = await post(ASK, {"phone": PHONE})
    other = await post(ASK, {"phone": "+17805550135"})
    assert stopped.status == other.status == 200
    assert set(stopped.json) == set(other.json)
    await desk.settled()
    assert desk.api.texts_to(PHONE) == []
    assert len(desk.api.texts_to("+17805550135")) == 1


async def test_a_code_that_cannot_be_delivered_is_nobodys_task(desk: Desk, post: Post) -> None:
    desk.api.orders.append(Ordered(400, {"code": 21614}))
    await post(ASK, {"phone": PHONE})
    await desk.settled()
    assert desk.api.texts_to(PHONE) == []
    assert await desk.parts.alerts.open_alerts() == []


async def test_a_code_that_is_tried_again_arrives_once(desk: Desk, post: Post) -> None:
    desk.api.orders.append(Ordered(503, {}))
    await post(ASK, {"phone": PHONE})
    code = await _code(desk)
    assert len(desk.api.texts_to(PHONE)) == 1
    assert (await post(CONFIRM, {"code": code})).status == 200


async def test_what_is_kept_shows_no_code(desk: Desk, post: Post) -> None:
    await post(ASK, {"phone": PHONE})
    code = await _code(desk)
    async with desk.parts.database.read() as connection:
        rows = [*await connection.execute(select(phone_codes))]
        rows += await connection.execute(select(outbox))
    assert rows
    # As a word: a mark of 64 digits may hold any six.
    assert code not in str([list(row._mapping.values()) for row in rows]).split("'")
    assert not [row for row in rows if code in str(row._mapping.get("body"))]


async def test_too_many_codes_say_when_to_try_again(desk: Desk, post: Post) -> None:
    for _ in range(3):
        assert (await post(ASK, {"phone": PHONE})).status == 200
    answer = await post(ASK, {"phone": PHONE})
    assert (answer.status, answer.json["error"]["code"]) == (429, "too_many_codes")
    assert 0 < int(answer.headers["retry-after"]) <= 3600


async def test_wrong_codes_are_told_apart_only_by_ones_own(desk: Desk, post: Post) -> None:
    assert (await post(CONFIRM, {"code": "123456"})).json["error"]["code"] == "no_code"
    await post(ASK, {"phone": PHONE})
    code = await _code(desk)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    answers = [(await post(CONFIRM, {"code": wrong})).json["error"]["code"] for _ in range(6)]
    assert answers == ["wrong_code"] * 4 + ["code_spent"] * 2
