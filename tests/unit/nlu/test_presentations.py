from __future__ import annotations

import pytest

from bot.nlu.sentence_encoder import MAX_EPOCHS, PLENTY, presentations


@pytest.mark.parametrize(
    ("examples", "intents", "shown"),
    [
        (7500, 150, 150 * 150),  # few of each: as configured
        (PLENTY * 50, 50, 150 * 50),
        (2 * PLENTY * 50, 50, 150 * 25),  # twice as many as plenty: half as often
        (40, 20, MAX_EPOCHS * 40),  # a handful: not learnt by heart
        (0, 0, 0),
    ],
)
def test_the_fewer_examples_an_intent_has_the_more_are_shown(
    examples: int, intents: int, shown: int
) -> None:
    assert presentations(examples, intents, 150) == shown
