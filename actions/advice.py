"""Says what still stands of a warning, in the approved sentences of its card."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import channel_of, language_of
from bot.content import CardLibrary, CardUnavailable
from bot.content.sentences import sentences
from bot.turn.standing_advice import REQUEST, STANDS, THANKS

# Its first sentence thanks for being told.
CALM = "smalltalk/after_a_joke"


def say_standing_advice(
    dispatcher: CollectingDispatcher, tracker: Tracker, library: CardLibrary
) -> bool:
    """Says it where the latest message leaves a warning standing.

    Before the question of a booking request the warning's first sentence, which holds the number
    to call. To a patient whom help has reached the others, after a word of thanks.

    Returns:
        Whether nothing else is to be said.
    """
    stands = tracker.latest_message.get(STANDS)
    if not stands:
        return False
    first, *others = _said(stands["topic"], tracker, library)
    if not stands["is_followed"]:
        dispatcher.utter_message(text=first, answer_ids=[REQUEST], outcome="booking")
        return False
    text = " ".join([*_said(CALM, tracker, library)[:1], *others])
    dispatcher.utter_message(text=text, answer_ids=[THANKS], outcome="smalltalk")
    return True


def _said(topic: str, tracker: Tracker, library: CardLibrary) -> list[str]:
    try:
        card = library.render(topic, channel_of(tracker), language_of(tracker))
    except CardUnavailable:
        card = library.render("handoff/human", channel_of(tracker))
    return list(sentences(card.text))
