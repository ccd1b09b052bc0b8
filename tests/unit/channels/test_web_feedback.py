from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sanic import Sanic
from web_client import Answer, WebClient

from bot.channels.web_feedback import PATH, FeedbackRoute
from bot.guard.rate import RateLimit
from bot.guard.sessions import Sessions
from bot.http import dumps, protect
from bot.redaction import Redactor
from bot.review.feedback import MAX_REMARK, FeedbackDesk
from bot.review.names import Phrases
from bot.safety import Gate
from bot.settings import ROOT
from bot.storage.alerts import AlertRepository
from bot.storage.database import Database
from bot.storage.feedback import FeedbackRepository, Thumb
from bot.storage.inbox import InboxRepository
from bot.storage.migrate import migrate

SECRET = "x" * 40
PHRASES = Phrases.load(ROOT / "domain.yml")
GATE = Gate.load(ROOT / "data" / "safety")
REDACTOR = Redactor()
CLINIC = "https://clinic.example"


class Patient:
    """Somebody whose message was answered."""

    def __init__(self, database: Database, client: WebClient, sessions: Sessions) -> None:
        self.inbox = InboxRepository(database)
        self.alerts = AlertRepository(database)
        self.feedback = FeedbackRepository(database)
        session = sessions.issue()
        self.headers = {"authorization": f"Bearer {session.token}", "origin": CLINIC}
        self.conversation = sessions.conversation_of(self.headers["authorization"])
        self._client = client

    async def ask(self, text: str, message_id: str = "m1", is_answered: bool = True) -> int:
        row = await self.inbox.take("web", self.conversation, message_id, text)
        if is_answered:
            await self.inbox.finish(row.id, [{"text": "Little.", "answer_ids": []}])
        return row.id

    async def say(self, **fields: Any) -> Answer:
        body = {"message_id": "m1", "thumb": "down", **fields}
        return await self._client.post(PATH, body, **self.headers)

    async def kept(self, number: int) -> Thumb | None:
        return await self.feedback.of_message(number)


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    opened = Database("sqlite://")
    await migrate(opened)
    yield opened
    await opened.close()


@pytest.fixture
def sessions() -> Sessions:
    return Sessions(SECRET, timedelta(days=1))


@pytest.fixture
def client(database: Database, sessions: Sessions) -> WebClient:
    desk = FeedbackDesk(database, GATE, AlertRepository(database), PHRASES, lambda: REDACTOR)

    def warning(channel: str, text: str) -> list[dict[str, Any]] | None:
        assert channel == "web"
        return [{"text": "Call 911."}] if GATE.check(text).level else None

    app = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False, dumps=dumps)
    protect(app, [CLINIC])
    route = FeedbackRoute(desk, sessions, RateLimit("8/minute", "thumb"), warning)
    app.blueprint(route.blueprint())
    return WebClient(app)


@pytest.fixture
def patient(database: Database, client: WebClient, sessions: Sessions) -> Patient:
    return Patient(database, client, sessions)


async def test_a_thumb_with_its_reason_is_kept_and_the_same_again_changes_nothing(
    patient: Patient,
) -> None:
    number = await patient.ask("does it hurt")
    said = {"reason": "unclear", "remark": "too many words"}
    answers = [await patient.say(**said) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    assert answers[0].json == {"thumb": "down", "messages": []}
    assert answers[0].headers["access-control-allow-origin"] == CLINIC
    kept = await patient.kept(number)
    assert kept
    assert (kept.thumb, kept.reason, kept.remark) == ("down", "unclear", "too many words")
    await patient.say(thumb="up")
    changed = await patient.kept(number)
    assert changed
    assert (changed.thumb, changed.reason, changed.remark) == ("up", "", "")


async def test_what_is_typed_is_redacted_before_it_is_kept(patient: Patient) -> None:
    await patient.ask("book please", "m0")
    asked = [{"text": PHRASES.asks, "answer_ids": []}]
    row = await patient.inbox.take("web", patient.conversation, "ask", "a visit")
    await patient.inbox.finish(row.id, asked)
    number = await patient.ask("quigley o'test")
    await patient.say(remark="quigley here, call 780-555-0199")
    kept = await patient.kept(number)
    assert kept
    assert kept.remark == "[name] here, call [phone]"


async def test_a_red_flag_typed_here_is_answered_and_put_before_staff(patient: Patient) -> None:
    await patient.ask("does it hurt")
    answer = await patient.say(remark="my chest hurts and my arm is numb, i cant breathe")
    assert answer.json["messages"] == [{"text": "Call 911."}]
    alerts = await patient.alerts.open_alerts()
    assert {(a.kind, a.level) for a in alerts} == {("red_flag", "emergency")}
    assert alerts[0].conversation_id == patient.conversation
    # Even when the thumb itself is refused.
    again = await patient.say(message_id="nothing", remark="i want to kill myself")
    assert (again.status, again.json["messages"]) == (200, [{"text": "Call 911."}])


async def test_only_an_answer_of_ones_own_conversation(
    patient: Patient, database: Database, client: WebClient, sessions: Sessions
) -> None:
    other = Patient(database, client, sessions)
    number = await other.ask("does it hurt", "theirs")
    assert (await patient.say(message_id="theirs")).status == 404
    assert await patient.kept(number) is None
    await patient.ask("not yet", "open", is_answered=False)
    assert (await patient.say(message_id="open")).status == 404
    patient.headers = {}
    assert (await patient.say(message_id="theirs")).status == 401


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"thumb": "sideways"}, 400),
        ({"thumb": None}, 400),
        ({"thumb": ["down"]}, 400),
        ({"reason": "because"}, 400),
        ({"reason": {"a": 1}}, 400),
        ({"remark": 7}, 400),
        ({"remark": "x" * (MAX_REMARK + 1)}, 413),
        ({"message_id": ""}, 400),
        ({"message_id": "a b"}, 400),
        ({"remark": "half a \ud83d pair \0"}, 200),
        ({"remark": " \n "}, 200),
        ({"reason": ""}, 200),
    ],
)
async def test_each_field_is_checked(patient: Patient, fields: dict[str, Any], status: int) -> None:
    await patient.ask("does it hurt")
    assert (await patient.say(**fields)).status == status


async def test_too_many_thumbs_wait(patient: Patient) -> None:
    await patient.ask("does it hurt")
    for _ in range(8):
        assert (await patient.say()).status == 200
    answer = await patient.say()
    assert answer.status == 429
    assert int(answer.headers["retry-after"]) >= 1
