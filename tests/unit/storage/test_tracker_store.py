from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import select

from bot.storage.database import Database, DatabaseUnavailable
from bot.storage.tables import tracker_events
from bot.storage.tracker_store import RECENT, DatabaseTrackerStore
from storage.databases import KEYS

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [faq]
    slots:
      booking_name:
        type: any
        influence_conversation: false
        mappings: [{type: custom}]
    """
)
PARSED = {"decision": {"outcome": "answer", "topics": ["faq/does_it_hurt"]}, "also": ["a", "b"]}


class Broker:
    def __init__(self) -> None:
        self.published: list[dict[str, Any]] = []

    def publish(self, event: dict[str, Any]) -> None:
        self.published.append(event)


@pytest.fixture
def store(database: Database) -> DatabaseTrackerStore:
    return DatabaseTrackerStore(DOMAIN, database)


def _session() -> list[Event]:
    return [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
    ]


def _turn(text: str = "does it hurt 😀") -> list[Event]:
    return [
        UserUttered(text, {"name": "faq", "confidence": 0.9}, parse_data=dict(PARSED)),
        SlotSet("booking_name", "Sam"),
        ActiveLoop("booking_form"),
        BotUttered("Very little.", {"buttons": [{"title": "Fees", "payload": "Fees"}]}),
        ActionExecuted("action_listen"),
    ]


async def _append(
    store: DatabaseTrackerStore, sender: str, events: list[Event]
) -> DialogueStateTracker:
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    for event in events:
        tracker.update(event, DOMAIN)
    await store.save(tracker)
    return tracker


async def _rows(database: Database, sender: str) -> list[Any]:
    query = select(tracker_events).where(tracker_events.c.sender_id == sender)
    async with database.read() as connection:
        return list(await connection.execute(query.order_by(tracker_events.c.id)))


async def _kept(store: DatabaseTrackerStore, sender: str) -> DialogueStateTracker:
    tracker = await store.retrieve(sender)
    assert tracker is not None
    return tracker


async def test_an_unknown_conversation_is_none(store: DatabaseTrackerStore) -> None:
    assert await store.retrieve("nobody") is None
    assert await store.retrieve_full_tracker("nobody") is None


async def test_a_conversation_comes_back_as_it_was(store: DatabaseTrackerStore) -> None:
    saved = await _append(store, "web:a", [*_session(), *_turn()])
    kept = await _kept(store, "web:a")
    # All but the action that opened the session, which Rasa leaves before it as well.
    assert [e.as_dict() for e in kept.events] == [e.as_dict() for e in list(saved.events)[1:]]
    assert kept.get_slot("booking_name") == "Sam"
    assert kept.active_loop_name == "booking_form"
    assert kept.latest_message is not None
    assert kept.latest_message.parse_data["decision"] == PARSED["decision"]


async def test_turns_are_appended_and_never_rewritten(
    store: DatabaseTrackerStore, database: Database
) -> None:
    await _append(store, "web:a", [*_session(), *_turn("one")])
    before = await _rows(database, "web:a")
    await _append(store, "web:a", _turn("two"))
    after = await _rows(database, "web:a")
    assert after[: len(before)] == before
    assert len(after) == len(before) + len(_turn())


async def test_saving_the_same_again_writes_nothing(
    store: DatabaseTrackerStore, database: Database
) -> None:
    tracker = await _append(store, "web:a", [*_session(), *_turn()])
    before = await _rows(database, "web:a")
    await store.save(tracker)
    await store.save(tracker)
    assert await _rows(database, "web:a") == before


async def test_a_new_session_is_appended_once_though_it_is_saved_twice(
    store: DatabaseTrackerStore, database: Database
) -> None:
    await _append(store, "web:a", [*_session(), *_turn("old")])
    tracker = await _append(store, "web:a", [*_session(), *_turn("new")])
    before = await _rows(database, "web:a")
    tracker.update(ActionExecuted("action_listen"), DOMAIN)
    await store.save(tracker)
    assert len(await _rows(database, "web:a")) == len(before) + 1


async def test_only_the_latest_session_is_retrieved(store: DatabaseTrackerStore) -> None:
    await _append(store, "web:a", [*_session(), *_turn("old")])
    await _append(store, "web:a", [*_session(), *_turn("new")])
    kept = await _kept(store, "web:a")
    assert [e.text for e in kept.events if isinstance(e, UserUttered)] == ["new"]
    assert isinstance(kept.events[0], SessionStarted)


async def test_the_full_tracker_has_every_session(store: DatabaseTrackerStore) -> None:
    await _append(store, "web:a", [*_session(), *_turn("old")])
    await _append(store, "web:a", [*_session(), *_turn("new")])
    full = await store.retrieve_full_tracker("web:a")
    assert full is not None
    assert [e.text for e in full.events if isinstance(e, UserUttered)] == ["old", "new"]


async def test_a_turn_after_a_new_session_joins_it(
    store: DatabaseTrackerStore, database: Database
) -> None:
    await _append(store, "web:a", [*_session(), *_turn("old")])
    await _append(store, "web:a", _session())
    await _append(store, "web:a", _turn("new"))
    kept = await _kept(store, "web:a")
    assert [e.text for e in kept.events if isinstance(e, UserUttered)] == ["new"]
    assert len(await _rows(database, "web:a")) == 2 * len(_session()) + 2 * len(_turn())


async def test_a_restart_of_the_conversation_survives(store: DatabaseTrackerStore) -> None:
    await _append(store, "web:a", [*_session(), *_turn(), Restarted()])
    assert (await _kept(store, "web:a")).get_slot("booking_name") is None


async def test_conversations_are_kept_apart(store: DatabaseTrackerStore) -> None:
    first = await store.get_or_create_tracker("web:a", append_action_listen=False)
    second = await store.get_or_create_tracker("web:b", append_action_listen=False)
    for tracker, text in ((first, "from a"), (second, "from b")):
        for event in _turn(text):
            tracker.update(event, DOMAIN)
    await store.save(second)
    await store.save(first)
    for sender, text in (("web:a", "from a"), ("web:b", "from b")):
        message = (await _kept(store, sender)).latest_message
        assert message is not None
        assert message.text == text
    assert sorted(await store.keys()) == ["web:a", "web:b"]


async def test_a_conversation_survives_a_restart_of_the_process(
    store: DatabaseTrackerStore, database_url: str
) -> None:
    await _append(store, "web:a", [*_session(), *_turn("before")])
    reopened = Database(database_url, keys=KEYS)
    try:
        again = DatabaseTrackerStore(DOMAIN, reopened)
        assert (await _kept(again, "web:a")).get_slot("booking_name") == "Sam"
        await _append(again, "web:a", _turn("after"))
        kept = await _kept(again, "web:a")
        texts = [e.text for e in kept.events if isinstance(e, UserUttered)]
        assert texts == ["before", "after"]
    finally:
        await reopened.close()


async def test_a_tracker_that_was_not_retrieved_here_is_appended_to(
    store: DatabaseTrackerStore, database: Database
) -> None:
    await _append(store, "web:a", [*_session(), *_turn("one")])
    tracker = copy.deepcopy(await _kept(store, "web:a"))
    before = await _rows(database, "web:a")
    tracker.update(SlotSet("booking_name", None), DOMAIN)
    await DatabaseTrackerStore(DOMAIN, database).save(tracker)
    assert len(await _rows(database, "web:a")) == len(before) + 1


@pytest.mark.parametrize("text", ["", "<b>x</b>", "'); drop table x; --", "a\0b", "疼"])
async def test_any_text_survives(store: DatabaseTrackerStore, text: str) -> None:
    await _append(store, "web:a", _turn(text))
    message = (await _kept(store, "web:a")).latest_message
    assert message is not None
    assert message.text == text


async def test_a_broker_hears_each_new_event_once(database: Database) -> None:
    broker = Broker()
    store = DatabaseTrackerStore(DOMAIN, database, broker)
    await _append(store, "web:a", _turn("one"))
    assert [e["event"] for e in broker.published] == [e.type_name for e in _turn()]
    assert {e["sender_id"] for e in broker.published} == {"web:a"}
    broker.published.clear()
    await _append(store, "web:a", _turn("two"))
    assert [e["text"] for e in broker.published if e["event"] == "user"] == ["two"]


async def test_a_failing_database_is_not_silent(tmp_path: Path) -> None:
    store = DatabaseTrackerStore(DOMAIN, Database(f"sqlite:///{tmp_path}"))
    with pytest.raises(DatabaseUnavailable):
        await store.retrieve("web:a")


async def test_the_newest_things_said_are_read_in_order(store: DatabaseTrackerStore) -> None:
    await _append(store, "a", [*_session(), *_turn("one"), *_turn("two")])
    await _append(store, "b", [*_session(), *_turn("another conversation")])
    recent = await store.recent("a")
    assert [event["event"] for event in recent] == ["user", "bot", "user", "active_loop", "bot"]
    assert [e["text"] for e in recent if e["event"] == "user"] == ["one", "two"]
    assert recent[1]["data"]["buttons"] == [{"title": "Fees", "payload": "Fees"}]


async def test_no_more_than_the_newest_is_read_but_the_form_is_known(
    store: DatabaseTrackerStore,
) -> None:
    said = [event for n in range(RECENT) for event in _turn(str(n))[::3]]
    await _append(store, "a", [*_session(), ActiveLoop("booking_form"), *said])
    recent = await store.recent("a")
    assert recent[0] == ActiveLoop("booking_form").as_dict() | {"timestamp": recent[0]["timestamp"]}
    assert len(recent) == RECENT + 1
    assert recent[-2]["text"] == str(RECENT - 1)


async def test_an_earlier_session_is_not_read(store: DatabaseTrackerStore) -> None:
    await _append(store, "a", [*_session(), *_turn("before"), *_session()])
    assert await store.recent("a") == []
    assert await store.recent("nobody") == []
