from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.content import CardLibrary
from bot.metrics import REGISTRY
from bot.privacy import UnknownPatient, read_patient_id
from bot.storage.alerts import AlertRepository
from bot.storage.database import Database, DatabaseUnavailable
from bot.storage.inbox import InboxRepository
from bot.storage.patients import PatientRepository
from bot.storage.tables import metadata
from bot.storage.types import utc_now
from bot.turn import intake as intake_module
from bot.turn.intake import Intake, NotAnswered
from bot.turn.locks import ConversationLocks
from bot.turn.turn import Turn

from .conftest import FakeRasa

FLAGGED = "i have crushing chest pain"
DOWN = DatabaseUnavailable("The database cannot be opened.")


@pytest.fixture
async def inbox() -> AsyncIterator[InboxRepository]:
    database = Database("sqlite://")
    async with database.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield InboxRepository(database)
    await database.close()


@pytest.fixture
def intake(inbox: InboxRepository, turn: Turn) -> Intake:
    return Intake(inbox, turn, ConversationLocks())


def _break(
    inbox: InboxRepository, monkeypatch: pytest.MonkeyPatch, method: str, error: Exception
) -> None:
    async def fail(*values: Any) -> None:
        raise error

    monkeypatch.setattr(inbox, method, fail)


async def test_a_message_is_kept_answered_and_its_answer_kept(
    intake: Intake, inbox: InboxRepository
) -> None:
    messages = await intake.handle("web", "web:a", "m1", "will it hurt")
    assert [message["text"] for message in messages] == ["Very little."]
    (row,) = await inbox.history("web:a")
    assert (row.text, row.status, row.reply) == ("will it hurt", "done", messages)


async def test_the_same_message_again_gets_the_same_answer_and_runs_nothing(
    intake: Intake, rasa: FakeRasa
) -> None:
    first = await intake.handle("web", "web:a", "m1", "will it hurt")
    rasa.says = [{"text": "something else"}]
    again = await intake.handle("web", "web:a", "m1", "another text")
    assert again == first
    assert len(rasa.calls) == 1


async def test_the_same_message_at_the_same_moment_runs_once(
    intake: Intake, rasa: FakeRasa
) -> None:
    answers = await asyncio.gather(
        *(intake.handle("web", "web:a", "m1", "will it hurt") for _ in range(10))
    )
    assert len(rasa.calls) == 1
    assert all(answer == answers[0] for answer in answers)


async def test_a_turn_that_ended_before_a_crash_is_said_again_and_not_run_again(
    intake: Intake, inbox: InboxRepository, rasa: FakeRasa
) -> None:
    await inbox.take("web", "web:a", "m1", "Yes, send it")
    rasa.said_before = [{"text": "Your reference is B7K-3QD.", "answer_ids": ["booking/request"]}]
    assert await intake.recover() == 1
    (row,) = await inbox.history("web:a")
    assert row.reply is not None
    assert [message["text"] for message in row.reply] == ["Your reference is B7K-3QD."]
    assert rasa.calls == []


