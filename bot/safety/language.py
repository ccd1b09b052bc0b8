"""The pattern language of the tables, read into plain tuples.

``word``            the word, in any of its spellings
``pee|peed``        one or the other; ``flu_shot|vaccine`` where one of them is two words
``{cant}``          any word or phrase of that list in ``concepts.yml``
``a b``             side by side; small words such as "my" or "really" may stand between
``a .. b``          in this order, at most four words between
``a & b``           in one sentence, either order, at most eight words between
``a + b``           both anywhere in the message; the flag falls on the first
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bot.errors import SettingError

GAP = 4
Phrase = tuple[str, ...]


class Atom(NamedTuple):
    """Elements in order.

    Attributes:
        elements: Ids given out by a :class:`Lexicon`.
        gaps: Most words allowed between each element and the one before; the first is 0.
    """

    elements: tuple[int, ...]
    gaps: tuple[int, ...]


class Pattern(NamedTuple):
    """Parts that must all be in the message; each part's atoms must share a sentence.

    Attributes:
        parts: The atoms of each part.
        needs: Every element of them.
        is_hint: Whether it tells little by itself.
    """

    parts: tuple[tuple[Atom, ...], ...]
    needs: frozenset[int]
    is_hint: bool = False


class Lexicon:
    """Gives each distinct set of phrases one id, and finds phrases by their first word.

    Args:
        concepts: Named lists of words or phrases.
        skip: Small words that are never looked for.
        bars: Words that deny a pattern when they stand between two of its elements.
    """

    def __init__(
        self, concepts: Mapping[str, tuple[str, ...]], skip: Iterable[str], bars: Iterable[str]
    ) -> None:
        self.skip = frozenset(skip)
        self.bars = frozenset(bars)
        self.by_first: dict[str, list[tuple[Phrase, int, int]]] = {}
        self.vocabulary: set[str] = {*self.skip, *self.bars}
        self._concepts = concepts
        self._ids: dict[frozenset[Phrase], int] = {}

    def pattern(self, line: str, is_hint: bool = False) -> Pattern:
        """Reads one line of the language.

        Args:
            line: As it stands in a table.
            is_hint: Whether it tells little by itself.

        Raises:
            SettingError: names the line and what is wrong with it.
        """
        parts = tuple(
            tuple(self._atom(atom, line) for atom in part.split(" & "))
            for part in line.split(" + ")
        )
        needs = frozenset(element for part in parts for atom in part for element in atom.elements)
        return Pattern(parts, needs, is_hint)

    def atom(self, line: str) -> Atom:
        """Reads a line that must be one run of words, without ``&`` and ``+``.

        Raises:
            SettingError: names the line and what is wrong with it.
        """
        pattern = self.pattern(line)
        if len(pattern.parts) > 1 or len(pattern.parts[0]) > 1:
            raise SettingError(f"The line {line!r} may not hold '&' or '+'.", remedy=_REMEDY)
        return pattern.parts[0][0]

    def exception(self, line: str) -> Atom:
        """Reads a line that makes a sign harmless, as ``atom``, but each phrase whole.

        "a_day" would be "day" here, and any day would hide the sign.

        Raises:
            SettingError: as ``atom``, and where a phrase comes down to one word.
        """
        for text in (text for piece in line.split() for text in piece.split("|")):
            words = text.lower().split("_")
            if len(words) > 1 and sum(word not in self.skip for word in words) == 1:
                raise SettingError(
                    f"In {line!r}, {text!r} is read as one word: its small words are never looked "
                    "for, and the other would hide the sign wherever it stands.",
                    remedy=_REMEDY,
                )
        return self.atom(line)

    def _atom(self, text: str, line: str) -> Atom:
        elements: list[int] = []
        gaps: list[int] = []
        gap = 0
        for piece in text.split():
            if piece == "..":
                gap = GAP
                continue
            if piece in self.skip:
                continue
            elements.append(self._element(piece, line))
            gaps.append(gap if gaps else 0)
            gap = 0
        if not elements:
            raise SettingError(f"The pattern {line!r} has an empty part.", remedy=_REMEDY)
        return Atom(tuple(elements), tuple(gaps))

    def _element(self, piece: str, line: str) -> int:
        if piece.startswith("{") and piece.endswith("}"):
            if piece[1:-1] not in self._concepts:
                raise SettingError(
                    f"The pattern {line!r} names {piece}, which is not in concepts.yml.",
                    remedy=_REMEDY,
                )
            texts: tuple[str, ...] = self._concepts[piece[1:-1]]
        else:
            texts = tuple(piece.replace("_", " ").split("|"))
        if not all(text.replace(" ", "").isalnum() for text in texts):
            raise SettingError(
                f"The pattern {line!r} has a word that is not plain letters or digits.",
                remedy=_REMEDY,
            )
        return self._register(frozenset(self._phrase(text, line) for text in texts))

    def _phrase(self, text: str, line: str) -> Phrase:
        phrase = tuple(word for word in text.lower().split() if word not in self.skip)
        if not phrase:
            raise SettingError(
                f"The pattern {line!r} offers {text!r}, a small word that is never looked for.",
                remedy=_REMEDY,
            )
        return phrase

    def _register(self, phrases: frozenset[Phrase]) -> int:
        if phrases in self._ids:
            return self._ids[phrases]
        element = self._ids[phrases] = len(self._ids)
        for phrase in phrases:
            self.by_first.setdefault(phrase[0], []).append((phrase, len(phrase), element))
            self.vocabulary.update(phrase)
        return element


_REMEDY = "Correct the line in data/safety; docs/safety.md explains the pattern language."
