"""What of a warning still stands when the patient goes on to something else right after it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.nlu.abstention import DECISION
from bot.nlu.decision import SAFETY_GROUP, Decision, group, outcome_of
from bot.turn.before import Before
from bot.turn.parse_data import decided

Recall = Callable[[], Awaitable[Before]]

# Under which name a message's parse data says so: the warning's topic, and whether its first
# sentence, which says whom to call or see, has been followed.
STANDS = "stands"
REQUEST, THANKS = "booking/request", "smalltalk/thanks"


def warning_in(before: Before) -> str:
    """The topic of the warning that was the last thing said; empty when that was none."""
    is_warned = bool(before.topics) and group(before.topics[0]) == SAFETY_GROUP
    return before.topics[0] if is_warned else ""


def followed(own: dict[str, Any], warning: str) -> dict[str, Any]:
    """Parse data of a message that says that the help is there."""
    parsed = decided(own, Decision(outcome_of(THANKS), (THANKS,), 1.0))
    return {**parsed, STANDS: {"topic": warning, "is_followed": True}}


async def beside_a_request(parsed: dict[str, Any], recall: Recall | None) -> dict[str, Any]:
    """The parse data; a wish for a visit right after a warning does not make one forget it.

    Args:
        parsed: Of the message, as it is understood.
        recall: Tells what was said before.
    """
    if recall is None or REQUEST not in parsed[DECISION]["topics"]:
        return parsed
    before = await recall()
    if before.is_booking or not (warning := warning_in(before)):
        return parsed
    # Clarifying asks which of the topics is meant; nothing begins.
    if parsed[DECISION]["outcome"] != outcome_of(REQUEST):
        return parsed
    return {**parsed, STANDS: {"topic": warning, "is_followed": False}}


def once(recall: Recall) -> Recall:
    """The same, which looks only once however often it is asked."""
    found: list[Before] = []

    async def recalled() -> Before:
        if not found:
            found.append(await recall())
        return found[0]

    return recalled
