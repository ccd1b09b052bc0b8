"""Whether a message has French in it, and whether it is French; by its common words alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.safety.model import Flag, MarksFile
from bot.safety.text import Token

_ELIDED = frozenset("cdjlmnst")


class Marks:
    """Words that only one of the two languages has.

    Args:
        french: Every word of the French tables.
        file: French words that are English as well, and common English words.
    """

    def __init__(self, french: Iterable[str], file: MarksFile) -> None:
        self._words = frozenset(french)
        self._french = self._words.difference(file.also_english, file.english)
        self._english = frozenset(file.english)

    def any(self, tokens: Sequence[Token]) -> bool:
        """Whether one word is French and not English, also behind an apostrophe: "j'étouffe"."""
        words = [token.word for token in tokens]
        if not self._french.isdisjoint(words):
            return True
        return not self._french.isdisjoint([w[1:] for w in words if w[0] in _ELIDED])

    def is_french(self, tokens: Sequence[Token]) -> bool:
        """Whether more words are French than English; words of both languages count for none."""
        words = [token.word for token in tokens]
        return sum(w in self._french for w in words) > sum(w in self._english for w in words)

    def knows_all(self, flag: Flag, tokens: Sequence[Token]) -> bool:
        """Whether the French tables know every word that raised a flag."""
        return self._words.issuperset(_raised(flag, tokens))

    def knows_alone(self, flag: Flag, tokens: Sequence[Token]) -> bool:
        """Whether one of the words that raised a flag is French and not English."""
        return not self._french.isdisjoint(_raised(flag, tokens))


def _raised(flag: Flag, tokens: Sequence[Token]) -> list[str]:
    return [t.word for t in tokens if t.start >= flag.start and t.end <= flag.end]
