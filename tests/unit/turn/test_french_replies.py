from __future__ import annotations

import pytest

from bot.turn.french_replies import french_reaction
from bot.turn.replies import LONGEST, Reaction


@pytest.mark.parametrize(
    "text",
    [
        "c'était une blague",
        "C’était juste une blague!",
        "cetait une blague",
        "désolé, c'était pas sérieux",
        "c'était une joke",
        "ctait une joke plate",
        "haha c'est juste pour rire",
        "juste pour rire",
        "je blaguais",
        "jniaisais",
        "Je niaisais, excusez",
        "non mais je rigole lol",
        "j'étais pas sérieuse",
        "je plaisantais avec vous",
        "c t une blague",
        "blague",
    ],
)
def test_a_joke_is_known(text: str) -> None:
    assert french_reaction(text) is Reaction.JOKE


@pytest.mark.parametrize(
    "text",
    [
        "je vais bien maintenant",
        "ça va mieux",
        "ça va",
        "chu correct",
        "est-ce que c'est vraiment grave?",
        "c'est si grave que ça?",
        "fausse alerte",
        "laissez faire",
    ],
)
def test_a_warning_played_down_is_known(text: str) -> None:
    assert french_reaction(text) is Reaction.PLAYED_DOWN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "ce n'est pas une blague",
        "c'est pas une blague, je veux mourir",
        "je ne plaisante pas",
        "je rigole pas",
        "ma vie est une blague",
        "je vais mal",
        "ça va pas",
        "ça va pas bien",
        "je vais bientôt mourir",
        "it was a joke",
        "une blague " * LONGEST,
    ],
)
def test_what_says_something_of_its_own_is_no_reply(text: str) -> None:
    assert french_reaction(text) is None
