from __future__ import annotations

from typing import Any

import pytest
import yaml

from bot.content import CardLibrary
from bot.settings import ROOT
from bot.turn.before import AGAIN, NOTHING, TAKES_BACK, Before
from bot.turn.second_thoughts import CHOICES
from bot.turn.understanding import Understanding

from .conftest import FakeRasa

CHANGE, STATUS, REQUEST = "booking/change", "booking/status", "booking/request"
NOTED = Before("booking", (CHANGE,), moves="B7K-3QD")
ASKED = Before("booking", (CHANGE,), moves="B7K-3QD", key_for=CHANGE)
OWN = "faq/does_it_hurt"


async def _read(
    rasa: FakeRasa, library: CardLibrary, text: str, before: Before, own: str = OWN
) -> dict[str, Any]:
    rasa.said, rasa.topic = before, own

    async def recall() -> Before:
        return await rasa.before("a")

    return await Understanding(rasa, library).read(text, recall=recall)


def _topics(parsed: dict[str, Any]) -> list[str]:
    return list(parsed["decision"]["topics"])


def test_every_choice_of_the_form_is_known() -> None:
    responses = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
    asked = [r for name in responses if name.startswith("utter_ask_") for r in responses[name]]
    sent = {button["payload"].lower() for r in asked for button in r.get("buttons", ())}
    assert sent and sent <= CHOICES


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Text me", STATUS),
        ("text me ", STATUS),
        ("No, don’t send it", "dialogue/deny"),
    ],
)
async def test_a_choice_tapped_again_after_the_form_hears_how_things_stand(
    rasa: FakeRasa, library: CardLibrary, text: str, topic: str
) -> None:
    before = Before("booking", (REQUEST,), tapped=text.replace("’", "'"))
    parsed = await _read(rasa, library, text, before)
    assert _topics(parsed) == [topic]
    assert AGAIN not in parsed


async def test_a_choice_tapped_again_inside_the_form_fills_nothing(
    rasa: FakeRasa, library: CardLibrary
) -> None:
    tapped = "It's my first visit"
    before = Before("booking", (REQUEST,), is_booking=True, tapped=tapped)
    parsed = await _read(rasa, library, tapped, before)
    assert (_topics(parsed), parsed[AGAIN]) == ([REQUEST], True)


@pytest.mark.parametrize(
    ("text", "tapped"),
    [("Call me", "Text me"), ("Text me", ""), ("yes", "yes"), ("Sam", "Sam")],
)
async def test_anything_else_is_read_as_it_stands(
    rasa: FakeRasa, library: CardLibrary, text: str, tapped: str
) -> None:
    before = Before("booking", (REQUEST,), is_booking=True, tapped=tapped)
    assert _topics(await _read(rasa, library, text, before)) == [OWN]


@pytest.mark.parametrize(
    ("text", "before", "own"),
    [
        ("never mind, keep it as it is", NOTED, OWN),
        ("actually leave it", NOTED, "dialogue/stop"),
        ("please don’t move it", NOTED, CHANGE),
        ("I changed my mind", ASKED, OWN),
        ("keep my tuesday visit", NOTED, OWN),
        ("stop", NOTED, "dialogue/stop"),
        ("no thanks", ASKED, "dialogue/deny"),
    ],
)
async def test_a_wish_to_move_can_be_taken_back(
    rasa: FakeRasa, library: CardLibrary, text: str, before: Before, own: str
) -> None:
    parsed = await _read(rasa, library, text, before, own)
    assert (_topics(parsed), parsed.get(TAKES_BACK)) == ([CHANGE], True)


@pytest.mark.parametrize(
    ("text", "before", "own"),
    [
        ("never mind, keep it as it is", NOTHING, OWN),
        ("never mind, keep it as it is", Before(is_booking=True, moves="B7K-3QD"), OWN),
        ("no", NOTED, "dialogue/deny"),
        ("leave it but make it 3", NOTED, OWN),
        ("forget it, cancel my visit", NOTED, "booking/cancel"),
        ("can you keep it?", NOTED, OWN),
        ("never mind the pain", NOTED, "safety/urgent"),
        ("does it hurt", NOTED, OWN),
    ],
)
async def test_what_takes_nothing_back_is_read_as_it_stands(
    rasa: FakeRasa, library: CardLibrary, text: str, before: Before, own: str
) -> None:
    parsed = await _read(rasa, library, text, before, own)
    assert (_topics(parsed), parsed.get(TAKES_BACK)) == ([own], None)


async def test_another_choice_of_a_sent_request_hears_how_things_stand(
    rasa: FakeRasa, library: CardLibrary
) -> None:
    before = Before("booking", (REQUEST,), tapped="Text me")
    for text in ("Call me", "No, don't send it"):
        assert _topics(await _read(rasa, library, text, before)) == [STATUS]
