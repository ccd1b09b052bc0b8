from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.figures.asked import SMALLEST, Asked, Wording, wordings
from bot.figures.grouping import groups_of
from bot.nlu.encoder import Vectors


def asked(*texts: str) -> list[Asked]:
    return [Asked(number, f"web:{number}", text) for number, text in enumerate(texts, 1)]


def vectors(*angles: float) -> Vectors:
    """Unit vectors in a plane, by their degrees."""
    turned = np.radians(np.array(angles))
    rows: Vectors = np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)
    return rows


def numbers(groups: list[list[Asked]]) -> list[list[int]]:
    return [[one.inbox_id for one in group] for group in groups]


def test_the_same_words_are_one_wording_the_newest_first() -> None:
    found = wordings(asked("Ear seeds?", "gift cards", "ear  SEEDS"))
    assert [(one.text, len(one.messages)) for one in found] == [
        ("ear  SEEDS", 2),
        ("gift cards", 1),
    ]
    assert [message.inbox_id for message in found[0].messages] == [3, 1]


def test_older_wordings_are_left_out_when_there_are_too_many() -> None:
    found = wordings(asked("a", "b", "a", "c"), most=2)
    assert [one.text for one in found] == ["c", "a"]
    assert sum(len(one.messages) for one in found) == 3


def test_what_is_alike_is_one_group_its_centre_first() -> None:
    messages = asked("a", "b", "c", "x", "y", "z", "far")
    found = groups_of(wordings(messages), vectors(230, 95, 92, 90, 10, 5, 0))
    # In the order of the wordings: far z y x c b a.
    assert numbers(found) == [[5, 4, 6], [2, 3, 1]]


def test_what_is_said_often_is_a_group_and_the_centre() -> None:
    often = [Asked(number, "web:a", "ear seeds") for number in (1, 2, 3)]
    found = groups_of(wordings([*often, Asked(4, "web:b", "seeds for ears")]), vectors(0, 20))
    # The different wordings first, then the repeats.
    assert numbers(found) == [[3, 4, 2, 1]]


def test_a_few_messages_are_no_group() -> None:
    assert groups_of([], np.zeros((0, 2), np.float32)) == []
    alone = asked("a") * (SMALLEST - 1)
    assert groups_of(wordings(alone), vectors(0)) == []
    assert len(groups_of(wordings([*alone, Asked(9, "web:a", "a")]), vectors(0))) == 1


@given(st.integers(0, 1000))
def test_the_same_messages_give_the_same_groups(seed: int) -> None:
    draw = random.Random(seed)
    messages = asked(*(f"word {draw.randrange(12)}" for _ in range(40)))
    made: list[list[list[int]]] = []
    for _ in range(2):
        draw.shuffle(messages)
        found: list[Wording] = wordings(messages)
        angles = [30.0 * int(one.text.split()[1]) for one in found]
        made.append(numbers(groups_of(found, vectors(*angles))))
    assert made[0] == made[1]
