"""Takes the time the clinic can offer; a yes to anything else is only acknowledged."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import say_booking
from actions.which_booking import find_booking, said, say_status
from bot import services
from bot.booking import Status
from bot.booking.told import TOPIC


class ActionAcceptVisit(Action):
    """For a yes outside the form, or one that the form has no use for."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_accept_visit"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Only a yes that names the request takes its time; a bare one is asked back."""
        if said(tracker).key.reference is None:
            if tracker.active_loop:
                dispatcher.utter_message(response="utter_booking_go_on")
            else:
                await _ask_back(dispatcher, tracker.sender_id)
            return []
        booking = await find_booking(dispatcher, tracker, TOPIC)
        if booking is None:
            return []
        if booking.status is Status.PROPOSED:
            current, heard = services.current(), said(tracker)
            booking = await current.bookings.accept(
                booking.reference,
                heard.key.rest.strip(),
                message=heard.message,
                conversation_id=heard.conversation_id,
            )
            await current.alerts.add("booking", "accepted", booking.reference, tracker.sender_id)
        say_status(dispatcher, booking)
        return []


async def _ask_back(dispatcher: CollectingDispatcher, conversation_id: str) -> None:
    current = services.current()
    mine = await current.reach.requests(conversation_id)
    offered = [booking for booking in mine if booking.status is Status.PROPOSED]
    if len(offered) != 1:
        dispatcher.utter_message(response="utter_acknowledge")
        return
    values = current.status_words.values(offered[0])
    say_booking(dispatcher, "utter_booking_accept_which", TOPIC, **values)
