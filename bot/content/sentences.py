"""The sentences of a card, in all its wordings, as they stand in its file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.content.card import AnswerCard

_END = re.compile(r"(?<=[.!?])\s+")


def sentences(text: str) -> Iterator[str]:
    """The sentences of one wording; a new line always starts one."""
    for line in text.splitlines():
        yield from _END.split(" ".join(line.split())) if line.strip() else ()


def spoken(card: AnswerCard) -> dict[str, tuple[str, ...]]:
    """Every sentence that a card can say, with the wordings that say it.

    Returns:
        Sentences with their placeholders, each with those of ``web``, ``sms`` and ``unset``
        that say it, in the order of the card.
    """
    wordings = [("web", card.web), ("sms", card.sms)]
    wordings += [("unset", wording) for wording in card.unset.values()]
    said: dict[str, list[str]] = {}
    for name, text in wordings:
        for sentence in sentences(text):
            places = said.setdefault(sentence, [])
            if name not in places:
                places.append(name)
    return {sentence: tuple(places) for sentence, places in said.items()}
