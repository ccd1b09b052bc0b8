"""A message with a booking's reference, or with the phone number asked for, is about a booking."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from bot.booking.key import Key, key_of
from bot.nlu.abstention import DECISION
from bot.nlu.decision import SAFETY_GROUP, Decision, group, outcome_of
from bot.nlu.text import has_words
from bot.turn.before import NOTHING, Before
from bot.turn.parse_data import decided, ranking_of

Parse = Callable[[str], Awaitable[dict[str, Any]]]
Recall = Callable[[], Awaitable[Before]]

STATUS, AFFIRM = "booking/status", "dialogue/affirm"
TOPICS = ("booking/cancel", "booking/change", STATUS)
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


async def settle(
    text: str, own: dict[str, Any], parse: Parse, recall: Recall | None
) -> dict[str, Any] | None:
    """The parse data of a message about a booking.

    Args:
        text: As the patient wrote it.
        own: How the pipeline understands it by itself.
        parse: The pipeline.
        recall: Tells what was said before; asked only when there is a key.

    Returns:
        None when the message holds no key, or nobody asked for the phone number in it.
    """
    key = key_of(text)
    topics = own[DECISION]["topics"]
    if key.reference is None and key.phone is None:
        return None
    if any(group(topic) == SAFETY_GROUP or topic == PERSON for topic in topics):
        return None
    before = await recall() if recall else NOTHING
    topic = await _topic(key, before, parse)
    return decided(own, Decision(outcome_of(topic), (topic,), 1.0)) if topic else None


async def _topic(key: Key, before: Before, parse: Parse) -> str:
    if before.is_booking:
        # The form's own question may be for a phone; and no other request is touched meanwhile.
        return STATUS if key.reference else ""
    if key.reference is None or not has_words(key.rest):
        return before.key_for or (STATUS if key.reference else "")
    if _TAKES.search(key.rest) and not _BUT.search(key.rest):
        return AFFIRM
    ranking = dict(ranking_of(await parse(key.rest)))
    return max(TOPICS, key=lambda topic: (ranking.get(topic, 0.0), topic == STATUS))
