"""Which characters a text message can carry without shrinking to 70 characters a part.

Source: 3GPP TS 23.038, the GSM 7-bit default alphabet and its extension table.
"""

from __future__ import annotations

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")


def outside_gsm7(text: str) -> str:
    """The characters of a text that are not in the alphabet, each once, in order."""
    return "".join(dict.fromkeys(c for c in text if c not in BASIC and c not in EXTENDED))


def gsm7_length(text: str) -> int:
    """Length in 7-bit units; a character of the extension table takes two."""
    return len(text) + sum(character in EXTENDED for character in text)
