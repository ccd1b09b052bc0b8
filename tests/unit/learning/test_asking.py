from __future__ import annotations

from itertools import count
from types import SimpleNamespace
from typing import Any, cast

from bot.learning.asking import Asking
from bot.services import Services
from bot.turn.reply import Reply, ReplyMessage
from bot.turn.turn import Turn


class FakeTurn:
    def __init__(self) -> None:
        self.calls: list[tuple[str, str, str, str]] = []

    async def run(self, *call: Any) -> Reply:
        self.calls.append(call)
        messages = (
            ReplyMessage("Call 911 now.", ("safety/emergency",), outcome="emergency"),
            ReplyMessage("A visit costs $100.", ("clinic/fees",)),
        )
        return Reply(messages, "safety/emergency", 0.98765)


async def test_an_answer_has_the_documented_form() -> None:
    turn = FakeTurn()
    asking = Asking(cast(Services, SimpleNamespace()), cast(Turn, turn), count())
    answer = await asking.ask("chest pain, how much?")
    assert list(answer) == ["text", "intent", "confidence", "outcome", "answer_ids", "reply", "ms"]
    ms = answer.pop("ms")
    assert isinstance(ms, float)
    assert answer == {
        "text": "chest pain, how much?",
        "intent": "safety/emergency",
        "confidence": 0.9877,
        "outcome": "emergency",
        "answer_ids": ["safety/emergency", "clinic/fees"],
        "reply": ["Call 911 now.", "A visit costs $100."],
    }


async def test_each_text_is_the_first_message_of_a_new_conversation() -> None:
    turn = FakeTurn()
    asking = Asking(cast(Services, SimpleNamespace()), cast(Turn, turn), count())
    for text in ("one", "one", "two"):
        await asking.ask(text)
    assert len({conversation for conversation, *_ in turn.calls}) == 3
    assert [text for _, _, text, _ in turn.calls] == ["one", "one", "two"]


async def test_what_came_before_is_said_in_the_same_conversation() -> None:
    turn = FakeTurn()
    asking = Asking(cast(Services, SimpleNamespace()), cast(Turn, turn), count())
    answer = await asking.ask("three", ["one", "two"])
    assert answer["text"] == "three"
    assert len({conversation for conversation, *_ in turn.calls}) == 1
    assert [text for _, _, text, _ in turn.calls] == ["one", "two", "three"]
    assert len({number for *_, number in turn.calls}) == 3
