"""What the booking actions share: the slots, the run's key, a message's reading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from bot import services
from bot.booking import BookingRequest
from bot.booking.answers import Asked, Reading, read_answer
from bot.booking.earlier import Aim, aim_of, may_mean_another
from bot.booking.fields import Fault
from bot.booking.one_field import is_only_a_time
from bot.booking.opening import Doors
from bot.booking.references import find_reference
from bot.content import ClinicProfile
from bot.reading import Read, read
from bot.reading.plain_name import is_plain_name
from bot.turn.before import AGAIN, is_held

FORM = "booking_form"
PREFIX = "booking_"
SLOTS = (
    "booking_preferred",
    "booking_name",
    "booking_contact",
    "booking_reason",
    "booking_visit",
    "booking_consent",
    "booking_contact_consent",
)
# Outcomes of a message that is surely about something else than the question asked.
ELSEWHERE = frozenset({"answer", "handoff", "smalltalk", "emergency", "urgent", "crisis"})
# Intents that leave the form, whatever the words could also be read as; but to the question whether
# to send the request, "cancel it" is a no.
LEAVING = frozenset({"handoff_human", "booking_cancel", "booking_status"})
# The "not" of "not a drop of pee" answers nothing, whatever was asked.
WARNED = "safety"
STOPPING = frozenset({"dialogue_stop"})
# A request is given up only in words that say so; "maybe" answers the question asked.
_STOPS = re.compile(
    r"\b(?:stop|quit|cancel|end|exit|leave|abort|enough|delete|never\s*mind|nvm|nm|forget|skip|drop|"
    r"scratch|done|bye|not\s+(?:now|interested|any\s*more)|no\s+(?:longer|more|thanks?)|later|"
    r"(?:don'?t|do\s+not)\s+(?:want|need|bother)|chang(?:ed|ing)\s+my\s+mind|arr[e\u00ea]te[rz]?)\b",
    re.IGNORECASE,
)
FAULTS = {
    ("preferred", Fault.PAST): "utter_booking_past_date",
    ("preferred", Fault.CLOSED): "utter_booking_closed_day",
    ("preferred", Fault.OUTSIDE): "utter_booking_outside_hours",
    ("preferred", Fault.OVER): "utter_booking_over_today",
    ("preferred", Fault.NO_SUCH_DATE): "utter_booking_no_such_date",
    ("contact", Fault.INCOMPLETE): "utter_booking_incomplete_contact",
}
# A yes, a no or a "maybe" answers the question asked, readably or not.
ANSWERING = frozenset({"dialogue_affirm", "dialogue_deny", "dialogue_stop"})


def emptied() -> list[EventType]:
    """Events that forget the request under way."""
    return [SlotSet(slot, None) for slot in SLOTS]


def request_of(slots: Mapping[str, Any]) -> BookingRequest:
    """The request the filled slots make."""
    contact = str(slots["booking_contact"])
    is_email = "@" in contact
    is_agreed = slots["booking_consent"] == "yes"
    return BookingRequest(
        name=slots["booking_name"],
        reason=slots["booking_reason"],
        preferred=slots["booking_preferred"],
        visit=slots["booking_visit"],
        consent=is_agreed,
        phone=None if is_email else contact,
        email=contact if is_email else None,
        contact_consent=slots.get("booking_contact_consent") if is_agreed else None,
    )


def run_key(tracker: Tracker) -> str:
    """Names this run of the form: the moment it was opened, as the conversation recorded it.

    A turn that is run again after a crash finds the same moment, and so makes no second booking.
    """
    opened = [
        event["timestamp"]
        for event in tracker.events
        if event.get("event") == "active_loop" and event.get("name") == FORM
    ]
    return f"{FORM}/{opened[-1]:.6f}" if opened else FORM


async def aim(tracker: Tracker) -> Aim:
    """Which request the latest message is about; ``EARLIER`` where none is under way."""
    if tracker.active_loop.get("name") != FORM:
        return Aim.EARLIER
    text = str(tracker.latest_message.get("text") or "")
    if not may_mean_another(text):
        return Aim.DRAFT
    mine = await services.current().reach.requests(tracker.sender_id)
    live = [booking for booking in mine if booking.status.is_live]
    return aim_of(text, live, str(tracker.get_slot("booking_preferred") or ""))


async def is_about_held(tracker: Tracker) -> bool:
    """Whether the latest message can only mean a request on hold: none of the patient's is live."""
    text = str(tracker.latest_message.get("text") or "")
    if tracker.active_loop or not is_held(tracker.events) or find_reference(text) is not None:
        return False
    mine = await services.current().reach.requests(tracker.sender_id)
    return not any(booking.status.is_live for booking in mine)


