from __future__ import annotations

from typing import Any

from bot.turn.before import NOTHING, Before, asked_key, moved_before, read_before, said_to

USER = {"event": "user", "text": "a"}
OPENED = {"event": "active_loop", "name": "booking_form"}
CLOSED = {"event": "active_loop", "name": None}


def _bot(outcome: str | None, *ids: str, choices: tuple[str, ...] = ()) -> dict[str, Any]:
    buttons = [{"title": title, "payload": title} for title in choices]
    metadata = {"outcome": outcome, "answer_ids": list(ids)} if outcome else {"utter_action": "x"}
    return {"event": "bot", "text": "b", "data": {"buttons": buttons}, "metadata": metadata}


def test_nothing_was_said_at_first() -> None:
    assert read_before([]) == NOTHING
    assert read_before([USER]) == NOTHING


def test_the_last_answer_counts() -> None:
    events = [USER, _bot("answer", "clinic/fees"), USER, _bot("answer", "clinic/hours")]
    assert read_before(events) == Before("answer", ("clinic/hours",))


def test_all_messages_of_a_turn_count_once() -> None:
    hours = _bot("answer", "clinic/hours", choices=("Fees",))
    events = [USER, hours, _bot("answer", "clinic/fees", "clinic/hours", choices=("Contact",))]
    assert read_before(events) == Before(
        "answer", ("clinic/hours", "clinic/fees"), ("Fees", "Contact")
    )


def test_an_offer_is_known_as_one() -> None:
    events = [USER, _bot("clarify", "clinic/fees", choices=("Fees",))]
    assert read_before(events) == Before("clarify", ("clinic/fees",), ("Fees",), asked=True)


def test_small_talk_does_not_hide_the_answer_before_it() -> None:
    events = [
        USER,
        _bot("clarify", "clinic/fees", choices=("Fees",)),
        USER,
        _bot("smalltalk", "smalltalk/thanks"),
    ]
    assert read_before(events) == Before("clarify", ("clinic/fees",))


def test_small_talk_alone_is_nothing_to_lean_on_but_its_choices() -> None:
    events = [USER, _bot("smalltalk", "smalltalk/greet", choices=("Fees",))]
    assert read_before(events) == Before(choices=("Fees",))


def test_a_form_is_open_until_it_is_closed() -> None:
    question = _bot(None)
    assert read_before([USER, OPENED, question]).is_booking
    assert read_before([OPENED, USER, _bot("answer", "clinic/fees")]).is_booking
    assert not read_before([USER, OPENED, question, USER, CLOSED, question]).is_booking


def test_a_stored_event_may_lack_everything() -> None:
    assert read_before([USER, {"event": "bot", "metadata": None, "data": None}]) == NOTHING


def _asking(topic: str) -> dict[str, Any]:
    asks = {"topic": topic, "reference": "B7K-3QD"}
    return {"event": "bot", "text": "b", "metadata": {"asks_key": asks}}


def test_a_key_that_was_asked_for_counts_for_the_very_next_message() -> None:
    asked = [USER, _bot("booking", "booking/cancel"), _asking("booking/cancel")]
    assert read_before(asked).key_for == "booking/cancel"
    assert read_before([*asked, USER, _bot("answer", "clinic/fees")]).key_for == ""
    assert asked_key([*asked, USER])["reference"] == "B7K-3QD"
    assert asked_key([*asked, USER, _bot("answer", "clinic/fees"), USER]) == {}
    assert asked_key([]) == {}


def test_what_was_said_to_one_message_is_found_again() -> None:
    one, two = ({"event": "user", "message_id": message} for message in ("m1", "m2"))
    answer = _bot("booking", "booking/request", choices=("Fees",))
    events = [one, answer, answer, two, _bot("answer", "clinic/fees")]
    first, second = said_to(events, "m1")
    assert first == second
    assert first["buttons"] == [{"title": "Fees", "payload": "Fees"}]
    assert (first["text"], first["answer_ids"]) == ("b", ["booking/request"])
    assert said_to(events, "m3") == []


def _said(response: str) -> dict[str, Any]:
    return {"event": "bot", "text": "b", "data": {}, "metadata": {"utter_action": response}}


def test_a_request_on_hold_is_known_until_it_goes_on() -> None:
    held = [
        USER,
        OPENED,
        _said("utter_ask_booking_name"),
        USER,
        _said("utter_booking_paused"),
        CLOSED,
    ]
    assert read_before(held).is_held
    assert read_before([*held, USER, _bot("answer", "clinic/fees")]).is_held
    assert not read_before([*held, USER, OPENED, _said("utter_ask_booking_name")]).is_held
    assert not read_before([*held, USER, _said("utter_booking_received")]).is_held
    assert not read_before([USER, OPENED, _said("utter_ask_booking_name")]).is_held


def _moving(reference: str) -> dict[str, Any]:
    return {"event": "bot", "text": "b", "metadata": {"moves": reference}}


def test_a_move_spoken_of_counts_for_the_very_next_message() -> None:
    asked = [USER, _moving("B7K-3QD")]
    assert read_before(asked).moves == "B7K-3QD"
    assert moved_before([*asked, USER]) == "B7K-3QD"
    later = [*asked, USER, _bot("answer", "clinic/fees")]
    assert (read_before(later).moves, moved_before([*later, USER])) == ("", "")
    assert moved_before([]) == ""


def _asking_for(field: str, *payloads: str) -> dict[str, Any]:
    buttons = [{"title": p, "payload": p} for p in payloads]
    metadata = {"utter_action": f"utter_ask_booking_{field}"}
    return {"event": "bot", "text": "b", "data": {"buttons": buttons}, "metadata": metadata}


def test_a_choice_of_the_form_that_was_answered_is_known() -> None:
    tapped = {"event": "user", "text": "Text me"}
    put = [USER, _asking_for("consent", "Text me", "Call me")]
    done = _bot("booking", "booking/request")
    assert read_before([*put, tapped, done]).tapped == "Text me"
    # The same question again waits for its answer.
    assert read_before([*put, tapped, *put[1:]]).tapped == ""
    assert read_before([USER, _asking_for("name"), tapped, done]).tapped == ""
    assert read_before([*put, tapped, done, USER, done]).tapped == ""
    assert read_before(put).tapped == ""
