"""The words that phone companies act on by themselves: to stop messages, and to get them again.

Twilio has already acted on a word when it reaches us. It takes a message for such a word only when
it is nothing else, so "please cancel my visit" is a sentence, and "CANCEL" is not.

Source: Twilio's support for opt-out keywords; the French words are those of Canadian carriers.
"""

from __future__ import annotations

import re
from enum import Enum


class Keyword(str, Enum):
    """What a word asks for."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    PRIVACY = "privacy"


# Nobody means a visit with these, whatever mark follows.
PLAIN_STOPS = frozenset({"stop", "stopall", "unsubscribe", "arret", "arrêt", "arrett", "arrete"})
# These may be about a visit: they count only as phone companies read them, bare.
BARE_STOPS = frozenset({"cancel", "end", "quit", "revoke", "optout"})
STARTS = frozenset({"start", "yes", "unstop"})
HELPS = frozenset({"help", "info", "aide"})
PRIVACIES = frozenset({"privacy", "confidentialité", "confidentialite"})
_MARKS = re.compile(r"^[\s\"'“”]+|[\s.!\"'“”]+$")


def keyword(text: str, said_by_provider: str | None = None) -> Keyword | None:
    """What a message asks for when it is a keyword.

    Args:
        text: The whole message.
        said_by_provider: Twilio's ``OptOutType``, where a clinic chose words of its own there.
    """
    if said_by_provider and said_by_provider.lower() in {"stop", "start", "help"}:
        return Keyword(said_by_provider.lower())
    bare = text.strip().casefold()
    word = _MARKS.sub("", bare)
    if word in PLAIN_STOPS or bare in BARE_STOPS:
        return Keyword.STOP
    if word in STARTS:
        return Keyword.START
    if word in HELPS:
        return Keyword.HELP
    return Keyword.PRIVACY if word in PRIVACIES else None


def may_be_about_a_visit(text: str) -> bool:
    """Whether a word that stops messages may have been meant for a visit."""
    return text.strip().casefold() in BARE_STOPS
