"""What a provider delivered, in the form in which it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from bot.guard.fields import MAX_TEXT_CHARACTERS
from bot.storage.inbox_queue import Arrival
from bot.storage.types import storable

# What fits the columns beside the channel's name.
MAX_NAME = 200


def arrival_of(
    channel: str, sender: str, message_id: str, text: str, detail: Mapping[str, Any]
) -> Arrival:
    """A message as it is kept.

    Args:
        channel: sms or messenger.
        sender: The patient's address there.
        message_id: The provider's own id.
        text: As it came; a longer one is cut: a signed message is never refused for its length.
        detail: What came with it; what is empty is left out.
    """
    kept = {name: value for name, value in detail.items() if value}
    return Arrival(
        channel=channel,
        conversation_id=f"{channel}:{named(sender)}",
        message_id=named(message_id),
        text=text[:MAX_TEXT_CHARACTERS],
        detail=kept or None,
    )


def named(name: str) -> str:
    """A name of a provider's that any database can keep; too long a one by its digest."""
    kept = storable(name)
    return kept if len(kept) <= MAX_NAME else sha256(kept.encode()).hexdigest()
