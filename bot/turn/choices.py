"""A bare number in a text message is the choice that was sent under it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.outbox import REPLY, WARNING, Letter

_NUMBER = re.compile(r"\s*(?:#|no\.?|nr\.?|number|option|choice)?\s*([1-9])\s*[.)]?\s*", re.I)
Choice = Mapping[str, str]


def chosen(text: str, letters: Iterable[Letter]) -> str:
    """What choosing by number says; the text itself when it is no number of a choice.

    Args:
        text: As the patient wrote it.
        letters: What the conversation was sent, newest first.
    """
    found = _NUMBER.fullmatch(text)
    if found is None:
        return text
    offered = _offered(letters)
    place = int(found[1]) - 1
    return offered[place]["text"] if place < len(offered) else text


def _offered(letters: Iterable[Letter]) -> list[Choice]:
    """The choices of the latest reply, or of what was sent since."""
    reply = ""
    for letter in letters:
        of_this = letter.idempotency_key.rpartition("/")[0]
        if reply and of_this != reply:
            break
        if choices := letter.detail.get("choices"):
            return list(choices)
        if letter.kind in {REPLY, WARNING}:
            reply = of_this
    return []
