from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from typing import Any, cast

import pytest
from sanic import Sanic
from web_client import Answer, WebClient

from bot.channels.web import WebChannel
from bot.guard.client import client_address
from bot.guard.fields import MAX_TEXT_CHARACTERS
from bot.guard.rate import RateLimit
from bot.guard.sessions import Sessions
from bot.http import dumps, protect
from bot.outbox import Outgoing
from bot.storage.database import Database, DatabaseUnavailable
from bot.storage.handoffs import HandoffRepository
from bot.storage.inbox import InboxRepository
from bot.storage.outbox import OutboxRepository, keep_letter
from bot.storage.tables import metadata
from bot.turn.intake import Intake

SECRET = "x" * 40
REPLY = [{"text": "Very little. 😀", "answer_ids": ["a"], "choices": [], "source": "s"}]


class FakeIntake:
    """Keeps each message in the inbox and answers it with one and the same reply."""

    def __init__(self, inbox: InboxRepository) -> None:
        self._inbox = inbox
        self.calls: list[tuple[str, str, str, str]] = []
        self.error: Exception | None = None
        self.address = ""
        self.has_begun, self.may_go_on, self.has_ended = (asyncio.Event() for _ in range(3))
        self.may_go_on.set()

    def warning(self, channel: str, text: str) -> list[dict[str, Any]] | None:
        return [{"text": "Call 911."}] if "chest pain" in text else None

    async def handle(
        self, channel: str, conversation_id: str, message_id: str, text: str
    ) -> list[dict[str, Any]]:
        self.calls.append((channel, conversation_id, message_id, text))
        self.address = client_address.get()
        if self.error is not None:
            raise self.error
        self.has_begun.set()
        await self.may_go_on.wait()
        row = await self._inbox.take(channel, conversation_id, message_id, text)
        await self._inbox.finish(row.id, REPLY)
        self.has_ended.set()
        return REPLY


