"""How a message reads as texts: its choices numbered, never over the limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.content.segments import split_text, text_length

# Units of the alphabet a text needs; the longest card has as many.
LIMIT = 320
MENU = "Reply with a number:"
# A single digit is what a choice is picked by.
MAX_CHOICES = 9

Choice = Mapping[str, str]


def fits(text: str) -> bool:
    """Whether a text may be sent as one message."""
    return text_length(text) <= LIMIT


def sms_texts(
    text: str, choices: Sequence[Choice] = (), notice: str = "", *, asks: bool = True
) -> list[str]:
    """The texts that carry one message, in order.

    Args:
        text: The words.
        choices: What is offered; ``title`` is shown.
        notice: Said at the first contact.
        asks: False for choices that may be left out, where they would cost a text of their own.
    """
    parts = split_text(text, fits)
    if notice:
        _add(parts, notice)
    if choices:
        menu = menu_of(choices)
        if asks or fits(f"{parts[-1]}\n{menu}"):
            _add(parts, menu)
    return parts


def menu_of(choices: Sequence[Choice]) -> str:
    """The numbered choices as they are read."""
    return "\n".join([MENU, *(f"{n} {c['title']}" for n, c in _numbered(choices))])


def _add(parts: list[str], added: str) -> None:
    """Puts more words under the last text, or after it when they do not fit."""
    joined = f"{parts[-1]}\n{added}"
    parts[-1:] = [joined] if fits(joined) else [parts[-1], *split_text(added, fits)]


def _numbered(choices: Sequence[Choice]) -> list[tuple[int, Choice]]:
    return list(enumerate(choices[:MAX_CHOICES], 1))
