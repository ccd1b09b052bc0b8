from __future__ import annotations

import pytest

from bot.turn.replies import LONGEST, Reaction, agrees, folded, picked, reaction, refuses


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("really?", Reaction.DOUBT),
        ("Are you sure??", Reaction.DOUBT),
        ("u sure about that", Reaction.DOUBT),
        ("hmm, is that true?", Reaction.DOUBT),
        ("but how do you know that", Reaction.DOUBT),
        ("why?", Reaction.REASON),
        ("But why", Reaction.REASON),
        ("ok how so?", Reaction.REASON),
        ("why is that", Reaction.REASON),
        ("is that normal?", Reaction.NORMAL),
        ("should i stop", Reaction.STOP_IT),
        ("do I have to stop taking it?", Reaction.STOP_IT),
        ("are those really common", Reaction.NORMAL),
        ("could you explain that a bit more please", Reaction.REASON),
        ("Tell me more!", Reaction.MORE),
        ("go on", Reaction.MORE),
        ("more info please", Reaction.MORE),
        ("like what?", Reaction.MORE),
        ("is it really that serious?", Reaction.PLAYED_DOWN),
        ("is this an emergency", Reaction.PLAYED_DOWN),
        ("do i really have to call 911?", Reaction.PLAYED_DOWN),
        ("I'm fine now", Reaction.PLAYED_DOWN),
        ("she feels better", Reaction.PLAYED_DOWN),
        ("the pain is gone now", Reaction.PLAYED_DOWN),
        ("nvm", Reaction.PLAYED_DOWN),
        ("it was a joke", Reaction.JOKE),
        ("haha just kidding", Reaction.JOKE),
        ("i was only joking lol", Reaction.JOKE),
        ("that was a bad joke, sorry", Reaction.JOKE),
    ],
)
def test_a_short_reaction_is_known(text: str, kind: Reaction) -> None:
    assert reaction(text) is kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "yes",
        "why does my back hurt",
        "tell me more about insurance",
        "are you sure it is safe",
        "really tired today",
        "i am fine with needles",
        "do you treat bad backs",
        "the pain is worse",
        "why " * LONGEST,
    ],
)
def test_a_message_with_words_of_its_own_is_no_reaction(text: str) -> None:
    assert reaction(text) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 0),
        ("2.", 1),
        ("#3", 2),
        ("first", 0),
        ("the second one please", 1),
        ("number two", 1),
        ("option 3", 2),
        ("I meant the first one", 0),
        ("the last one", 2),
        ("no. 2", 1),
    ],
)
def test_a_choice_is_picked_by_its_place(text: str, place: int) -> None:
    assert picked(text, 3, asked=True) == place


@pytest.mark.parametrize(
    "text", ["4", "0", "fourth", "yes", "the one", "no one", "the first visit"]
)
def test_what_names_no_choice_picks_none(text: str) -> None:
    assert picked(text, 3, asked=True) is None


def test_a_place_there_is_not_picks_none() -> None:
    assert picked("the third one", 2, asked=True) is None
    assert picked("the last one", 0, asked=True) is None


def test_a_bare_number_is_a_choice_only_when_one_was_asked_for() -> None:
    assert picked("2", 3, asked=False) is None
    assert picked("first", 3, asked=False) is None
    assert picked("the second one", 3, asked=False) == 1


def test_yes_takes_the_only_choice() -> None:
    assert picked("yes please", 1, asked=True) == 0
    assert picked("yes", 1, asked=False) is None
    assert picked("yes", 2, asked=True) is None


@pytest.mark.parametrize("text", ["yes", "Yeah!", "that's it", "ok"])
def test_a_bare_yes(text: str) -> None:
    assert agrees(text)
    assert not refuses(text)


@pytest.mark.parametrize("text", ["no", "Nope.", "none of these", "neither", "something else"])
def test_a_bare_no(text: str) -> None:
    assert refuses(text)
    assert not agrees(text)


@pytest.mark.parametrize("text", ["yes it hurts", "no parking?", "none of my needles hurt"])
def test_a_yes_or_no_that_goes_on_is_neither(text: str) -> None:
    assert not agrees(text)
    assert not refuses(text)


def test_a_title_is_folded_as_it_may_be_typed() -> None:
    assert folded("  Does it  HURT?! ") == folded("does it hurt")
