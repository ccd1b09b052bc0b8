"""How a message reads in Messenger, within the limits of its Send API.

Source: Meta's reference of the Send API: 2,000 characters of text, 13 quick replies with a title of
20 characters and a payload of 1,000.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.content.segments import split_text

MAX_TEXT = 2_000
MAX_CHOICES = 13
MAX_TITLE = 20
MAX_PAYLOAD = 1_000


def fits(text: str) -> bool:
    """Whether a text may be sent as one message; counted as Meta does, in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 <= MAX_TEXT


def messenger_texts(text: str, notice: str = "") -> list[str]:
    """The texts that carry one message, in order.

    Args:
        text: The words.
        notice: Said at the first contact.
    """
    parts = split_text(text, fits)
    if notice:
        joined = f"{parts[-1]}\n\n{notice}"
        parts[-1:] = [joined] if fits(joined) else [parts[-1], notice]
    return parts


def message_body(text: str, choices: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The ``message`` of a request to the Send API."""
    quick = [
        {
            "content_type": "text",
            "title": choice["title"][:MAX_TITLE],
            "payload": choice["text"][:MAX_PAYLOAD],
        }
        for choice in choices[:MAX_CHOICES]
    ]
    return {"text": text, **({"quick_replies": quick} if quick else {})}
