from __future__ import annotations

import pytest
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.tokenizer import SpacyRuleTokenizer


@pytest.mark.parametrize("wanted", [True, False])
def test_training_messages_get_tokens_only_where_they_are_wanted(wanted: bool) -> None:
    config = {**SpacyRuleTokenizer.get_default_config(), "training_tokens": wanted}
    example = Message({TEXT: "does it hurt"})
    SpacyRuleTokenizer(config).process_training_data(TrainingData([example]))
    assert (example.get(TOKENS_NAMES[TEXT]) is not None) == wanted


def test_a_patients_message_gets_tokens_all_the_same() -> None:
    config = {**SpacyRuleTokenizer.get_default_config(), "training_tokens": False}
    message = Message({TEXT: "can't I come"})
    SpacyRuleTokenizer(config).process([message])
    assert [token.text for token in message.get(TOKENS_NAMES[TEXT])] == ["ca", "n't", "I", "come"]
