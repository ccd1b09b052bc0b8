"""How actions speak: approved cards and fixed responses, with their ids beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.open_days import HOURS, say_open_days
from bot import services
from bot.content import CardLibrary, CardUnavailable, Language
from bot.nlu.decision import FLOWS, group, outcome_of
from bot.turn.parse_data import is_french

WEB = "web"
CHANNELS = frozenset({WEB, "sms", "messenger"})

# A card that is no topic counts as the topic nearest to it.
REPORTED = {"smalltalk/after_a_joke": "smalltalk/thanks"}


def channel_of(tracker: Tracker) -> str:
    """The patient's channel; the web's wording for anything else."""
    channel = tracker.get_latest_input_channel()
    return channel if channel in CHANNELS else WEB


def language_of(tracker: Tracker) -> Language:
    """The patient's language in the latest message; a card without French is said in English."""
    return "fr" if is_french(tracker.latest_message) else "en"


def topics_of(tracker: Tracker) -> list[str]:
    """The topics the latest message was decided to be about, best first."""
    decision: dict[str, Any] = tracker.latest_message.get("decision") or {}
    return list(decision.get("topics") or [])


def say_asked(dispatcher: CollectingDispatcher, tracker: Tracker, library: CardLibrary) -> None:
    """Says the card of each topic asked about; a wish with a flow of its own has none to say."""
    for topic in topics_of(tracker):
        if topic == HOURS:
            say_open_days(dispatcher, tracker, services.current().profile)
        if group(topic) not in FLOWS:
            say_card(dispatcher, tracker, library, topic, language=language_of(tracker))


def also_asked(tracker: Tracker) -> list[str]:
    """The topics asked beside a red flag in the latest message."""
    return list(tracker.latest_message.get("also") or [])


def wants_visit(tracker: Tracker) -> bool:
    """Whether a visit was asked for, or one to be changed, beside a red flag."""
    return bool(tracker.latest_message.get("wants_visit"))


def say_card(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    library: CardLibrary,
    topic: str,
    *,
    offer: Iterable[str] | None = None,
    outcome: str | None = None,
    reported: str | None = None,
    language: Language = "en",
    given: Mapping[str, str] | None = None,
) -> None:
    """Says a card; one that may not be served is replaced by a plain offer of a person.

    Args:
        dispatcher: Takes the message.
        tracker: Tells the channel.
        library: The clinic's cards.
        topic: The card to say.
        offer: Topics offered as choices and reported as the answer ids; the card's own follow-ups
            (not reported) when left out.
        outcome: Reported outcome; the topic's own when left out.
        reported: The topic reported instead of the card's, for a card that is no topic.
        language: What to say it in; only safety cards and a few phrases have French.
        given: What fills a card that names more than the clinic's own facts.
    """
    try:
        card = library.render(topic, channel_of(tracker), language, given)
    except CardUnavailable:
        card = library.render("handoff/human", channel_of(tracker))
    offered = card.choices if offer is None else tuple(t for t in offer if library.has(t))
    dispatcher.utter_message(
        text=card.text,
        buttons=[{"title": t, "payload": t} for t in map(library.title, offered)],
        answer_ids=[reported or REPORTED.get(card.topic, card.topic)]
        if offer is None
        else list(offered),
        source=card.source,
        outcome=outcome or outcome_of(card.topic),
    )


def say_booking(dispatcher: CollectingDispatcher, response: str, topic: str, **values: str) -> None:
    """Says one of the fixed phrases about a booking, filled with its values."""
    dispatcher.utter_message(response=response, answer_ids=[topic], outcome="booking", **values)
