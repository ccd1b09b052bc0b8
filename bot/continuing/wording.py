"""The approved words around a conversation that goes on by text message."""

from __future__ import annotations

from dataclasses import dataclass

from bot.content import CardLibrary
from bot.content.errors import ContentError
from bot.continuing.letters import MASK

CODE_CARD, CONTINUED, MOVED = "other/phone_code", "other/continued", "other/request_moved"
NOTICE = "other/first_contact"


@dataclass(frozen=True)
class Wording:
    """What is said.

    Attributes:
        code: The text with the code; ``MASK`` stands for it.
        continued: The first text, and the word in the web chat.
        moved: The same where a request that was under way goes along.
        notice: Who writes and how to stop; in the first text that a phone ever gets.
    """

    code: str
    continued: tuple[str, str]
    moved: tuple[str, str]
    notice: str

    @classmethod
    def load(cls, library: CardLibrary) -> Wording:
        """Renders the cards.

        Raises:
            CardUnavailable: when one is missing or not approved: no server starts without.
            ContentError: when the code has no place in its card.
        """
        code = library.render(CODE_CARD, "sms").text
        if code.count(MASK) != 1:
            raise ContentError(
                f"The card {CODE_CARD} has no place for the code.",
                remedy=f"Write {MASK} once in its sms wording, where the code stands.",
            )
        return cls(
            code,
            _both(library, CONTINUED),
            _both(library, MOVED),
            library.render(NOTICE, "sms").text,
        )


def _both(library: CardLibrary, card: str) -> tuple[str, str]:
    return library.render(card, "sms").text, library.render(card, "web").text
