from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from bot.content import CardLibrary
from bot.content.facts import SAMPLES
from bot.safety import Assessment, Flag, Gate, Level
from bot.turn.before import Before
from bot.turn.parse_data import forced
from bot.turn.understanding import NEVER, Understanding

from .conftest import FakeRasa


@pytest.fixture
def understanding(rasa: FakeRasa, library: CardLibrary) -> Understanding:
    return Understanding(rasa, library)


async def test_a_text_is_given_to_the_pipeline_as_it_is(
    understanding: Understanding, rasa: FakeRasa
) -> None:
    parsed = await understanding.read("is it going to hurt?")
    assert rasa.parsed == ["is it going to hurt?"]
    assert parsed["decision"]["topics"] == ["faq/does_it_hurt"]


@pytest.mark.parametrize(
    "text", ["/restart", "//restart", " / restart", "\n/restart", "\t//restart", "\u3000/restart"]
)
async def test_no_patient_names_an_intent(
    understanding: Understanding, rasa: FakeRasa, text: str
) -> None:
    await understanding.read(text)
    assert rasa.parsed == ["restart"]


async def test_a_slash_elsewhere_stays(understanding: Understanding, rasa: FakeRasa) -> None:
    await understanding.read("neck/back pain")
    assert rasa.parsed == ["neck/back pain"]


async def test_every_offered_choice_is_its_topic_without_the_pipeline(
    understanding: Understanding, rasa: FakeRasa, library: CardLibrary
) -> None:
    rendered = [library.render(topic, "web", given=SAMPLES) for topic in library.topics]
    offered = {choice for card in rendered for choice in card.choices}
    assert offered
    for topic in offered:
        for text in (library.title(topic), f" {library.title(topic).upper()}  "):
            parsed = await understanding.read(text)
            assert parsed["intent_ranking"] == [{"name": topic, "confidence": 1.0}], topic
    assert rasa.parsed == []


async def test_a_title_within_a_sentence_is_no_choice(
    understanding: Understanding, rasa: FakeRasa, library: CardLibrary
) -> None:
    text = f"{library.title('clinic/hours')} on sunday"
    await understanding.read(text)
    assert rasa.parsed == [text]


async def test_a_red_flag_is_its_level_whatever_the_pipeline_says(
    understanding: Understanding, gate: Gate
) -> None:
    text = "i want to kill myself"
    parsed = await understanding.read_flagged(text, gate.check(text))
    assert parsed["text"] == text
    assert parsed["intent"] == {"name": "safety", "confidence": 1.0}
    assert parsed["decision"]["outcome"] == "crisis"


def _flagged(remainder: str) -> Assessment:
    return Assessment((Flag(Level.URGENT, "fever", 0, 1),), Level.URGENT, remainder)


@pytest.mark.parametrize("remainder", ["", "  ", "...", "?!"])
async def test_nothing_left_means_nothing_else_was_asked(
    understanding: Understanding, rasa: FakeRasa, remainder: str
) -> None:
    parsed = await understanding.read_flagged("x", _flagged(remainder))
    assert parsed["also"] == []
    assert rasa.parsed == []


@pytest.mark.parametrize(
    ("topic", "also"),
    [
        ("clinic/fees", ["clinic/fees"]),
        ("booking/request", []),
        ("smalltalk/greet", []),
        ("safety/emergency", []),
    ],
)
async def test_only_a_question_is_answered_beside_a_red_flag(
    understanding: Understanding, rasa: FakeRasa, topic: str, also: list[str]
) -> None:
    rasa.topic = topic
    parsed = await understanding.read_flagged("x", _flagged("what about this"))
    assert rasa.parsed == ["what about this"]
    assert parsed["also"] == also


WHOLE = "the whole of what was written"


async def test_a_few_words_that_the_second_opinion_flags_ask_for_no_visit(
    understanding: Understanding, rasa: FakeRasa
) -> None:
    rasa.topic = "booking/change"
    found = replace(_flagged(""), is_learned=True)
    assert not (await understanding.read_flagged("i cant move", found))["wants_visit"]


@pytest.mark.parametrize(("topic", "wants"), [("booking/request", True), ("clinic/fees", False)])
@pytest.mark.parametrize("is_learned", [False, True])
async def test_a_visit_asked_for_beside_a_red_flag_is_known(
    understanding: Understanding, rasa: FakeRasa, topic: str, wants: bool, is_learned: bool
) -> None:
    rasa.topic = topic
    found = replace(_flagged("" if is_learned else "the rest"), is_learned=is_learned)
    parsed = await understanding.read_flagged(WHOLE, found)
    assert rasa.parsed == [WHOLE if is_learned else "the rest"]
    assert parsed["wants_visit"] is wants
    # Nothing tells what the second opinion meant from the rest, so no question is answered.
    assert parsed["also"] == ([] if is_learned or wants else [topic])


async def test_the_second_opinion_counts_from_the_bar_on(
    understanding: Understanding, rasa: FakeRasa
) -> None:
    rasa.topic, rasa.confidence = "safety/emergency", 0.2
    flagged = await understanding.read("no chest pain at all")
    assert flagged["decision"]["outcome"] == "emergency"
    flagged = await understanding.read("no chest pain at all", bar=0.2)
    assert flagged["decision"]["outcome"] == "emergency"
    weighed = await understanding.read("no chest pain at all", bar=0.21)
    assert weighed["intent"]["name"] != "safety"
    assert not any(topic.startswith("safety/") for topic in weighed["decision"]["topics"])


def test_what_is_forced_has_the_pipelines_form() -> None:
    parsed = forced("book me in", "booking/request")
    assert parsed == {
        "text": "book me in",
        "intent": {"name": "booking_request", "confidence": 1.0},
        "intent_ranking": [{"name": "booking/request", "confidence": 1.0}],
        "entities": [],
        "decision": {"outcome": "booking", "topics": ["booking/request"], "confidence": 1.0},
    }


async def test_a_second_opinion_on_french_that_the_gate_has_weighed_must_be_sure(
    understanding: Understanding, rasa: FakeRasa
) -> None:
    rasa.topic, rasa.language = "safety/urgent", "fr"
    weighed = await understanding.read("pas de fièvre, mal au dos", bar=NEVER)
    unheard = await understanding.read("ça ne va pas", bar=0.0)
    assert "safety/urgent" not in weighed["decision"]["topics"]
    assert unheard["decision"]["topics"] == ["safety/urgent"]


async def test_another_language_leans_on_nothing_and_keeps_its_decision(
    understanding: Understanding, rasa: FakeRasa
) -> None:
    rasa.topic = "safety/emergency"
    rasa.said = Before("answer", ("clinic/hours",))
    rasa.language = "es"
    for text in ("y el sábado ?", "why"):
        parsed = await understanding.read(text, recall=partial(rasa.before, "a"))
        assert parsed["decision"]["topics"] == ["safety/emergency"], "as the pipeline left it"
    assert rasa.recalled == []
