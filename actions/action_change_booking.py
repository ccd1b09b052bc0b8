"""Passes on the wish to move the request that is meant."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.booking_desk import aim, asked_now, response_to, words_of
from actions.speech import say_asked, say_booking
from actions.which_booking import find_booking, said, say_status
from bot import services
from bot.booking import Booking
from bot.booking.answers import REFUSED
from bot.booking.earlier import Aim
from bot.booking.moved import read_move
from bot.booking.one_field import parse_wish
from bot.reading.parsed import Parsed
from bot.turn.before import TAKES_BACK, moved_before

TOPIC = "booking/change"


class ActionChangeBooking(Action):
    """For a patient who wants another time."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_change_booking"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Records the wish in the patient's words, then says so; asks for a missing time."""
        if tracker.latest_message.get(TAKES_BACK):
            await _keep(dispatcher, tracker)
            return []
        say_asked(dispatcher, tracker, services.current().library)
        if await aim(tracker) is Aim.DRAFT:
            dispatcher.utter_message(response="utter_booking_go_on")
            return []
        booking = await find_booking(dispatcher, tracker, TOPIC)
        if booking is None:
            return []
        if not booking.status.is_live:
            say_status(dispatcher, booking, TOPIC)
            return []
        move = read_move(words_of(tracker.latest_message))
        if tracker.active_loop:
            # The form asks its own question next: a day said then is the draft's.
            await _pass_on(dispatcher, tracker, booking)
            return []
        refused = parse_wish(move.target, asked_now()) if not move.is_bare else Parsed[str]()
        if refused.fault in REFUSED:
            response = response_to("preferred", refused.fault)
            _ask_when(dispatcher, response, booking, **refused.told)
        elif move.is_bare and move.is_question:
            _ask_when(dispatcher, "utter_booking_change_when", booking)
        else:
            await _pass_on(dispatcher, tracker, booking, asks_when=move.is_bare)
        return []


async def _pass_on(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    booking: Booking,
    *,
    asks_when: bool = False,
) -> None:
    current, message = services.current(), said(tracker)
    words = message.key.rest.strip()
    await current.bookings.wish_to_change(booking.reference, words, message=message.message)
    await current.alerts.add("booking", "change_wanted", booking.reference, tracker.sender_id)
    if asks_when:
        _ask_when(dispatcher, "utter_booking_change_more", booking)
    else:
        reference = booking.reference
        dispatcher.utter_message(
            response="utter_booking_change_noted",
            answer_ids=[TOPIC],
            outcome="booking",
            moves=reference,
            reference=reference,
        )


def _ask_when(
    dispatcher: CollectingDispatcher, response: str, booking: Booking, **told: str
) -> None:
    """Asks for a time; what is answered next is about this request."""
    values = {**services.current().status_words.values(booking), **told}
    asks = {"topic": TOPIC, "reference": booking.reference}
    dispatcher.utter_message(
        response=response,
        answer_ids=[TOPIC],
        outcome="booking",
        asks_key=asks,
        moves=booking.reference,
        **values,
    )


async def _keep(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Nothing is moved after all; staff hear of it where they heard of the wish."""
    current, message = services.current(), said(tracker)
    # The assistant named it in its last message, so that whoever writes here may hear of it.
    booking = await current.bookings.get(moved_before(tracker.events))
    if (await current.bookings.events(booking.reference))[-1].change == "change":
        await current.bookings.wish_to_change(
            booking.reference, message.text, message=message.message
        )
        await current.alerts.add("booking", "change_dropped", booking.reference, tracker.sender_id)
    values = current.status_words.values(booking)
    say_booking(dispatcher, "utter_booking_change_dropped", TOPIC, **values)
