"""What every channel must do around a talk with a person of the clinic."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fakes.desk import Desk, open_desk
from fakes.lines import Line, WebLine, line_of

from bot.handoff import Handoff, HandoffDesk
from bot.storage.migrate import migrate
from bot.turn.reply import WITH_STAFF

FLAGGED = "i have crushing chest pain"
STAFF = "Kim"


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr("bot.outbox.office.LOOK_SECONDS", 0.05)
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    await migrate(url)
    async with open_desk(url) as opened:
        yield opened


@pytest.fixture(params=["web", "sms", "messenger"])
async def line(request: pytest.FixtureRequest, desk: Desk) -> Line:
    return await line_of(request.param, desk)


@pytest.fixture
def people(desk: Desk) -> HandoffDesk:
    return desk.parts.handoffs


async def _taken(desk: Desk, line: Line) -> Handoff:
    """A conversation that began with the assistant and that a person has now."""
    await line.send("does it hurt", "m0")
    assert "You said: does it hurt" in (await line.heard())[0]
    return await desk.parts.handoffs.step_in(line.conversation, line.name, STAFF)


async def test_the_assistant_goes_on_while_nobody_has_taken_it(
    desk: Desk, line: Line, people: HandoffDesk
) -> None:
    await people.ask(line.conversation, line.name)
    await line.send("does it hurt", "m1")
    assert "You said: does it hurt" in (await line.heard())[0]


async def test_the_patient_hears_that_a_person_is_here_then_nothing_by_itself(
    desk: Desk, line: Line
) -> None:
    await _taken(desk, line)
    before = await line.heard()
    assert "A person at" in before[-1]
    for number in range(3):
        assert (await line.send(f"are you there {number}", f"m{number + 1}")).status == 200
    assert await line.heard() == before
    assert len(desk.rasa.heard) == 1
    rows = await desk.parts.inbox.history(line.conversation)
    assert [row.text for row in rows][1:] == [f"are you there {n}" for n in range(3)]
    assert [(row.status, row.reply, row.outcome) for row in rows[1:]] == [
        ("done", [], WITH_STAFF)
    ] * 3


async def test_a_message_delivered_again_stays_one_and_silent(desk: Desk, line: Line) -> None:
    handoff = await _taken(desk, line)
    before = await line.heard()
    for _ in range(3):
        assert (await line.send("are you there", "m1")).status == 200
    assert await line.heard() == before
    await desk.parts.handoffs.give_back(handoff.id, STAFF)
    # It was a person's to answer, and is not answered now by the assistant.
    assert (await line.send("are you there", "m1")).status == 200
    await line.heard()
    assert len(desk.rasa.heard) == 1
    assert len(await desk.parts.inbox.history(line.conversation)) == 2


async def test_a_red_flag_is_warned_of_at_once_and_put_before_staff(desk: Desk, line: Line) -> None:
    await _taken(desk, line)
    assert (await line.send(FLAGGED, "m1")).status == 200
    told = await line.heard()
    # A warning waits for no letter before it, such as who has the conversation now.
    assert "911" in " ".join(text.split(".")[0] for text in told[1:])
    assert [alert.kind for alert in await desk.parts.alerts.open_alerts()] == ["red_flag"]
    # The warning alone: nothing else is answered, and Rasa hears nothing.
    assert len(desk.rasa.heard) == 1


async def test_what_staff_write_arrives_once(desk: Desk, line: Line, people: HandoffDesk) -> None:
    handoff = await _taken(desk, line)
    for _ in range(2):
        await people.reply(handoff.id, STAFF, "Bring loose clothes.", "form")
    told = await line.heard()
    assert told[-1] == f"From {desk.parts.profile.name}: Bring loose clothes."
    assert len([text for text in told if "loose clothes" in text]) == 1
    assert not any(STAFF in text for text in told)


async def test_once_given_back_the_assistant_answers_again(
    desk: Desk, line: Line, people: HandoffDesk
) -> None:
    handoff = await _taken(desk, line)
    await people.give_back(handoff.id, STAFF)
    await line.send("and parking", "m1")
    told = await line.heard()
    assert any("automatic" in text for text in told)
    assert "You said: and parking" in told[-1]


@pytest.mark.parametrize("line", ["sms", "messenger"], indirect=True)
async def test_a_file_is_said_to_be_seen_by_nobody(desk: Desk, line: Line) -> None:
    await _taken(desk, line)
    if line.name == "sms":
        fields = "MessageSid=m1&From=%2B17805550134&To=%2B15875550100&Body=look&NumMedia=1"
        assert (await line.deliver(fields.encode())).status == 200
    else:
        body = (
            b'{"object": "page", "entry": [{"messaging": [{"sender": {"id": "24601"}, "message": '
            b'{"mid": "m1", "text": "look", "attachments": [{"type": "image"}]}}]}]}'
        )
        assert (await line.deliver(body)).status == 200
    assert (await line.heard())[-1].startswith("Sorry, I cannot see pictures")
    assert len(desk.rasa.heard) == 1


@pytest.mark.parametrize("line", ["sms", "messenger"], indirect=True)
@pytest.mark.parametrize("word", ["HELP", "privacy"])
async def test_keywords_are_answered_also_then(desk: Desk, line: Line, word: str) -> None:
    await _taken(desk, line)
    before = len(await line.heard())
    await line.send(word, "m1")
    assert len(await line.heard()) > before


async def test_stop_ends_all_messages_also_those_of_staff(desk: Desk, people: HandoffDesk) -> None:
    line = await line_of("sms", desk)
    handoff = await _taken(desk, line)
    before = await line.heard()
    await line.send("STOP", "m1")
    await people.reply(handoff.id, STAFF, "Bring loose clothes.", "form")
    assert await line.heard() == before
    kinds = [(alert.kind, alert.sign) for alert in await desk.parts.alerts.open_alerts()]
    assert ("outbox", "staff_message") in kinds


async def test_nobody_is_shown_to_be_typing(desk: Desk) -> None:
    line = await line_of("messenger", desk)
    await _taken(desk, line)
    before = len(desk.api.actions)
    await line.send("are you there", "m1")
    await line.heard()
    assert len(desk.api.actions) == before


async def test_the_open_chat_learns_who_answers(desk: Desk, people: HandoffDesk) -> None:
    line = await WebLine(desk).open()

    async def person() -> str | None:
        told = await desk.client.get("/webhooks/web/history", **line.headers)
        return told.json.get("person")  # type: ignore[no-any-return]

    assert await person() is None
    await people.ask(line.conversation, "web")
    assert await person() == "waiting"
    handoff = await people.step_in(line.conversation, "web", STAFF)
    assert await person() == "here"
    await people.reply(handoff.id, STAFF, "Hello.", "form")
    told = await desk.client.get("/webhooks/web/history", **line.headers)
    marks = [entry.get("by_person", False) for entry in told.json["messages"]]
    assert marks == [False, True]
    # Which colleague wrote is for the clinic to tell.
    assert STAFF not in told.body.decode()
    await people.give_back(handoff.id, STAFF)
    assert await person() is None
