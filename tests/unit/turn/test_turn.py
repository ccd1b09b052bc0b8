from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import date
from typing import cast

import pytest

import bot.turn.turn
from bot.content import CardLibrary, CardUnavailable
from bot.safety import Gate, Level
from bot.settings import Settings
from bot.storage.alerts import AlertRepository
from bot.turn.assistant import Assistant
from bot.turn.reply import Reply
from bot.turn.turn import Turn
from bot.turn.understanding import CONTESTED, HINTED

from .conftest import FakeAlerts, FakeRasa

FLAGGED = {
    "emergency": ("i have crushing chest pain", "911"),
    "urgent": ("fever and chills with my back pain", "811"),
    "crisis": ("i want to kill myself", "988"),
}
FRENCH = {
    "emergency": ("jai mal dans poitrine, combien ça coûte", "911"),
    "urgent": ("mon mollet est enflé et chaud", "811"),
    "crisis": ("je veux en finir", "988"),
}
CHANNELS = ("web", "sms", "messenger")
PATIENT_WORDS = "my secret pain"


async def _run(turn: Turn, text: str, channel: str = "web") -> Reply:
    return await turn.run("web:a", channel, text, "m1")


@pytest.fixture(params=FLAGGED)
def level(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_a_message_is_understood_and_answered(turn: Turn, rasa: FakeRasa) -> None:
    reply = await _run(turn, "will it hurt")
    assert [message.text for message in reply.messages] == ["Very little."]
    assert (reply.intent, reply.confidence) == ("faq/does_it_hurt", 1.0)
    assert (reply.outcome, reply.answer_ids) == ("answer", ["faq/does_it_hurt"])
    ((conversation, channel, text, parsed, message_id),) = rasa.calls
    assert (conversation, channel, text, message_id) == ("web:a", "web", "will it hurt", "m1")
    assert parsed["decision"]["topics"] == ["faq/does_it_hurt"]


async def test_a_harmless_message_alerts_nobody(turn: Turn, alerts: FakeAlerts) -> None:
    await _run(turn, "will it hurt")
    assert alerts.raised == []


@pytest.mark.parametrize("text", ["", "   ", "???", "😀", "\u200b"])
async def test_a_message_without_words_is_asked_for_some(
    turn: Turn, rasa: FakeRasa, library: CardLibrary, text: str
) -> None:
    reply = await _run(turn, text)
    assert reply.messages[0].text == library.render("other/unreadable", "web").text
    assert reply.outcome == "clarify"
    assert rasa.parsed == []
    assert rasa.calls == []


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_red_flag_is_warned_of_first_with_its_number(
    turn: Turn, level: str, channel: str
) -> None:
    text, number = FLAGGED[level]
    reply = await _run(turn, text, channel)
    assert number in reply.messages[0].text.split(". ")[0]
    assert (reply.outcome, reply.intent) == (level, f"safety/{level}")
    assert reply.answer_ids[0] == f"safety/{level}"


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_french_red_flag_is_warned_of_in_french(
    turn: Turn, library: CardLibrary, level: str, channel: str
) -> None:
    text, number = FRENCH[level]
    reply = await _run(turn, text, channel)
    assert reply.messages[0].text == library.render(f"safety/{level}", channel, "fr").text
    assert number in reply.messages[0].text.split(". ")[0]
    assert (reply.outcome, reply.answer_ids[0]) == (level, f"safety/{level}")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_it_is_in_french_with_the_model_down_too(
    turn: Turn, rasa: FakeRasa, level: str, channel: str
) -> None:
    rasa.parse_error = rasa.respond_error = RuntimeError()
    text, number = FRENCH[level]
    alone = turn.warning_only(channel, text)
    assert alone is not None
    assert (await _run(turn, text, channel)).messages == alone.messages
    assert number in alone.messages[0].text.split(". ")[0]
    assert "appelez" in alone.messages[0].text.lower()


async def test_rasa_hears_that_the_flag_was_french_and_of_nothing_else_asked(
    turn: Turn, rasa: FakeRasa
) -> None:
    await _run(turn, FRENCH["emergency"][0])
    ((_, _, _, parsed, _),) = rasa.calls
    assert (parsed["language"], parsed["also"]) == ("fr", [])


async def test_staff_are_alerted_of_every_sign_without_the_words(
    turn: Turn, alerts: FakeAlerts, gate: Gate, level: str
) -> None:
    text, _ = FLAGGED[level]
    await _run(turn, text)
    flags = gate.check(text).flags
    assert flags
    assert alerts.raised == [("red_flag", f.level.value, f.sign, "web:a") for f in flags]


async def test_rasa_hears_of_the_flag_and_of_what_else_was_asked(
    turn: Turn, rasa: FakeRasa
) -> None:
    rasa.topic = "clinic/fees"
    await _run(turn, "How much is a visit? I have crushing chest pain.")
    ((_, _, _, parsed, _),) = rasa.calls
    assert parsed["intent"]["name"] == "safety"
    assert parsed["decision"]["topics"] == ["safety/emergency"]
    assert parsed["also"] == ["clinic/fees"]


async def test_what_rasa_adds_follows_the_warning_which_is_said_once(
    turn: Turn, rasa: FakeRasa
) -> None:
    rasa.says = [
        {"text": "the warning again", "answer_ids": ["safety/emergency"], "outcome": "emergency"},
        {"text": "A visit costs $100.", "answer_ids": ["clinic/fees"], "outcome": "answer"},
    ]
    reply = await _run(turn, "how much is it? i have crushing chest pain")
    assert len(reply.messages) == 2
    assert "911" in reply.messages[0].text
    assert reply.messages[1].text == "A visit costs $100."
    assert reply.answer_ids == ["safety/emergency", "clinic/fees"]


def _break(rasa: FakeRasa, alerts: FakeAlerts, how: str) -> None:
    error = RuntimeError(PATIENT_WORDS)
    if how == "understanding":
        rasa.parse_error = error
    if how in {"actions", "everything"}:
        rasa.respond_error = error
    if how == "silence":
        rasa.says = []
    if how in {"hangs", "everything hangs"}:
        rasa.hangs = True
    if how in {"alerts", "everything"}:
        alerts.error = error
    if how in {"alerts hang", "everything hangs"}:
        alerts.hangs = True


FAILURES = (
    "understanding",
    "actions",
    "silence",
    "hangs",
    "alerts",
    "alerts hang",
    "everything",
    "everything hangs",
)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A warning that waits hardly at all for what could be added."""
    monkeypatch.setattr(bot.turn.turn, "FLAGGED_DEADLINE", 0.05)


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("how", FAILURES)
async def test_the_warning_is_given_whatever_else_fails(
    turn: Turn, rasa: FakeRasa, alerts: FakeAlerts, level: str, how: str
) -> None:
    _break(rasa, alerts, how)
    text, number = FLAGGED[level]
    reply = await asyncio.wait_for(_run(turn, f"{text}. how much is it?"), 5)
    assert number in reply.messages[0].text
    assert reply.outcome == level


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("how", ["actions", "silence", "hangs"])
async def test_staff_are_alerted_though_the_turn_fails(
    turn: Turn, rasa: FakeRasa, alerts: FakeAlerts, how: str
) -> None:
    _break(rasa, alerts, how)
    await _run(turn, FLAGGED["emergency"][0])
    assert alerts.raised


async def test_staff_are_alerted_of_a_flag_that_only_the_classifier_raised(
    turn: Turn, rasa: FakeRasa, alerts: FakeAlerts
) -> None:
    rasa.topic = "safety/urgent"
    rasa.suspicion = {"level": "urgent", "sign": "night_pain", "confidence": 0.9}
    reply = await _run(turn, "something odd is going on")
    assert reply.outcome == "urgent"
    assert "811" in reply.messages[0].text
    assert alerts.raised == [("red_flag", "urgent", "night_pain", "web:a")]


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("how", ["respond", "hang", "alerts", "alerts hang"])
async def test_the_classifiers_warning_is_given_whatever_fails_afterwards(
    turn: Turn, rasa: FakeRasa, alerts: FakeAlerts, library: CardLibrary, how: str
) -> None:
    rasa.topic = "safety/urgent"
    _break(rasa, alerts, how)
    reply = await asyncio.wait_for(_run(turn, "something odd is going on"), 5)
    assert reply.messages[0].text == library.render("safety/urgent", "web").text


async def test_the_second_opinion_adds_a_graver_level_to_the_gates(
    turn: Turn, rasa: FakeRasa, alerts: FakeAlerts
) -> None:
    rasa.suspicion = {"level": "emergency", "sign": "chest_pain", "confidence": 0.9}
    reply = await _run(turn, FLAGGED["urgent"][0])
    assert "911" in reply.messages[0].text
    assert [level for _, level, _, _ in alerts.raised] == ["emergency", "urgent"]


async def test_a_french_message_that_it_alone_suspects_is_warned_in_french(
    turn: Turn, rasa: FakeRasa, library: CardLibrary
) -> None:
    rasa.topic, rasa.language = "safety/emergency", "fr"
    reply = await _run(turn, "ça ne va pas du tout")
    assert reply.messages[0].text == library.render("safety/emergency", "web", "fr").text


@pytest.mark.parametrize(
    ("level", "confidence"), [("urgent", 1.0), ("crisis", CONTESTED - 0.01), ("emergency", 1.0)]
)
async def test_it_takes_nothing_from_the_gates_and_repeats_nothing(
    turn: Turn, rasa: FakeRasa, level: str, confidence: float
) -> None:
    rasa.suspicion = {"level": level, "sign": "x", "confidence": confidence}
    reply = await _run(turn, FLAGGED["emergency"][0])
    assert reply.answer_ids[0] == "safety/emergency"
    assert "safety/crisis" not in reply.answer_ids
    assert "safety/urgent" not in reply.answer_ids


HINT_TEXT = "is this a stroke"


@pytest.mark.parametrize(
    ("confidence", "outcome"), [(0.0, "answer"), (HINTED, "emergency"), (None, "emergency")]
)
async def test_where_the_gate_has_a_hint_the_second_opinion_is_asked(
    turn: Turn, rasa: FakeRasa, confidence: float | None, outcome: str
) -> None:
    if confidence is not None:
        rasa.suspicion = {"level": "urgent", "sign": "x", "confidence": confidence}
    reply = await _run(turn, HINT_TEXT)
    assert reply.outcome == outcome


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("how", ["understanding", "hangs"])
async def test_a_hint_is_a_flag_while_nobody_can_be_asked(
    turn: Turn, rasa: FakeRasa, alerts: FakeAlerts, how: str
) -> None:
    rasa.suspicion = {"level": "urgent", "sign": "x", "confidence": 0.0}
    _break(rasa, alerts, how)
    reply = await _run(turn, HINT_TEXT)
    assert "911" in reply.messages[0].text
    assert turn.warning_only("sms", HINT_TEXT) is not None


@pytest.mark.parametrize("level", FLAGGED)
async def test_of_the_gates_flags_nothing_is_taken_away(
    turn: Turn, rasa: FakeRasa, level: str
) -> None:
    rasa.suspicion = {"level": "urgent", "sign": "x", "confidence": 0.0}
    assert (await _run(turn, FLAGGED[level][0])).outcome == level


async def test_a_crisis_and_an_emergency_each_give_their_number(turn: Turn) -> None:
    reply = await _run(turn, "i have crushing chest pain. i want to kill myself.")
    assert "911" in reply.messages[0].text
    assert "988" in reply.messages[1].text
    assert reply.answer_ids[:2] == ["safety/emergency", "safety/crisis"]


async def test_what_was_asked_is_answered_though_the_alert_fails(
    turn: Turn, alerts: FakeAlerts
) -> None:
    alerts.error = RuntimeError()
    reply = await _run(turn, "i have crushing chest pain. does it hurt?")
    assert reply.answer_ids == ["safety/emergency", "faq/does_it_hurt"]


@pytest.mark.parametrize("how", ["understanding", "actions", "silence", "hangs"])
async def test_without_a_red_flag_a_failure_is_an_apology_with_the_phone_number(
    rasa: FakeRasa, alerts: FakeAlerts, library: CardLibrary, gate: Gate, how: str
) -> None:
    turn = _turn(rasa, alerts, library, gate, deadline=0.05)
    _break(rasa, alerts, how)
    for channel in CHANNELS:
        reply = await asyncio.wait_for(_run(turn, "will it hurt", channel), 5)
        assert reply.answer_ids == ["handoff/human"]
        assert reply.outcome == "handoff"
        assert library.profile.phone in reply.messages[0].text


def _turn(
    rasa: FakeRasa, alerts: FakeAlerts, library: CardLibrary, gate: Gate, deadline: float = 5.0
) -> Turn:
    assistant, repository = cast(Assistant, rasa), cast(AlertRepository, alerts)
    return Turn(assistant, library, gate, repository, deadline)


async def test_a_failure_is_logged_without_the_patients_words(
    turn: Turn, rasa: FakeRasa, caplog: pytest.LogCaptureFixture
) -> None:
    rasa.respond_error = RuntimeError(PATIENT_WORDS)
    with caplog.at_level(logging.DEBUG, "bot"):
        await _run(turn, PATIENT_WORDS)
    assert "RuntimeError" in caplog.text
    assert PATIENT_WORDS not in caplog.text


@pytest.mark.parametrize("steps", range(8))
async def test_a_cancelled_turn_stays_cancelled(turn: Turn, rasa: FakeRasa, steps: int) -> None:
    rasa.hangs = True
    task = asyncio.ensure_future(_run(turn, "will it hurt"))
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=3)
    assert done
    assert task.cancelled()


async def test_nobody_waits_for_a_part_that_does_not_stop(
    rasa: FakeRasa,
    alerts: FakeAlerts,
    library: CardLibrary,
    gate: Gate,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may_end = asyncio.Event()

    async def stubborn(*values: object) -> list[dict[str, object]]:
        while not may_end.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await may_end.wait()
        return []

    monkeypatch.setattr(rasa, "respond", stubborn)
    turn = _turn(rasa, alerts, library, gate, deadline=0.05)
    done, _ = await asyncio.wait({asyncio.ensure_future(_run(turn, "will it hurt"))}, timeout=3)
    may_end.set()
    (task,) = done
    assert library.profile.phone in task.result().messages[0].text


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_warning_alone_needs_nothing_but_the_gate(
    turn: Turn, rasa: FakeRasa, alerts: FakeAlerts, level: str, channel: str
) -> None:
    text, number = FLAGGED[level]
    reply = turn.warning_only(channel, text)
    assert reply is not None
    assert number in reply.messages[0].text
    assert reply.answer_ids == [f"safety/{level}"]
    assert rasa.calls == []
    assert alerts.raised == []


def test_there_is_no_warning_without_a_red_flag(turn: Turn) -> None:
    assert turn.warning_only("web", "will it hurt") is None


def _expiring(library: CardLibrary) -> CardLibrary:
    """The shipped cards, on a day they may all be served; the day can be moved."""
    return CardLibrary.load(Settings.from_env({}).answers_dir, library.profile)


@pytest.mark.parametrize("text", ["will it hurt", "???"])
async def test_cards_that_expire_while_serving_leave_nobody_without_a_word(
    rasa: FakeRasa, alerts: FakeAlerts, library: CardLibrary, gate: Gate, text: str
) -> None:
    cards = _expiring(library)
    turn = _turn(rasa, alerts, cards, gate)
    rasa.respond_error = CardUnavailable("The card may not be served.")
    cards._today = date(2999, 1, 1)
    assert library.profile.phone in (await _run(turn, text)).messages[0].text
    for level, (flagged, number) in FLAGGED.items():
        reply = await _run(turn, flagged)
        assert (reply.outcome, number in reply.messages[0].text) == (level, True)


def test_no_turn_is_made_without_a_warning_that_may_be_served(
    rasa: FakeRasa,
    alerts: FakeAlerts,
    library: CardLibrary,
    gate: Gate,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cards = _expiring(library)
    for topic in (f"safety/{level.value}" for level in Level):
        monkeypatch.setattr(cards, "has", lambda asked, topic=topic: asked != topic)
        with pytest.raises(CardUnavailable, match=topic):
            _turn(rasa, alerts, cards, gate)


class Colleague:
    """Has every conversation, or none; or cannot tell."""

    def __init__(self, has: bool = True, error: Exception | None = None) -> None:
        self.has = has
        self.error = error

    async def heard_from(self, conversation_id: str) -> bool:
        if self.error is not None:
            raise self.error
        return self.has


@pytest.fixture
def colleague(turn: Turn, monkeypatch: pytest.MonkeyPatch) -> Colleague:
    found = Colleague()
    monkeypatch.setattr(turn, "_people", found)
    return found


@pytest.mark.parametrize("text", ["will it hurt", "yes", "Opening hours", "", "??", "/restart"])
async def test_while_a_person_answers_the_assistant_is_silent(
    turn: Turn, rasa: FakeRasa, alerts: FakeAlerts, colleague: Colleague, text: str
) -> None:
    reply = await _run(turn, text)
    assert (reply.messages, reply.outcome, reply.intent) == ((), "with_staff", None)
    assert (rasa.calls, rasa.recalled, alerts.raised) == ([], [], [])
    colleague.has = False
    assert (await _run(turn, text)).messages


@pytest.mark.usefixtures("colleague")
async def test_a_red_flag_is_warned_of_also_then_and_nothing_else_is_said(
    turn: Turn, rasa: FakeRasa, alerts: FakeAlerts, level: str
) -> None:
    text, number = FLAGGED[level]
    (message,) = (await _run(turn, f"{text}, and how much is a visit")).messages
    assert number in message.text.split(". ")[0]
    assert alerts.raised[0][:2] == ("red_flag", level)
    assert rasa.calls == []


async def test_the_second_opinion_warns_also_then(
    turn: Turn, rasa: FakeRasa, alerts: FakeAlerts, colleague: Colleague
) -> None:
    rasa.topic = "safety/crisis"
    (message,) = (await _run(turn, "something odd is going on")).messages
    assert "988" in message.text
    assert [raised[1] for raised in alerts.raised] == ["crisis"]
    assert rasa.calls == []
    rasa.parse_error = RuntimeError()
    assert (await _run(turn, "something odd is going on")).messages == ()


async def test_where_nobody_knows_who_answers_the_clinics_number_is_given(
    turn: Turn, rasa: FakeRasa, library: CardLibrary, colleague: Colleague
) -> None:
    colleague.error = OSError()
    reply = await _run(turn, "will it hurt")
    assert reply.messages[0].text == library.render("other/technical_trouble", "web").text
    assert rasa.calls == []
    assert "911" in (await _run(turn, FLAGGED["emergency"][0])).messages[0].text


async def test_a_keyword_is_answered_also_then(turn: Turn, colleague: Colleague) -> None:
    reply = await turn.run("sms:+1", "sms", "privacy", "m1", is_keyword=True)
    assert reply.outcome == "answer"


async def test_what_was_answered_before_a_crash_is_said_again_also_then(
    turn: Turn, rasa: FakeRasa, colleague: Colleague
) -> None:
    rasa.said_before = [{"text": "Your reference is B7K-3QD.", "answer_ids": ["booking/request"]}]
    reply = await turn.run("web:a", "web", "yes", "m1", again=True)
    assert reply.messages[0].text == "Your reference is B7K-3QD."