async def test_a_red_flag_whose_message_is_erased_meanwhile_is_warned_of_and_leaves_nothing(
    turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database("sqlite://")
    async with database.begin() as connection:
        await connection.run_sync(metadata.create_all)
    alerts = AlertRepository(database)
    monkeypatch.setattr(turn, "_alerts", alerts)
    intake = Intake(InboxRepository(database), turn, ConversationLocks())
    patients = PatientRepository(database)
    who = read_patient_id("web:a", str)
    run = turn.run

    async def erased_meanwhile(*values: Any, **named: Any) -> Any:
        await patients.erase(who, "staff:Kim", utc_now(), force=False)
        return await run(*values, **named)

    monkeypatch.setattr(turn, "run", erased_meanwhile)
    messages = await intake.handle("web", "web:a", "m1", FLAGGED)
    assert "911" in messages[0]["text"]
    assert await alerts.open_alerts() == []
    with pytest.raises(UnknownPatient):
        await patients.export(who, "staff:Kim", utc_now())
    await database.close()


async def test_a_turn_that_did_not_end_before_a_crash_is_run_again(
    intake: Intake, inbox: InboxRepository, rasa: FakeRasa
) -> None:
    await inbox.take("web", "web:a", "m1", "will it hurt")
    assert await intake.recover() == 1
    assert len(rasa.calls) == 1


async def test_one_id_in_two_conversations_is_two_messages(intake: Intake, rasa: FakeRasa) -> None:
    await intake.handle("web", "web:a", "m1", "will it hurt")
    await intake.handle("web", "web:b", "m1", "will it hurt")
    assert [call[0] for call in rasa.calls] == ["web:a", "web:b"]


async def test_the_messages_of_a_conversation_are_answered_one_at_a_time(
    intake: Intake, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, most = 0, 0
    respond = rasa.respond

    async def slow(*values: Any) -> list[dict[str, Any]]:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.01)
        inside -= 1
        return await respond(*values)

    monkeypatch.setattr(rasa, "respond", slow)
    await asyncio.gather(
        *(intake.handle("web", "web:a", f"m{number}", "will it hurt") for number in range(5))
    )
    assert (most, len(rasa.calls)) == (1, 5)


@pytest.mark.parametrize("method", ["take", "finish"])
@pytest.mark.parametrize("error", [DOWN, OSError("disk I/O error")])
async def test_a_warning_does_not_depend_on_the_database(
    intake: Intake,
    inbox: InboxRepository,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    error: Exception,
) -> None:
    _break(inbox, monkeypatch, method, error)
    messages = await intake.handle("web", "web:a", "m1", FLAGGED)
    assert "911" in messages[0]["text"]
    assert messages[0]["answer_ids"] == ["safety/emergency"]


async def test_a_repeated_warning_does_not_depend_on_the_database(
    intake: Intake, inbox: InboxRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    await intake.handle("web", "web:a", "m1", FLAGGED)
    _break(inbox, monkeypatch, "get", DOWN)
    messages = await intake.handle("web", "web:a", "m1", FLAGGED)
    assert "911" in messages[0]["text"]


@pytest.mark.parametrize("method", ["take", "finish"])
async def test_a_message_that_cannot_be_kept_gets_the_apology_without_a_red_flag(
    intake: Intake,
    inbox: InboxRepository,
    library: CardLibrary,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
) -> None:
    _break(inbox, monkeypatch, method, DOWN)
    with pytest.raises(NotAnswered, match=library.profile.phone) as refused:
        await intake.handle("web", "web:a", "m1", "will it hurt")
    assert (refused.value.status, refused.value.is_told) == (503, True)
    assert refused.value.message == library.render("other/technical_trouble", "web").text


async def test_nothing_is_answered_that_was_not_kept_first(
    intake: Intake, inbox: InboxRepository, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break(inbox, monkeypatch, "take", DOWN)
    with pytest.raises(NotAnswered):
        await intake.handle("web", "web:a", "m1", "will it hurt")
    assert rasa.calls == []


async def test_without_the_database_the_second_opinion_still_warns(
    intake: Intake, inbox: InboxRepository, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasa.topic = "safety/crisis"
    _break(inbox, monkeypatch, "take", DOWN)
    (message,) = await intake.handle("web", "web:a", "m1", "something odd is going on")
    assert "988" in message["text"].split(".")[0]
    rasa.parse_error = RuntimeError()
    with pytest.raises(NotAnswered):
        await intake.handle("web", "web:a", "m2", "something odd is going on")


@pytest.mark.parametrize("method", ["take", "finish"])
async def test_nobody_waits_in_vain_for_a_database_that_hangs(
    intake: Intake, inbox: InboxRepository, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    async def hang(*values: Any) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(inbox, method, hang)
    monkeypatch.setattr(intake_module, "STORE_SECONDS", 0.05)
    monkeypatch.setattr(intake_module, "FLAGGED_STORE_SECONDS", 0.05)
    (message, *_) = await intake.handle("web", "web:a", "m1", FLAGGED)
    assert "911" in message["text"].split(".")[0]
    with pytest.raises(NotAnswered):
        await intake.handle("web", "web:a", "m2", "will it hurt")


async def test_what_a_restart_interrupted_is_answered_once(
    intake: Intake, inbox: InboxRepository, rasa: FakeRasa
) -> None:
    await intake.handle("web", "web:a", "done", "will it hurt")
    for number in range(2):
        await inbox.take("web", "web:b", f"m{number}", f"question {number}")
    before = REGISTRY.get_sample_value("bot_messages_recovered_total") or 0.0
    assert await intake.recover() == 2
    assert await intake.recover() == 0
    assert [call[:3] for call in rasa.calls[1:]] == [
        ("web:b", "web", "question 0"),
        ("web:b", "web", "question 1"),
    ]
    assert all(row.status == "done" for row in await inbox.history("web:b"))
    assert REGISTRY.get_sample_value("bot_messages_recovered_total") == before + 2


async def test_a_message_recovered_while_its_sender_retries_runs_once(
    intake: Intake, inbox: InboxRepository, rasa: FakeRasa
) -> None:
    await inbox.take("web", "web:a", "m1", "will it hurt")
    _, answer = await asyncio.gather(
        intake.recover(), intake.handle("web", "web:a", "m1", "will it hurt")
    )
    assert len(rasa.calls) == 1
    assert answer[0]["text"] == "Very little."


async def test_a_message_that_cannot_be_finished_keeps_no_other_waiting(
    intake: Intake, inbox: InboxRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [await inbox.take("web", f"web:{name}", "m1", "will it hurt") for name in "ab"]
    finish = inbox.finish

    async def fail_the_first(row_id: int, *reply: Any) -> None:
        if row_id == rows[0].id:
            raise DOWN
        await finish(row_id, *reply)

    monkeypatch.setattr(inbox, "finish", fail_the_first)
    assert await intake.recover() == 1
    assert [row.status for row in await inbox.history("web:b")] == ["done"]


async def test_a_message_another_process_is_answering_waits_for_its_reply(
    inbox: InboxRepository, turn: Turn, rasa: FakeRasa
) -> None:
    intake = Intake(inbox, turn, ConversationLocks(), patience=5.0)
    row = await inbox.take("web", "web:a", "m1", "will it hurt")
    waiting = asyncio.ensure_future(intake.handle("web", "web:a", "m1", "will it hurt"))
    await asyncio.sleep(0)
    await inbox.finish(row.id, [{"text": "From the other one."}])
    assert await waiting == [{"text": "From the other one."}]
    assert rasa.calls == []


async def test_a_message_no_other_process_answers_is_answered_after_all(
    inbox: InboxRepository, turn: Turn
) -> None:
    intake = Intake(inbox, turn, ConversationLocks(), patience=0.2)
    await inbox.take("web", "web:a", "m1", "will it hurt")
    (message,) = await intake.handle("web", "web:a", "m1", "will it hurt")
    assert message["text"] == "Very little."


def _turns(outcome: str) -> float:
    labels = {"channel": "web", "outcome": outcome}
    return REGISTRY.get_sample_value("bot_turns_total", labels) or 0.0


async def test_answers_are_counted_by_outcome(intake: Intake) -> None:
    answers, emergencies = _turns("answer"), _turns("emergency")
    await intake.handle("web", "web:a", "m1", "will it hurt")
    await intake.handle("web", "web:a", "m2", FLAGGED)
    await intake.handle("web", "web:a", "m2", FLAGGED)
    assert (_turns("answer"), _turns("emergency")) == (answers + 1, emergencies + 1)


async def test_no_words_reach_the_log(intake: Intake, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "bot"):
        await intake.handle("web", "web:a", "m1", "my secret pain")
        await intake.recover()
    assert "secret" not in caplog.text
