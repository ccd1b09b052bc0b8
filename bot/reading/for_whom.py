"""Whom a visit is for, where only "for" and a name say so: "tuesday works, for Sam O'Neil"."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.reading.plain_name import is_no_name, is_plain_name
from bot.reading.signature import NAME, RELATION, is_name
from bot.reading.words import words

LOOKED_AT = 1000
_LEAD = (
    r"(?:(?P<lead>(?i:it'?\u2019?s|it\s+is|this\s+is|that'?s|"
    r"(?:visit|booking|appointment)\s+is))\s+)?"
)
_END = r"(?=\s*(?:$|[,.;!?\n(+\d]|-\s|\b(?i:please|pls|thanks|thank|thx)\b))"
# Who asks for Joan on the phone books for somebody else.
_FOR = r"(?<!\bask\s)(?<!\bcall\s)(?<!\btext\s)(?<!\blook\s)(?<!\blooking\s)\bfor\s+"
_WHOSE = rf"(?P<whose>(?i:my)\s+(?i:{RELATION})\s*,?\s+)"
_CAPITAL = re.compile(rf"{_LEAD}(?i:{_FOR}){_WHOSE}?{NAME}{_END}")
# In small letters only behind "my mom" and the like, where little else than a name can stand.
_SMALL = re.compile(
    rf"{_LEAD}{_FOR}{_WHOSE}(?P<name>[^\W\d_]+(?:['-][^\W\d_]+)*(?: [^\W\d_]+)?){_END}",
    re.IGNORECASE,
)
# Behind "for" these are wishes, and behind "my mom" they say more of her.
_NO_NAME = words("""
    only again instead also alone though tho both together either myself himself herself who whose
    weight loss smoking fertility allergies digestion balance relaxation wellness energy recovery
    home messages emergencies botox cosmetic facial deep tissue sports christmas
""")

_OWNS = re.compile(r"['\u2019]s$")


class ForWhom(NamedTuple):
    """Whom a message says the visit is for.

    Attributes:
        name: As it was spelled.
        is_relative: Whether it is said whose relative it is: "for my mom Joan".
        is_led: Whether it is a sentence of its own: "it's for Joan".
        is_all: Whether the message says nothing else.
    """

    name: str
    is_relative: bool
    is_led: bool
    is_all: bool


def for_whom(text: str) -> ForWhom | None:
    """Whom the visit is for; None where the words behind "for" may be anything else."""
    seen = text[:LOOKED_AT]
    for pattern in (_CAPITAL, _SMALL):
        for match in pattern.finditer(seen):
            if _is_somebody(match["name"]):
                rest = seen[: match.start()] + seen[match.end() :]
                is_all = not any(map(str.isalnum, rest))
                return ForWhom(match["name"], bool(match["whose"]), bool(match["lead"]), is_all)
    return None


def _is_somebody(said: str) -> bool:
    parts = said.lower().split()
    is_topic = any(part in _NO_NAME or is_no_name(part) or _OWNS.search(part) for part in parts)
    return is_name(said) and is_plain_name(said) and not is_topic
