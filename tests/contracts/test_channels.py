"""What every channel must do, whoever the patient reaches us through."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fakes.desk import PUBLIC_URL, Desk, open_desk
from fakes.lines import Line, MessengerLine, SmsLine, line_of
from fakes.webhooks import signed_form, sms_fields
from storage.databases import postgres

from bot.storage.migrate import migrate

FLAGGED = "i have crushing chest pain"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    await migrate(url)
    async with open_desk(url, RATE_LIMIT="8/minute") as opened:
        yield opened


@pytest.fixture(params=["web", "sms", "messenger"])
async def line(request: pytest.FixtureRequest, desk: Desk) -> Line:
    return await line_of(request.param, desk)


def _forgery(name: str) -> dict[str, str]:
    return {
        "web": {"authorization": "Bearer forged.forged.forged"},
        "sms": {"x-twilio-signature": "Zm9yZ2VkZm9yZ2VkZm9yZ2VkZm8="},
        "messenger": {"x-hub-signature-256": "sha256=" + "0" * 64},
    }[name]


async def test_a_message_is_answered(desk: Desk, line: Line) -> None:
    assert (await line.send("does it hurt 疼 😀", "m1")).status == 200
    told = await line.heard()
    assert told[0].startswith("You said: does it hurt 疼 😀")
    assert [(channel, text) for _, channel, text in desk.rasa.heard] == [
        (line.name, "does it hurt 疼 😀")
    ]


async def test_a_red_flag_gets_the_right_number_in_the_first_sentence(
    desk: Desk, line: Line
) -> None:
    desk.rasa.error = RuntimeError("Rasa is down")
    assert (await line.send(FLAGGED, "m1")).status == 200
    assert "911" in (await line.heard())[0].split(".")[0]
    assert [alert.kind for alert in await desk.parts.alerts.open_alerts()] == ["red_flag"]


async def test_a_message_delivered_again_is_answered_once(desk: Desk, line: Line) -> None:
    for _ in range(3):
        assert (await line.send("does it hurt", "m1")).status == 200
    answers = [text for text in await line.heard() if "does it hurt" in text]
    assert len(answers) == len(desk.rasa.heard) == 1


@pytest.mark.parametrize("text", ["/restart", '/faq{"a": "b"}', " //session_start", "/"])
async def test_no_text_names_an_intent(desk: Desk, line: Line, text: str) -> None:
    assert (await line.send(text, "m1")).status == 200
    assert await line.heard()
    assert not [parsed for parsed in desk.rasa.parsed if parsed.startswith("/")]


async def test_a_forged_message_is_refused(desk: Desk, line: Line) -> None:
    answer = await line.send("does it hurt", "m1", **_forgery(line.name))
    assert answer.status in {401, 403}
    assert answer.json["error"]["message"]
    await desk.settled()
    assert (desk.rasa.heard, desk.api.sent) == ([], [])


async def test_an_oversized_body_is_refused(desk: Desk, line: Line) -> None:
    answer = await line.deliver(b"x" * (2 * 1024 * 1024 + 1))
    assert (answer.status, answer.json["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"a=b&a=%FF", b"{", b"=&=", b"%", b'"x"', b"\0" * 9],
)
async def test_garbage_is_never_a_fault_of_ours(desk: Desk, line: Line, body: bytes) -> None:
    answer = await line.deliver(body)
    assert answer.status < 500
    await desk.settled()
    assert desk.rasa.heard == []


async def test_a_failing_action_is_answered_with_the_clinics_number(desk: Desk, line: Line) -> None:
    desk.rasa.error = RuntimeError("broken")
    assert (await line.send("does it hurt", "m1")).status == 200
    assert desk.parts.profile.phone in (await line.heard())[0]


async def test_a_stalled_turn_ends_in_an_apology(desk: Desk, line: Line) -> None:
    await line.send("hello there", "m0")
    await line.heard()
    desk.rasa.stalls.add(line.conversation)
    assert (await line.send("does it hurt", "m1")).status == 200
    assert desk.parts.profile.phone in (await line.heard())[-1]


async def test_answers_keep_the_order_of_messages(desk: Desk, line: Line) -> None:
    texts = [f"number {number}" for number in range(6)]
    for number, text in enumerate(texts):
        await line.send(text, f"m{number}")
    told = [text.split("\n")[0] for text in await line.heard()]
    assert [text for text in told if "number" in text] == [f"You said: {text}" for text in texts]


async def test_who_writes_too_fast_still_gets_a_warning(desk: Desk, line: Line) -> None:
    for number in range(12):
        assert (await line.send("hello there", f"m{number}")).status in {200, 429}
    assert (await line.send(FLAGGED, "flagged")).status == 200
    await desk.settled()
    assert len(desk.rasa.heard) <= 9
    if line.name != "web":
        told = await line.heard()
        assert [text for text in told if "call 911 now" in text]
        assert len([text for text in told if "more than I can answer" in text]) == 1


async def test_one_patient_never_sees_anothers_conversation(desk: Desk, line: Line) -> None:
    await line.send("my secret", "m1")
    await line.heard()
    fields = sms_fields("+17805550199", "hello", "SM1")
    body, signed = signed_form(f"{PUBLIC_URL}/webhooks/sms", fields)
    await desk.call("POST", "/webhooks/sms", body, signed)
    await desk.settled()
    told: Any = desk.api.texts_to("+17805550199")
    assert told
    assert not [text for text in told if "secret" in text]


@pytest.mark.postgres
@pytest.mark.parametrize("kind", [SmsLine, MessengerLine])
async def test_postgresql_takes_each_message_once_and_keeps_the_order(
    kind: type[SmsLine] | type[MessengerLine],
) -> None:
    async with postgres() as url:
        await migrate(url)
        async with open_desk(url) as desk:
            line = kind(desk)
            numbers = [0, 1, 0, 2, 3, 1, 4, 4]
            sent = (line.send(f"number {number}", f"m{number}") for number in numbers)
            assert [(await one).status for one in sent] == [200] * len(numbers)
            told = [text.split("\n")[0] for text in await line.heard() if "number" in text]
            assert told == [f"You said: number {number}" for number in range(5)]
