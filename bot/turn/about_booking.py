"""A message with a booking's reference, or with the phone number asked for, is about a booking."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from bot.booking.earlier import wish_in
from bot.booking.key import Key, key_of
from bot.booking.one_field import is_only_a_time
from bot.booking.preferred import says_any_time
from bot.nlu.abstention import DECISION
from bot.nlu.decision import SAFETY_GROUP, Decision, group, outcome_of
from bot.nlu.text import has_words
from bot.reading import WHEN, Read
from bot.turn.before import NOTHING, Before
from bot.turn.parse_data import decided, ranking_of

Parse = Callable[[str], Awaitable[dict[str, Any]]]
Recall = Callable[[], Awaitable[Before]]

STATUS, AFFIRM = "booking/status", "dialogue/affirm"
CHANGE, REQUEST = "booking/change", "booking/request"
TOPICS = ("booking/cancel", CHANGE, STATUS)
PERSON = "handoff/human"
# Beside a reference these take the time the clinic can offer.
_TAKES = re.compile(
    r"\b(?:suits?|works|accept|take it|take that|perfect|great|good|fine|yes|yep|yeah|ok(?:ay)?)\b",
    re.IGNORECASE,
)
_BUT = re.compile(
    r"\b(?:not?|never|can'?t|cannot|\w+n'?t|change|move|cancel|another|other|instead|if|what|when)\b"
    r"|\?",
    re.IGNORECASE,
)
# Takes up a request that is on hold; "resume" alone only where one is.
_RESUMES = re.compile(
    r"\W*(?:(?:ok(?:ay)?|yes|please|now|can|could|we|i|you|let'?s|let\s+us|i'?d|would|like|want|to|"
    r"i'?m|ready|so|and|back|hi|hello|then)\b\W*)*"
    r"(?:continue|resume|carry\s+on|go(?:ing)?\s+on|keep\s+going|proceed|pick\s+(?:it\s+)?up|finish|"
    r"(?:go|get|come)?\s*back\s+to|return\s+to|go\s+ahead)\b"
    r"(?:\W+(?:(?P<what>bookings?|requests?|visits?|appointments?|appts?)|with|where|we|i|left|off|my|"
    r"the|this|that|it|making|filling|in|a|visit|please|now|again))*\W*",
    re.IGNORECASE,
)
# Not the time that was asked for, but something new.
_ANEW = re.compile(r"\b(?:book|another|new|second|also|cancel\w*|call)\b", re.IGNORECASE)


async def settle(
    text: str, own: dict[str, Any], parse: Parse, recall: Recall | None
) -> dict[str, Any] | None:
    """The parse data of a message about a booking.

    Args:
        text: As the patient wrote it.
        own: How the pipeline understands it by itself.
        parse: The pipeline.
        recall: Tells what was said before; asked only when it matters.

    Returns:
        None when the message holds no key and asks for nothing of a request made before, or nobody
        asked for the phone number in it.
    """
    key, wish = key_of(text), wish_in(text)
    topics = own[DECISION]["topics"]
    if resumed := _RESUMES.fullmatch(text.replace("\u2019", "'")):
        is_held = resumed["what"] or (recall is not None and (await recall()).is_held)
        return decided(own, Decision(outcome_of(REQUEST), (REQUEST,), 1.0)) if is_held else None
    days = _days_in(text, own)
    if key.reference is None and key.phone is None and wish is None and not days:
        return None
    if any(group(topic) == SAFETY_GROUP or topic == PERSON for topic in topics):
        return None
    before = await recall() if recall else NOTHING
    if days and not before.is_booking and before.key_for == CHANGE:
        return decided(own, Decision(outcome_of(CHANGE), (CHANGE,), 1.0))
    topic = await _topic(key, before, parse, wish)
    return decided(own, Decision(outcome_of(topic), (topic,), 1.0)) if topic else None


def _days_in(text: str, own: dict[str, Any]) -> bool:
    """Whether a message may answer which other time would suit."""
    found = Read.from_dicts(text, own.get("entities") or ())
    if found is None or _ANEW.search(text) or not (found.of(*WHEN) or says_any_time(text)):
        return False
    return is_only_a_time(found) or own[DECISION]["outcome"] != "answer"


async def _topic(key: Key, before: Before, parse: Parse, wish: str | None) -> str:
    if key.reference is None and before.is_booking:
        # The form's own question may be for a phone.
        return wish or ""
    if key.reference is None and key.phone is None:
        return ""
    if key.reference is None or not has_words(key.rest):
        return before.key_for or (STATUS if key.reference else "")
    if _TAKES.search(key.rest) and not _BUT.search(key.rest):
        return AFFIRM
    if before.is_booking and wish is not None:
        return wish
    ranking = dict(ranking_of(await parse(key.rest)))
    return max(TOPICS, key=lambda topic: (ranking.get(topic, 0.0), topic == STATUS))
