"""Whether a message that raised a flag may tell of something else than a present complaint.

The tables drop what its own clause denies, dates or supposes, and no more. Where the message holds
such words and they do not reach the sign, the flag stands, in doubt: it may be a story told at
length ("our pastor collapsed in July, a bag of fluids and he was joking again"). Who has nobody to
ask must take it for a flag.
"""

from __future__ import annotations

from bot.safety.context import View
from bot.safety.matcher import Span
from bot.safety.model import Sign
from bot.safety.text import Break

# Kinds of words in ``context.yml`` that speak of another time, of somebody far away, or of what was
# read, asked or said in jest.
ELSEWHERE = (
    "told",
    "risk_question",
    "what_if",
    "study",
    "strangers",
    "history",
    "recent_history",
    "long_since",
    "over",
    "that_was",
    "unaffected",
    "idioms",
)
# With one of these in its sentence the sign is there now.
NOW = ("present_not_history", "recurring_not_history")
# A story has at least so many words.
LONG = 20


def in_doubt(view: View, span: Span, sign: Sign) -> bool:
    """Whether a mention that counts stands in a message that tells of something else.

    Self-harm never does: what is said of it in jest or of long ago is for a person to judge.
    """
    sentence = view.bounds[Break.SENTENCE][span.first]
    if sign.always or any(view.any(kind, *sentence) for kind in NOW):
        return False
    everywhere = 0, len(view.tokens)
    if view.any("claims_not_unaffected", *everywhere):
        return False
    return (
        _is_told_without_now(view, sentence)
        or view.tokens[sentence[1] - 1].asked
        or view.any("hearsay", *sentence)
        or any(view.any(kind, *everywhere) for kind in ELSEWHERE)
    )


def _is_told_without_now(view: View, sentence: tuple[int, int]) -> bool:
    """Whether it is one sentence of a long message, and nothing in it goes on."""
    return (
        len(view.tokens) >= LONG
        and not view.has(view.context.now_words, *sentence)
        and not view.any("lasting", *sentence)
    )
