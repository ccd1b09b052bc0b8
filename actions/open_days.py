"""Whether the clinic is open on the days a question about its hours names, holidays included."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.booking_desk import asked_now, words_of
from bot.booking.moved import dates_of
from bot.booking.opening import clocks, named
from bot.content import ClinicProfile

HOURS = "clinic/hours"
# A question that names more asks for the hours as a whole.
MOST = 2


def say_open_days(
    dispatcher: CollectingDispatcher, tracker: Tracker, profile: ClinicProfile
) -> None:
    """Says it before the hours of the week; nothing where no certain day to come is named."""
    asked = asked_now()
    said = dates_of(words_of(tracker.latest_message).entities)
    days = sorted(day for day in said if day >= asked.today)
    if not days or len(days) > MOST:
        return
    if closed := [day for day in days if asked.doors.is_closed(day) or profile.is_closure(day)]:
        _say(dispatcher, "utter_hours_closed", days=f"on {named(closed, profile.now())}")
    for day, hours in _openings(days, profile):
        _say(dispatcher, "utter_hours_open", days=f"on {named([day], profile.now())}", hours=hours)


def _openings(days: list[date], profile: ClinicProfile) -> Iterator[tuple[date, str]]:
    for day in days:
        if opening := profile.opening_on(day):
            yield day, clocks((opening.opens, opening.closes))


def _say(dispatcher: CollectingDispatcher, response: str, **values: str) -> None:
    dispatcher.utter_message(response=response, answer_ids=[HOURS], outcome="answer", **values)
