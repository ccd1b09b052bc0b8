from __future__ import annotations

import pytest
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.intent_names import IntentNames, label_of, name_of


def _example(text: str, label: str) -> Message:
    group, _, rest = label.partition("/")
    whole = {INTENT_RESPONSE_KEY: label} if rest else {}
    return Message({TEXT: text, INTENT: group, **whole})


def _named(*examples: Message) -> TrainingData:
    return IntentNames().process_training_data(TrainingData(list(examples)))


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("faq/does_it_hurt", "does it hurt"),
        ("card_arrival", "card arrival"),
        ("Refund_not_showing_up", "refund not showing up"),
        ("reverted-card payment?", "reverted card payment"),
        ("_", ""),
    ],
)
def test_a_label_reads_as_words(label: str, words: str) -> None:
    assert name_of(label) == words


def test_each_intent_gets_its_name_as_an_example() -> None:
    data = _named(_example("ouch?", "faq/does_it_hurt"), _example("where is it", "card_arrival"))
    added = {label_of(e): e.get(TEXT) for e in data.intent_examples[2:]}
    assert added == {"faq/does_it_hurt": "does it hurt", "card_arrival": "card arrival"}
    assert data.training_examples[-1].get(INTENT) in {"faq", "card_arrival"}


def test_a_name_that_is_an_example_already_is_not_repeated() -> None:
    data = _named(_example("Card arrival", "card_arrival"), _example("lost it", "card_arrival"))
    assert len(data.intent_examples) == 2


def test_an_intent_without_words_in_its_name_and_no_data_at_all() -> None:
    assert len(_named(_example("hm", "__")).training_examples) == 1
    assert _named().training_examples == []


def test_messages_are_left_alone() -> None:
    message = Message({TEXT: "does it hurt"})
    assert IntentNames().process([message]) == [message]
    assert message.data == {TEXT: "does it hurt"}
