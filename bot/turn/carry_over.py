"""What of a web chat's dialogue goes on by text message; pure functions over Rasa's events.

Taken along are the last answer, so that "and how long does it take?" finds what it leans on, and a
request under way with its pending question. The talk itself stays where it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.continuing.model import Carried, Event
from bot.turn.before import ASKS, MOVED, PAUSED, is_held, last_told

PREFIX, REQUESTED = "booking_", "requested_slot"
TOPIC = "booking/request"
# Rasa's own beginning of a session; slots and forms of an earlier one are gone after it.
OPENING: tuple[dict[str, Any], ...] = (
    {"event": "action", "name": "action_session_start"},
    {"event": "session_started"},
    {"event": "action", "name": "action_listen"},
)
TICK = 0.000_1


def carried(
    web: Sequence[Event], sms: Sequence[Event], now: float, word: str, *, is_busy: bool = False
) -> Carried:
    """What goes on.

    Args:
        web: The web chat's current session, oldest first.
        sms: The same of the text messages.
        now: Seconds since 1970; the new events' time.
        word: Said in the web chat where a request that was under way goes along.
        is_busy: Whether a text message waits for its answer.

    Returns:
        Nothing where the text messages are in the middle of a request themselves, or of an answer.
    """
    if is_busy or _form(sms) or _slots(sms):
        return Carried()
    form, slots = _form(web), _slots(web)
    waits = bool(slots) and not form and is_held(web)
    question = _question(web, bool(form)) if form or waits else None
    told = [*last_told(web)]
    if question is not None and question not in told:
        told.append(question)
    if not told and not form:
        return Carried()
    has_request = bool(form) or waits
    kept = {**slots, REQUESTED: _requested(web)} if form else slots if waits else {}
    arriving = [*OPENING, *told, *(_slot(name, value) for name, value in kept.items())]
    arriving += [_loop(form)] if form else []
    leaving = [*_put_away(kept, form), _said(word)] if has_request else []
    return Carried(
        question=str((question or {}).get("text") or ""),
        choices=_choices(question or {}),
        arriving=tuple(_timed(arriving, now)),
        leaving=tuple(_timed(leaving, now)),
        has_request=has_request,
    )


def _form(events: Sequence[Event]) -> str | None:
    names = [event.get("name") for event in events if event.get("event") == "active_loop"]
    return names[-1] if names else None


def _slots(events: Sequence[Event]) -> dict[str, Any]:
    """What a request holds so far."""
    found = {
        str(event["name"]): event.get("value")
        for event in events
        if event.get("event") == "slot" and str(event.get("name")).startswith(PREFIX)
    }
    return {name: value for name, value in found.items() if value is not None}


def _requested(events: Sequence[Event]) -> Any:
    asked = [event.get("value") for event in events if event.get("name") == REQUESTED]
    return asked[-1] if asked else None


def _question(events: Sequence[Event], is_open: bool) -> Event | None:
    """The bot's last question of the form, or its word that the request is on hold."""
    start = ASKS if is_open else PAUSED
    said = [event for event in events if event.get("event") == "bot"]
    asked = [
        e for e in said if str((e.get("metadata") or {}).get("utter_action")).startswith(start)
    ]
    return asked[-1] if asked else None


def _choices(question: Event) -> tuple[dict[str, str], ...]:
    buttons = (question.get("data") or {}).get("buttons") or []
    return tuple({"title": b["title"], "text": b["payload"]} for b in buttons)


def _put_away(kept: dict[str, Any], form: str | None) -> list[Event]:
    return [*(_slot(name, None) for name in kept), *([_loop(None)] if form else [])]


def _slot(name: str, value: Any) -> Event:
    return {"event": "slot", "name": name, "value": value}


def _loop(name: str | None) -> Event:
    return {"event": "active_loop", "name": name}


def _said(word: str) -> Event:
    metadata = {"utter_action": MOVED, "answer_ids": [TOPIC], "outcome": "booking"}
    return {"event": "bot", "text": word, "data": {}, "metadata": metadata}


def _timed(events: Sequence[Event], now: float) -> Iterator[Event]:
    """Each a little later than the one before: Rasa's moment of a form's opening names its run."""
    for step, event in enumerate(events):
        yield {**event, "timestamp": now + step * TICK}
