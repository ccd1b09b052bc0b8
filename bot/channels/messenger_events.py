"""Reads a batch of Messenger events: what is a patient's message, and what it says.

Source: Meta's reference of the webhook's ``messages``, ``messaging_postbacks`` and
``messaging_referrals`` events. Whatever else a page is sent (echoes, reads, deliveries, reactions)
is no message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from json import dumps
from typing import Any

from bot.channels.inbound import arrival_of
from bot.storage.inbox_queue import Arrival

CHANNEL = "messenger"
GET_STARTED = re.compile(r"get[ _-]?started", re.IGNORECASE)
# A name for machines, not something a patient would say.
CODE = re.compile(r"[A-Z0-9_:./|-]*")
THUMB = "\N{THUMBS UP SIGN}"
# Milliseconds; a time beyond it is no time, and would not fit a float.
MAX_TIME = 10**15
# Meta's own "like" button, in three sizes.
LIKES = frozenset({369239263222822, 369239343222814, 369239383222810})


def arrivals_in(batch: Mapping[str, Any]) -> list[Arrival]:
    """The patients' messages of a batch, in the order in which they were written.

    Args:
        batch: The parsed body; anything in it may be missing or of another kind.
    """
    events = [event for event in _events(batch) if _sender(event)]
    # Stable: events without a time, or of the same, stay as they came.
    events.sort(key=_written_at)
    found = (_arrival(event) for event in events)
    return [arrival for arrival in found if arrival is not None]


def _events(batch: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for entry in _list(batch.get("entry")):
        for event in _list(_dict(entry).get("messaging")):
            if isinstance(event, dict):
                yield event


def _arrival(event: Mapping[str, Any]) -> Arrival | None:
    if message := _dict(event.get("message")):
        return None if message.get("is_echo") else _of_message(event, message)
    if postback := _dict(event.get("postback")):
        return _of_postback(event, postback)
    if _dict(event.get("referral")):
        return _made(event, "", "", {"greets": True})
    return None


def _of_message(event: Mapping[str, Any], message: Mapping[str, Any]) -> Arrival | None:
    payload = _text(_dict(message.get("quick_reply")).get("payload"))
    text = _text(message.get("text"))
    files = [_dict(file) for file in _list(message.get("attachments"))]
    if not text and (message.get("sticker_id") in LIKES or any(map(_is_like, files))):
        text, files = THUMB, []
    if not text and not files:
        # Unsent or changed messages, and kinds that are still to be invented.
        return None
    detail = {"says": payload if _is_said(payload) else "", "files": len(files)}
    return _made(event, _text(message.get("mid")), text, detail)


def _of_postback(event: Mapping[str, Any], postback: Mapping[str, Any]) -> Arrival | None:
    payload, title = _text(postback.get("payload")), _text(postback.get("title"))
    detail: dict[str, Any] = {"says": payload if _is_said(payload) else ""}
    if GET_STARTED.fullmatch(payload) or GET_STARTED.fullmatch(title):
        detail = {"greets": True}
    return _made(event, _text(postback.get("mid")), title or payload, detail)


def _made(event: Mapping[str, Any], mid: str, text: str, detail: Mapping[str, Any]) -> Arrival:
    return arrival_of(CHANNEL, _sender(event), mid or _digest(event), text, detail)


def _is_said(payload: str) -> bool:
    """Whether a payload is in words: those that we send are; a menu's may be a code."""
    return bool(payload.strip()) and not CODE.fullmatch(payload)


def _is_like(file: Mapping[str, Any]) -> bool:
    return _dict(file.get("payload")).get("sticker_id") in LIKES


def _sender(event: Mapping[str, Any]) -> str:
    value = _dict(event.get("sender")).get("id")
    return str(value).strip() if isinstance(value, (str, int)) else ""


def _written_at(event: Mapping[str, Any]) -> float:
    value = event.get("timestamp")
    return float(value) if isinstance(value, (int, float)) and 0 <= value < MAX_TIME else 0.0


def _digest(event: Mapping[str, Any]) -> str:
    """A name for an event without one: the same event again has the same."""
    return sha256(dumps(event, sort_keys=True).encode()).hexdigest()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
