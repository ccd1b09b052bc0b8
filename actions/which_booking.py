"""Which request a message means: named, the only one, or reached from elsewhere by its key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.booking_desk import words_of
from actions.speech import say_booking, say_card
from bot import services
from bot.booking import Booking, NoMatch, TooManyTries
from bot.booking.key import Key, key_of
from bot.booking.moved import dates_of, read_move, weekdays_of
from bot.booking.told import TOPIC as STATUS
from bot.booking.wished import weekdays_in, wished_days
from bot.guard.client import client_address
from bot.reading import WHEN, Entity
from bot.turn.before import asked_key

# More do not fit a message.
LISTED = 5
CANCEL, CHANGE = "booking/cancel", "booking/change"
# What a patient sends to name one, by what was asked for.
NAMING = {
    CANCEL: "Cancel my visit {}",
    CHANGE: "Change my visit {}",
    STATUS: "Am I booked? {}",
}


@dataclass(frozen=True)
class Said:
    """The patient's message to the booking desk.

    Attributes:
        text: In the patient's words.
        message: Its id; empty when it has none.
        key: The reference and the phone in it, with a reference given just before.
        conversation_id: Where it was said.
    """

    text: str
    message: str
    key: Key
    conversation_id: str


def said(tracker: Tracker) -> Said:
    """Reads the latest message."""
    text = str(tracker.latest_message.get("text") or "")
    asked = asked_key(tracker.events)
    key = key_of(text).after(asked.get("reference"))
    return Said(text, _message_id(tracker), key, tracker.sender_id)


async def find_booking(
    dispatcher: CollectingDispatcher, tracker: Tracker, topic: str
) -> Booking | None:
    """The request a message is about.

    Args:
        dispatcher: Hears the question when it cannot be told, or the refusal.
        tracker: Of the conversation.
        topic: What is wanted, such as ``booking/cancel``.

    Returns:
        None when something was said instead.
    """
    mine = await services.current().reach.requests(tracker.sender_id)
    heard = said(tracker)
    if heard.key.reference is None and (before := await _done_before(mine, heard.message)):
        return before
    if heard.key.reference is not None:
        own = [booking for booking in mine if booking.reference == heard.key.reference]
        return own[0] if own else await _from_elsewhere(dispatcher, heard, topic)
    return _meant(dispatcher, tracker, mine, topic)


def say_status(dispatcher: CollectingDispatcher, booking: Booking, topic: str = STATUS) -> None:
    """Tells where a request stands."""
    words = services.current().status_words
    say_booking(dispatcher, words.response(booking), topic, **words.values(booking))


def _meant(
    dispatcher: CollectingDispatcher, tracker: Tracker, mine: Sequence[Booking], topic: str
) -> Booking | None:
    live = [booking for booking in mine if booking.status.is_live]
    choice = live or list(mine[:1] if topic == STATUS else ())
    if not choice:
        say_card(dispatcher, tracker, services.current().library, topic)
        _ask_key(dispatcher, topic)
        return None
    telling = _telling(tracker.latest_message, topic)
    # Moved to Friday it is no Friday visit yet; what is cancelled on Friday is one.
    text = str(tracker.latest_message.get("text") or "")
    weekdays = weekdays_of(telling) if topic == CHANGE else weekdays_in(text)
    named = _named(choice, telling, weekdays)
    is_other_day = topic != STATUS and not named and _tells_another(choice, telling, topic)
    if len(named or choice) == 1 and not is_other_day:
        return (named or choice)[0]
    _ask_which(dispatcher, named or choice, topic)
    return None


async def _done_before(mine: Iterable[Booking], message: str) -> Booking | None:
    """The request that this very message changed before a crash let the turn run again."""
    bookings = services.current().bookings
    for booking in mine if message else ():
        events = await bookings.events(booking.reference)
        if events[-1].detail.get("message") == message:
            return booking
    return None


async def _from_elsewhere(
    dispatcher: CollectingDispatcher, heard: Said, topic: str
) -> Booking | None:
    current = services.current()
    if heard.key.reference is None or heard.key.phone is None:
        _ask_key(dispatcher, topic, heard.key.reference)
        return None
    try:
        return await current.access.find(
            heard.key.reference, heard.key.phone, heard.conversation_id, client_address.get()
        )
    except NoMatch:
        response = "utter_booking_no_match"
    except TooManyTries:
        response = "utter_booking_too_many_tries"
    say_booking(dispatcher, response, topic, phone=current.profile.phone)
    return None


def _ask_key(dispatcher: CollectingDispatcher, topic: str, reference: str | None = None) -> None:
    # Kept with the message, so that it counts for the very next one only.
    asks = {"topic": topic, "reference": reference}
    dispatcher.utter_message(
        response="utter_booking_ask_key", answer_ids=[topic], outcome="booking", asks_key=asks
    )


def _ask_which(dispatcher: CollectingDispatcher, choice: Sequence[Booking], topic: str) -> None:
    listed = choice[:LISTED]
    buttons = [
        {"title": b.reference, "payload": NAMING.get(topic, NAMING[STATUS]).format(b.reference)}
        for b in listed
    ]
    requests = ", ".join(f"{booking.reference} ({booking.preferred})" for booking in listed)
    dispatcher.utter_message(
        response="utter_booking_which",
        answer_ids=[topic],
        outcome="booking",
        requests=requests,
        buttons=buttons,
    )


async def ask_which_or_this(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Asks whether a request sent before is to be cancelled, or the one being filled in."""
    mine = await services.current().reach.requests(tracker.sender_id)
    live = [booking for booking in mine if booking.status.is_live][:LISTED]
    requests = ", ".join(f"{booking.reference} ({booking.preferred})" for booking in live)
    buttons = [{"title": b.reference, "payload": NAMING[CANCEL].format(b.reference)} for b in live]
    buttons.append({"title": "This one", "payload": "Stop this request"})
    dispatcher.utter_message(
        response="utter_booking_which_or_this",
        answer_ids=[CANCEL],
        outcome="booking",
        requests=requests,
        buttons=buttons,
    )


def _named(
    choice: Iterable[Booking], said: Sequence[Entity], weekdays: frozenset[str]
) -> list[Booking]:
    """Those whose day is said: a date, or else a day of the week."""
    days = dates_of(said)
    by_date = [booking for booking in choice if days & _days_of(booking)]
    if by_date:
        return by_date
    return [booking for booking in choice if weekdays & weekdays_in(booking.preferred)]


def _tells_another(choice: Iterable[Booking], telling: Sequence[Entity], topic: str) -> bool:
    """Whether a day is said, where each of the requests is for other days."""
    if topic == CHANGE and weekdays_of(telling):
        return all(_days_of(b) or weekdays_in(b.preferred) for b in choice)
    return bool(dates_of(telling)) and all(map(_days_of, choice))


def _telling(message: dict[str, Any], topic: str) -> tuple[Entity, ...]:
    """The days in a message that tell which request is meant, and not where it should move."""
    found = words_of(message)
    return read_move(found).source if topic == CHANGE else found.of(*WHEN)


def _days_of(booking: Booking) -> set[date]:
    zone = services.current().status_words.zone
    time = booking.time
    return {time.start.astimezone(zone).date()} if time else set(wished_days(booking.preferred))


def _message_id(tracker: Tracker) -> str:
    ids = [event.get("message_id") for event in tracker.events if event.get("event") == "user"]
    return str(ids[-1] or "") if ids else ""
