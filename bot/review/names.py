"""The names that a conversation gave away, wherever in it they stand. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.content.yaml_file import read_mapping
from bot.reading.person import parse_name

ASK_NAME = "utter_ask_booking_name"
CONSENT = "utter_ask_booking_consent"
SUMMARY = "{summary}"


@dataclass(frozen=True)
class Phrases:
    """What the assistant says around a name.

    Attributes:
        asks: The question for one.
        summary: What stands before a request's summary, which begins with the name.
    """

    asks: str
    summary: str

    @classmethod
    def load(cls, domain: Path) -> Phrases:
        """Reads them from the responses of domain.yml.

        Raises:
            ContentError: when the file cannot be read.
            KeyError: when a response is missing.
        """
        responses = read_mapping(domain)["responses"]
        consent = " ".join(responses[CONSENT][0]["text"].split())
        return cls(responses[ASK_NAME][0]["text"].strip(), consent.split(SUMMARY)[0])


def names_in(
    exchanges: Iterable[tuple[str, Sequence[dict[str, Any]]]], phrases: Phrases
) -> frozenset[str]:
    """Names that were asked for or repeated.

    Args:
        exchanges: Each message with the replies it got, oldest first.
        phrases: What the assistant says around a name.
    """
    found: set[str] = set()
    is_asked = False
    summary = re.compile(re.escape(phrases.summary) + r"([^;\n]+);")
    for text, replies in exchanges:
        if is_asked and (name := parse_name(text).value):
            found.add(name)
        said = [str(reply.get("text", "")) for reply in replies]
        is_asked = any(words.strip().endswith(phrases.asks) for words in said)
        found |= {match[1].strip() for words in said for match in summary.finditer(words)}
    return frozenset(found)