async def read_message(tracker: Tracker) -> Reading:
    """What the latest message means to the request, given the question last asked."""
    if await aim(tracker) is not Aim.DRAFT:
        return Reading()
    latest = tracker.latest_message
    if latest.get(AGAIN):
        return Reading()
    intent = (latest.get("intent") or {}).get("name")
    requested = str(tracker.get_slot("requested_slot") or "").removeprefix(PREFIX) or None
    text = str(latest.get("text") or "")
    found = Read.from_dicts(text, latest["entities"]) if "entities" in latest else None
    is_name = requested == "name" and is_plain_name(text)
    if intent == WARNED or not (is_name or (found and is_only_a_time(found))):
        stops = intent in STOPPING and _STOPS.search(text.replace("\u2019", "'"))
        if stops or intent == WARNED or (intent in LEAVING and requested != "consent"):
            return Reading()
    outcome = (latest.get("decision") or {}).get("outcome")
    is_else = outcome in ELSEWHERE and intent not in ANSWERING
    asked = replace(
        asked_now(),
        requested=requested,
        # Digits alone answer the question, readably or not, whatever they make one think of.
        about_else=is_else and any(map(str.isalpha, text)),
        found=found,
        kept=_kept(tracker),
    )
    return read_answer(text, asked)


def asked_now() -> Asked:
    """The state of the clinic's clock and doors, with no question asked."""
    profile = services.current().profile
    return Asked(
        requested=None,
        about_else=False,
        now=profile.now(),
        tz=profile.timezone,
        doors=doors_of(profile),
        province=profile.province,
    )


def response_to(field: str, fault: Fault) -> str:
    """The response that says why an answer cannot be taken."""
    return FAULTS.get((field, fault), f"utter_booking_bad_{field}")


def words_of(message: Mapping[str, Any]) -> Read:
    """A message with its days, times, names and contacts, as understanding read them."""
    text, asked = str(message.get("text") or ""), asked_now()
    found = Read.from_dicts(text, message["entities"]) if "entities" in message else None
    return found or read(text, asked.now, asked.tz, asked.province)


def _kept(tracker: Tracker) -> dict[str, str]:
    """What the request held before the latest message.

    The form reads a message twice, and the second time the slots hold what the first time found.
    """
    heard = [n for n, event in enumerate(tracker.events) if event.get("event") == "user"]
    earlier = tracker.events[: heard[-1]] if heard else tracker.events
    slots = tracker.slots
    if any(_is_ours(event) for event in tracker.events):
        slots = {event["name"]: event["value"] for event in earlier if _is_ours(event)}
    kept = {slot: slots.get(slot) for slot in SLOTS}
    return {slot.removeprefix(PREFIX): str(value) for slot, value in kept.items() if value}


def _is_ours(event: Mapping[str, Any]) -> bool:
    return event.get("event") == "slot" and event.get("name") in SLOTS


def doors_of(profile: ClinicProfile) -> Doors:
    """When a clinic is open, as its profile states it."""

    def opening(day: date) -> tuple[time, time] | None:
        found = profile.opening_on(day)
        return (found.opens, found.closes) if found else None

    return Doors(
        is_closed=lambda day: profile.hours is not None and profile.opening_on(day) is None,
        opening=opening,
        week=str(profile.hours or ""),
    )
