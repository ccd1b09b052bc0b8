from __future__ import annotations

import pytest

from bot.content import CardLibrary
from bot.turn.before import NOTHING, Before
from bot.turn.understanding import Understanding

from .conftest import FakeRasa

REFERENCE, PHONE = "B7K-3QD", "780 555 0199"
STATUS, CANCEL, CHANGE = "booking/status", "booking/cancel", "booking/change"
ASKED = Before("booking", (CANCEL,), key_for=CANCEL)
IN_FORM = Before("booking", (CANCEL,), is_booking=True, key_for=CANCEL)
CANCELLING = [("clinic/fees", 0.5), (CANCEL, 0.3), (STATUS, 0.1), (CHANGE, 0.1)]


async def _topics(
    rasa: FakeRasa, library: CardLibrary, text: str, before: Before = NOTHING
) -> list[str]:
    rasa.said = before

    async def recall() -> Before:
        return await rasa.before("a")

    parsed = await Understanding(rasa, library).read(text, recall=recall)
    topics: list[str] = parsed["decision"]["topics"]
    return topics


@pytest.mark.parametrize(
    ("text", "before", "topic"),
    [
        (REFERENCE, NOTHING, STATUS),
        (f"{REFERENCE} {PHONE}", NOTHING, STATUS),
        (f"{REFERENCE} {PHONE}", ASKED, CANCEL),
        (PHONE, ASKED, CANCEL),
        (f"it is {PHONE}", ASKED, CANCEL),
        (REFERENCE, ASKED, CANCEL),
        (f"drop {REFERENCE}", NOTHING, CANCEL),
        (f"what about {REFERENCE}?", NOTHING, STATUS),
        (f"{REFERENCE} suits me", NOTHING, "dialogue/affirm"),
        (f"yes, {REFERENCE.lower()} works", NOTHING, "dialogue/affirm"),
        (f"{REFERENCE} doesn't suit me", NOTHING, STATUS),
        (f"does {REFERENCE} suit you?", NOTHING, STATUS),
        # A request sent before is reached while another is filled in.
        (f"drop {REFERENCE}", IN_FORM, CANCEL),
        (f"move {REFERENCE} to friday", IN_FORM, CHANGE),
        (REFERENCE, IN_FORM, CANCEL),
        ("please cancel my wednesday appointment", IN_FORM, CANCEL),
        ("can I move my visit to friday", IN_FORM, CHANGE),
        ("did you cancel my visit?", IN_FORM, "faq/does_it_hurt"),
        ("please cancel my wednesday appointment", NOTHING, "faq/does_it_hurt"),
        # The form's own question may be for a phone.
        (PHONE, IN_FORM, "faq/does_it_hurt"),
        (PHONE, NOTHING, "faq/does_it_hurt"),
        ("is it going to hurt", ASKED, "faq/does_it_hurt"),
    ],
)
async def test_a_key_says_what_a_message_is_about(
    rasa: FakeRasa, library: CardLibrary, text: str, before: Before, topic: str
) -> None:
    rasa.rankings = {"drop  ": CANCELLING}
    assert await _topics(rasa, library, text, before) == [topic]


async def test_a_wish_for_a_person_stays_one(rasa: FakeRasa, library: CardLibrary) -> None:
    rasa.topic = "handoff/human"
    assert await _topics(rasa, library, f"call me about {REFERENCE}") == ["handoff/human"]


async def test_without_a_key_nothing_is_recalled(rasa: FakeRasa, library: CardLibrary) -> None:
    await _topics(rasa, library, "is it going to hurt me very much")
    assert rasa.recalled == []


HELD = Before("handoff", ("handoff/human",), is_held=True)
REQUEST = "booking/request"


@pytest.mark.parametrize(
    ("text", "before", "topic"),
    [
        ("continue my request", NOTHING, REQUEST),
        ("Ok, go on with the booking please", NOTHING, REQUEST),
        ("can we pick up my booking where we left off", NOTHING, REQUEST),
        ("resume", HELD, REQUEST),
        ("let's continue", HELD, REQUEST),
        ("carry on", HELD, REQUEST),
        ("resume", NOTHING, "faq/does_it_hurt"),
        ("continue with my pain medicine", HELD, "faq/does_it_hurt"),
        ("can i continue running", HELD, "faq/does_it_hurt"),
    ],
)
async def test_a_request_on_hold_is_taken_up_again(
    rasa: FakeRasa, library: CardLibrary, text: str, before: Before, topic: str
) -> None:
    assert await _topics(rasa, library, text, before) == [topic]
