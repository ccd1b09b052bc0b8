"""The messages of a whole booking request, used wherever a test needs one made."""

from __future__ import annotations

import re

from e2e.patient import Patient

ASKS = "I'd like to book an appointment"
WHEN = "weekday mornings"
NAME = "Robin"
CONTACT = "you can reach me at 780 555 0123"
REASON = "sore lower back from sitting"
VISIT = "It's my first visit"
CONSENT = "Text me"
REFERENCE = re.compile(r"\bB\w{2}-\w{3}\b")


def request_as(name: str = NAME) -> list[str]:
    """What a patient of this name writes, first to last; the last one sends the request."""
    return [ASKS, WHEN, name, CONTACT, REASON, VISIT, CONSENT]


def reference_in(text: str) -> str:
    """The booking reference in a reply."""
    found = REFERENCE.search(text)
    assert found is not None, text
    return found.group()


def book(patient: Patient, name: str = NAME) -> str:
    """Makes a request; returns its reference."""
    replies = [patient.say(text).text for text in request_as(name)]
    return reference_in(replies[-1])
