"""Cancels the request that is meant."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop
from rasa_sdk.executor import CollectingDispatcher

from actions.booking_desk import aim, emptied, is_about_held
from actions.speech import say_asked, say_booking, say_card
from actions.which_booking import ask_which_or_this, find_booking, said, say_status
from bot import services
from bot.booking import Booking
from bot.booking.earlier import Aim

TOPIC = "booking/cancel"
# What asks about cancelling, supposes it, or only sounds like it. The card then says how to cancel:
# a visit that is cancelled cannot be had back.
NO_WISH = re.compile(
    r"\b(?:not|never|without|\w+n['\u2019]t|(?:do|did|does|would|should|could|wo|ca)nt)\s+"
    r"(?:\w+\s+){0,2}?cancel"
    r"|\bif\s+(?:i|we|it\s+(?:rains|snows))\b|\bwhat\s+happens\b"
    r"|\b(?:policy|fee|gym|membership|subscription|question)\b"
    r"|\b(?:how|who|whom|where)\b.*\bcancel|\b(?:might|maybe|perhaps)\b"
    r"|\b(?:can|could|do|may|should)\s+(?:i|we)\s+(?:still\s+|always\s+)?cancel\W*$"
    r"|\bcan(?:['\u2019]?t|not|\s+not)\s+wait\b(?!.*\bcancel)",
    re.IGNORECASE,
)


class ActionCancelBooking(Action):
    """For a patient who wants to cancel: a request sent before, or the one under way."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_cancel_booking"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Records the cancellation, then says so; asks for nothing but which request is meant."""
        library = services.current().library
        say_asked(dispatcher, tracker, library)
        aimed = await aim(tracker)
        # "I don't want to cancel" and "what if I cancel?" cancel nothing.
        if NO_WISH.search(str(tracker.latest_message.get("text") or "")):
            say_card(dispatcher, tracker, library, TOPIC)
            return []
        if aimed is Aim.DRAFT or await is_about_held(tracker):
            say_booking(dispatcher, "utter_booking_abandoned", "booking/request")
            return [*emptied(), ActiveLoop(None)]
        if aimed is Aim.EITHER:
            await ask_which_or_this(dispatcher, tracker)
            return []
        booking = await find_booking(dispatcher, tracker, TOPIC)
        if booking is None:
            return []
        if not booking.status.is_live:
            say_status(dispatcher, booking, TOPIC)
            return []
        await _cancel(dispatcher, tracker, booking)
        return []


async def _cancel(dispatcher: CollectingDispatcher, tracker: Tracker, booking: Booking) -> None:
    current, heard = services.current(), said(tracker)
    await current.bookings.cancel(
        booking.reference,
        heard.key.rest.strip(),
        message=heard.message,
        conversation_id=heard.conversation_id,
    )
    await current.alerts.add("booking", "cancelled", booking.reference, tracker.sender_id)
    values = current.status_words.values(booking)
    say_booking(dispatcher, "utter_booking_cancelled", TOPIC, **values)
