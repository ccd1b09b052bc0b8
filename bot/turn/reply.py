"""What one turn puts out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ReplyMessage:
    """One message to the patient.

    Attributes:
        text: The words.
        answer_ids: Topic ids answered or offered by it.
        choices: ``{"title", "text"}`` for each button; ``text`` is what choosing it sends.
        source: One line naming where the words come from; may be empty.
        outcome: What kind of reply this is, as in the results of ``bot ask``.
    """

    text: str
    answer_ids: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    source: str = ""
    outcome: str = "answer"

    def as_json(self) -> dict[str, Any]:
        """The message as channels and the inbox keep it."""
        return {
            "text": self.text,
            "answer_ids": list(self.answer_ids),
            "choices": [{"title": title, "text": text} for title, text in self.choices],
            "source": self.source,
        }


# What a message comes to that a person of the clinic answers.
WITH_STAFF = "with_staff"


@dataclass(frozen=True)
class Reply:
    """All messages of a turn and how it was understood.

    Attributes:
        messages: In the order they are sent; empty only while a person has the conversation.
        intent: Best topic id, or None when nothing was understood.
        confidence: Its probability.
    """

    messages: tuple[ReplyMessage, ...]
    intent: str | None = None
    confidence: float = 0.0

    @property
    def outcome(self) -> str:
        """The first message's: a warning always stands first."""
        return self.messages[0].outcome if self.messages else WITH_STAFF

    @property
    def answer_ids(self) -> list[str]:
        """Every id, in order, once."""
        return list(dict.fromkeys(i for message in self.messages for i in message.answer_ids))

    def as_json(self) -> list[dict[str, Any]]:
        """The messages as channels and the inbox keep them."""
        return [message.as_json() for message in self.messages]


# A person has the conversation: the assistant says nothing.
SILENCE = Reply(())


def from_events(events: Sequence[dict[str, Any]]) -> tuple[ReplyMessage, ...]:
    """Reads the messages Rasa sent.

    Args:
        events: The dictionaries handed to the output channel, in order.
    """
    return tuple(_from_event(event) for event in events if event.get("text"))


def _from_event(event: dict[str, Any]) -> ReplyMessage:
    # The form asks by `utter_ask_…` responses, which carry no ids of their own.
    ids = event.get("answer_ids") or _ids_of(event.get("utter_action") or "")
    buttons = event.get("buttons") or []
    return ReplyMessage(
        text=event["text"].strip(),
        answer_ids=tuple(ids),
        choices=tuple((button["title"], button["payload"]) for button in buttons),
        source=event.get("source") or "",
        outcome=event.get("outcome") or ("booking" if ids else "smalltalk"),
    )


def _ids_of(utterance: str) -> list[str]:
    return ["booking/request"] if "booking" in utterance else []