class Patient:
    """Somebody at the chat, with or without a session."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self.headers: dict[str, str] = {}

    async def open(self, body: bytes = b"{}") -> Answer:
        answer = await self._client.post("/webhooks/web/session", body)
        if answer.status == 200:
            self.headers = {"authorization": f"Bearer {answer.json['session']}"}
        return answer

    async def say(self, text: object, message_id: object = "m1") -> Answer:
        body = {"text": text, "message_id": message_id}
        return await self._client.post("/webhooks/web/message", body, **self.headers)

    async def send(self, body: bytes) -> Answer:
        return await self._client.post("/webhooks/web/message", body, **self.headers)

    async def history(self) -> Answer:
        return await self._client.get("/webhooks/web/history", **self.headers)


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    opened = Database("sqlite://")
    async with opened.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield opened
    await opened.close()


@pytest.fixture
def inbox(database: Database) -> InboxRepository:
    return InboxRepository(database)


@pytest.fixture
def intake(inbox: InboxRepository) -> FakeIntake:
    return FakeIntake(inbox)


@pytest.fixture
def client(intake: FakeIntake, inbox: InboxRepository, database: Database) -> WebClient:
    channel = WebChannel(
        cast(Intake, intake),
        inbox,
        Sessions(SECRET, timedelta(days=30)),
        RateLimit("5/minute", "message"),
        RateLimit("3/minute", "session"),
        people=HandoffRepository(database),
        outbox=OutboxRepository(database),
    )
    app = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False, dumps=dumps)
    protect(app, ())
    app.blueprint(channel.blueprint(_nobody), url_prefix="/webhooks/web")
    return WebClient(app)


async def _nobody(message: object) -> None:
    pytest.fail("Rasa's own way in is not used.")


@pytest.fixture
def patient(client: WebClient) -> Patient:
    return Patient(client)


async def test_the_senders_address_goes_along_for_limits(
    patient: Patient, intake: FakeIntake
) -> None:
    await patient.open()
    await patient.say("hello")
    assert intake.address == "127.0.0.1"
    assert client_address.get() == ""


async def test_a_session_is_opened(patient: Patient) -> None:
    answer = await patient.open()
    assert answer.status == 200
    assert set(answer.json) == {"session", "expires_at"}
    left = datetime.fromisoformat(answer.json["expires_at"]) - datetime.now(timezone.utc)
    assert timedelta(days=29) < left <= timedelta(days=30)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_only_what_is_sent_as_json_is_taken(
    client: WebClient, patient: Patient, intake: FakeIntake, content_type: str
) -> None:
    named = {"content-type": content_type}
    opened = await client.post("/webhooks/web/session", b"{}", **named)
    await patient.open()
    body = {"text": "hi", "message_id": "m1"}
    said = await client.post("/webhooks/web/message", body, **patient.headers, **named)
    for answer in (opened, said):
        assert (answer.status, answer.json["error"]["code"]) == (415, "unsupported_media_type")
    assert intake.calls == []


async def test_who_leaves_before_the_answer_finds_it_in_the_history(
    patient: Patient, intake: FakeIntake
) -> None:
    await patient.open()
    intake.may_go_on.clear()
    waiting = asyncio.ensure_future(patient.say("hi"))
    await intake.has_begun.wait()
    # What Sanic does with a request whose connection is lost.
    waiting.cancel()
    await asyncio.wait([waiting])
    intake.may_go_on.set()
    await intake.has_ended.wait()
    assert [m["text"] for m in (await patient.history()).json["messages"]] == [
        "hi",
        "Very little. 😀",
    ]


@pytest.mark.parametrize("body", [b"", b"{}", b'{"session": "mine", "sender": "web:other"}'])
async def test_no_client_chooses_its_conversation(
    patient: Patient, intake: FakeIntake, body: bytes
) -> None:
    assert (await patient.open(body)).status == 200
    await patient.say("hi")
    ((_, conversation, _, _),) = intake.calls
    assert conversation.startswith("web:")
    assert conversation not in {"web:mine", "web:other"}


async def test_a_session_is_not_opened_for_what_is_no_json(patient: Patient) -> None:
    assert (await patient.open(b"hello")).status == 400


async def test_a_message_is_answered(patient: Patient, intake: FakeIntake) -> None:
    await patient.open()
    answer = await patient.say("does it hurt 疼", "m1")
    assert (answer.status, answer.json) == (200, {"messages": REPLY})
    assert "😀".encode() in answer.body
    assert answer.headers["cache-control"] == "no-store"
    ((channel, _, message_id, text),) = intake.calls
    assert (channel, message_id, text) == ("web", "m1", "does it hurt 疼")


async def test_one_session_is_one_conversation(client: WebClient, intake: FakeIntake) -> None:
    for _ in range(2):
        patient = Patient(client)
        await patient.open()
        for number in range(2):
            await patient.say("hi", f"m{number}")
    conversations = [conversation for _, conversation, _, _ in intake.calls]
    assert conversations[0] == conversations[1] != conversations[2] == conversations[3]


@pytest.mark.parametrize(
    ("text", "message_id", "status"),
    [
        ("", "m1", 400),
        ("  ", "m1", 400),
        (None, "m1", 400),
        (7, "m1", 400),
        ("hi", "", 400),
        ("hi", None, 400),
        ("hi", "a b", 400),
        ("hi", "x" * 65, 400),
        ("x" * (MAX_TEXT_CHARACTERS + 1), "m1", 413),
    ],
)
async def test_a_wrong_message_never_reaches_the_turn(
    patient: Patient, intake: FakeIntake, text: object, message_id: object, status: int
) -> None:
    await patient.open()
    answer = await patient.say(text, message_id)
    assert answer.status == status
    assert answer.json["error"]["message"]
    assert intake.calls == []


@pytest.mark.parametrize("body", [b"", b"hello", b"[]", b"\xff", b'{"text": "hi"'])
async def test_what_is_no_json_object_is_refused(patient: Patient, body: bytes) -> None:
    await patient.open()
    assert (await patient.send(body)).status == 400


@pytest.mark.parametrize("header", [None, "Bearer forged.forged.forged", "Basic x", "Bearer "])
async def test_without_a_session_nothing_is_taken_or_told(
    patient: Patient, intake: FakeIntake, header: str | None
) -> None:
    patient.headers = {} if header is None else {"authorization": header}
    for answer in (await patient.say("hi"), await patient.history(), await patient.send(b"x")):
        assert (answer.status, answer.json["error"]["code"]) == (401, "bad_session")
    assert intake.calls == []


async def test_too_many_messages_are_refused_with_the_time_to_wait(
    client: WebClient, intake: FakeIntake
) -> None:
    patient, other = Patient(client), Patient(client)
    await patient.open()
    await other.open()
    answers = [await patient.say("hi", f"m{number}") for number in range(6)]
    assert [answer.status for answer in answers] == [200] * 5 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert len(intake.calls) == 5
    flagged = await patient.say("i have chest pain", "m7")
    assert (flagged.status, flagged.json["messages"]) == (200, [{"text": "Call 911."}])
    assert (await other.say("hi")).status == 200


async def test_a_refused_message_does_not_count(patient: Patient) -> None:
    await patient.open()
    for _ in range(10):
        assert (await patient.say("")).status == 400
    assert (await patient.say("hi")).status == 200


async def test_too_many_sessions_from_one_address_are_refused(patient: Patient) -> None:
    answers = [await patient.open() for _ in range(4)]
    assert [answer.status for answer in answers] == [200] * 3 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1


async def test_the_history_is_the_conversation_so_far(patient: Patient, client: WebClient) -> None:
    await patient.open()
    assert (await patient.history()).json == {"messages": []}
    await patient.say("one", "m1")
    await patient.say("two", "m2")
    answer = await patient.history()
    told = answer.json["messages"]
    assert [(entry["role"], entry["text"]) for entry in told] == [
        ("patient", "one"),
        ("assistant", REPLY[0]["text"]),
        ("patient", "two"),
        ("assistant", REPLY[0]["text"]),
    ]
    assert told[1].items() >= REPLY[0].items()
    assert all(datetime.fromisoformat(entry["at"]).tzinfo for entry in told)
    assert answer.headers["cache-control"] == "no-store"
    stranger = Patient(client)
    await stranger.open()
    assert (await stranger.history()).json == {"messages": []}


async def test_what_the_clinic_let_know_is_in_the_history_where_it_came(
    patient: Patient, intake: FakeIntake, database: Database
) -> None:
    await patient.open()
    await patient.say("one", "m1")
    ((_, conversation, _, _),) = intake.calls
    detail = {"answer_ids": ["booking/status"], "choices": [{"title": "a", "text": "b"}]}
    for key, whose in (("k1", conversation), ("k2", "web:other")):
        async with database.begin() as connection:
            letter = Outgoing(key, "web", whose, "booking_confirmed", f"{key} told.", detail)
            await keep_letter(connection, letter, datetime.now(timezone.utc))
    await patient.say("two", "m2")
    told = (await patient.history()).json["messages"]
    assert [entry["text"] for entry in told] == [
        *("one", REPLY[0]["text"], "k1 told.", "two", REPLY[0]["text"])
    ]
    assert told[2].items() >= {"role": "assistant", "source": "", **detail}.items()
    # Only what answers a message names it.
    assert told[1].keys() == {*told[2].keys(), "message_id"}
    assert (told[1]["message_id"], told[4]["message_id"]) == ("m1", "m2")


async def test_what_went_out_by_text_message_is_not_in_the_history(
    patient: Patient, intake: FakeIntake, database: Database
) -> None:
    await patient.open()
    await patient.say("one", "m1")
    ((_, conversation, _, _),) = intake.calls
    to = {"to": "+17805550199"}
    async with database.begin() as connection:
        letter = Outgoing("k1", "sms", conversation, "booking_reminder", "A reminder.", to)
        await keep_letter(connection, letter, datetime.now(timezone.utc))
    told = (await patient.history()).json["messages"]
    assert [entry["text"] for entry in told] == ["one", REPLY[0]["text"]]


async def test_a_message_not_answered_yet_is_in_the_history(
    patient: Patient, inbox: InboxRepository, intake: FakeIntake
) -> None:
    await patient.open()
    await patient.say("one", "m1")
    await inbox.take("web", intake.calls[0][1], "m2", "two")
    told = (await patient.history()).json["messages"]
    assert [entry["role"] for entry in told] == ["patient", "assistant", "patient"]


async def test_a_database_that_is_down_shows_nothing_of_the_inside(
    patient: Patient, intake: FakeIntake
) -> None:
    await patient.open()
    intake.error = DatabaseUnavailable("The database at db.internal is down.")
    answer = await patient.say("hi")
    assert (answer.status, answer.json["error"]["code"]) == (503, "database_unavailable")
    assert "db.internal" not in answer.body.decode()


def test_the_channel_is_called_web() -> None:
    assert WebChannel.name() == "web"
