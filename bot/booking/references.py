"""The short codes patients are told: drawn, tidied, and found in what somebody typed."""

from __future__ import annotations

import re
import secrets

# Codes are read aloud and typed back: no 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V, and no vowels, so that
# none of them spells a word. The leading B names what they are for.
ALPHABET = "34679CDFGHJKMNPQRTWX"
_CODE = re.compile(
    rf"(?<![\w-])B([{ALPHABET}]{{2}})([ \-\u2010-\u2015]?)([{ALPHABET}]{{3}})(?![\w-])",
    re.IGNORECASE,
)


def draw_reference() -> str:
    """A new code such as "B7K-3QD": B, then five characters no one mistakes for another."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(5))
    return f"B{drawn[:2]}-{drawn[2:]}"


def tidy_reference(typed: str) -> str:
    """The code as it is kept, from what somebody typed: "b7k 3qd" gives "B7K-3QD"."""
    letters = "".join(character for character in typed.upper() if character.isalnum())
    return f"{letters[:3]}-{letters[3:]}"


def find_reference(text: str) -> str | None:
    """The first code in a text, tidied; None when there is none."""
    match = next(filter(_is_code, _CODE.finditer(text)), None)
    return tidy_reference(match.group()) if match else None


def without_references(text: str) -> str:
    """The text with a space in the place of each code."""
    return _CODE.sub(lambda match: " " if _is_code(match) else match.group(), text)


def _is_code(match: re.Match[str]) -> bool:
    """Two short words without vowels are no code: "bcc tht". A digit or capitals make it one."""
    code = match.group()
    return match[2] != " " or any(map(str.isdigit, code)) or code.isupper()
