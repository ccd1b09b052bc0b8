"""What was said just before a message: read from the newest events of its conversation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Turns that answer nothing one could lean on; the turn before them still counts.
PASSING = frozenset({"smalltalk"})

# What asks for a field of a booking request begins so.
ASKS = "utter_ask_booking"
# Said when a booking request is put on hold.
PAUSED = "utter_booking_paused"
# Said when it has been taken up again, is over, or goes on by text message.
MOVED = "utter_booking_moved"
GOES_ON = (
    ASKS,
    "utter_booking_received",
    "utter_booking_not_sent",
    "utter_booking_abandoned",
    MOVED,
)

# Under which names a message's parse data says that it takes a move back, or taps a choice again.
TAKES_BACK, AGAIN = "takes_back", "again"

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Before:
    """The last things the assistant said.

    Attributes:
        outcome: What the last turn that was no small talk came to; empty when there is none.
        topics: Topics it answered or offered, in order.
        choices: The titles of the choices that the very last turn put to the patient.
        asked: Whether that turn was a question which of them was meant.
        is_booking: Whether a booking request is being filled in.
        is_held: Whether a booking request waits on hold, for a red flag or a person.
        key_for: What the very last turn asked a reference and a phone number for, such as
            ``booking/cancel``; empty when it did not.
        moves: Reference of the request that the very last turn spoke of moving; empty otherwise.
        tapped: What the patient wrote last, where a choice of the form's was put before it that the
            very last turn does not put again; empty otherwise.
    """

    outcome: str = ""
    topics: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    asked: bool = False
    is_booking: bool = False
    is_held: bool = False
    key_for: str = ""
    moves: str = ""
    tapped: str = ""


NOTHING = Before()


def read_before(events: Sequence[Event]) -> Before:
    """Reads the newest events of a session.

    Args:
        events: Stored events (``user``, ``bot``, ``active_loop``) in order, oldest first.
    """
    turns = [turn for turn in _turns(events) if turn]
    if not turns:
        return NOTHING
    told = last_told(events)
    loops = [event.get("name") for event in events if event.get("event") == "active_loop"]
    return Before(
        outcome=_outcome(told),
        topics=tuple(dict.fromkeys(topic for event in told for topic in _ids(event))),
        choices=tuple(b["title"] for event in turns[-1] for b in _buttons(event)),
        asked=_outcome(turns[-1]) == "clarify",
        is_booking=bool(loops and loops[-1]),
        is_held=is_held(events),
        key_for=_key_in(turns[-1]).get("topic") or "",
        moves=_moved_in(turns[-1]),
        tapped=_tapped(events),
    )


def last_told(events: Sequence[Event]) -> list[Event]:
    """What was said in the last turn that was no small talk; what a follow-up leans on."""
    turns = [turn for turn in _turns(events) if turn]
    return next((turn for turn in reversed(turns) if _outcome(turn) not in PASSING), [])


def is_held(events: Sequence[Event]) -> bool:
    """Whether the last form that was open was left with the word that it waits."""
    held = False
    for event in events:
        said = str(_metadata(event).get("utter_action") or "")
        is_opened = event.get("event") == "active_loop" and bool(event.get("name"))
        held = said == PAUSED or (held and not is_opened and not said.startswith(GOES_ON))
    return held


def asked_key(events: Sequence[Event]) -> dict[str, Any]:
    """The key the assistant asked for just before the latest message: ``topic``, ``reference``.

    Args:
        events: As ``read_before`` reads them, with the latest message.

    Returns:
        Empty when it asked for none.
    """
    turns = list(_turns(events))
    return _key_in(turns[-2]) if len(turns) > 1 else {}


def moved_before(events: Sequence[Event]) -> str:
    """Reference of the request whose move was spoken of just before the latest message.

    Args:
        events: As ``read_before`` reads them, with the latest message.
    """
    turns = list(_turns(events))
    return _moved_in(turns[-2]) if len(turns) > 1 else ""


def said_to(events: Sequence[Event], message_id: str) -> list[dict[str, Any]]:
    """What the assistant said to one message, in the form an output channel gets it.

    Args:
        events: As ``read_before`` reads them.
        message_id: The sender's id of the message.

    Returns:
        Empty when the message is not among the events, or nothing was said to it.
    """
    said: list[dict[str, Any]] = []
    is_inside = False
    for event in events:
        if event.get("event") == "user":
            is_inside = event.get("message_id") == message_id
        elif is_inside and event.get("event") == "bot":
            said.append({"text": event.get("text"), "buttons": _buttons(event), **_metadata(event)})
    return said


def _key_in(turn: Sequence[Event]) -> dict[str, Any]:
    asked = [_metadata(event).get("asks_key") for event in turn]
    return dict(next(filter(None, asked), {}))


def _moved_in(turn: Sequence[Event]) -> str:
    return next(filter(None, (str(_metadata(event).get("moves") or "") for event in turn)), "")


def _tapped(events: Sequence[Event]) -> str:
    """What was written last, where it answered a choice of the booking form's."""
    heard = [place for place, event in enumerate(events) if event.get("event") == "user"]
    if len(heard) < 2:  # noqa: PLR2004
        return ""
    put = _form_choices(events[heard[-2] : heard[-1]])
    is_put_again = bool(put & _form_choices(events[heard[-1] :]))
    return str(events[heard[-1]].get("text") or "") if put and not is_put_again else ""


def _form_choices(events: Sequence[Event]) -> set[str]:
    asked = (e for e in events if str(_metadata(e).get("utter_action") or "").startswith(ASKS))
    return {str(button.get("payload")) for event in asked for button in _buttons(event)}


def _turns(events: Sequence[Event]) -> Iterator[list[Event]]:
    """What the assistant said after each of the patient's messages."""
    turn: list[Event] = []
    for event in events:
        if event.get("event") == "user":
            yield turn
            turn = []
        elif event.get("event") == "bot":
            turn.append(event)
    yield turn


def _outcome(turn: Sequence[Event]) -> str:
    return str(_metadata(turn[0]).get("outcome") or "") if turn else ""


def _ids(event: Event) -> list[str]:
    return list(_metadata(event).get("answer_ids") or [])


def _metadata(event: Event) -> Mapping[str, Any]:
    return event.get("metadata") or {}


def _buttons(event: Event) -> list[dict[str, Any]]:
    return list((event.get("data") or {}).get("buttons") or [])
