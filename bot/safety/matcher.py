"""Finds the patterns' words in a message, whatever their order and whatever stands between."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from copy import copy
from typing import NamedTuple

from bot.safety.language import Atom, Lexicon
from bot.safety.text import Break, Token

NEAR = 8
_REACH = 32
_SENTENCE = Break.SENTENCE


class Span(NamedTuple):
    """Tokens ``first`` to ``last``, the latter included, by index in :attr:`Scene.tokens`."""

    first: int
    last: int


class Scene:
    """One message with every table word in it located.

    Args:
        tokens: All words, in their right spelling.
        lexicon: The words to look for.

    Attributes:
        sentence: For each token, the number of its sentence.
        hits: Element id to its spans, in order, in indices of ``reduced``.
        reduced: Places of the tokens that are not small words.
    """

    def __init__(self, tokens: list[Token], lexicon: Lexicon) -> None:
        self.tokens = tokens
        skip = lexicon.skip
        self.reduced = [i for i, token in enumerate(tokens) if token.word not in skip]
        self.sentence = _sentences(tokens)
        self._locate(lexicon, [tokens[i].word for i in self.reduced])

    def again(self, lexicon: Lexicon) -> Scene:
        """The same message searched for the words of another lexicon."""
        other = copy(self)
        other._locate(lexicon, [self.tokens[i].word for i in self.reduced])
        return other

    def without(self, hidden: Collection[int]) -> Scene:
        """The same message with some tokens out of sight: those of figures of speech."""
        gone = {place for place, i in enumerate(self.reduced) if i in hidden}
        other = copy(self)
        other._spans = {}
        other.hits = {
            element: [hit for hit in hits if gone.isdisjoint(range(*hit))]
            for element, hits in self.hits.items()
        }
        return other

    def _locate(self, lexicon: Lexicon, words: list[str]) -> None:
        self.hits: dict[int, list[tuple[int, int]]] = {}
        self._spans: dict[Atom, list[Span]] = {}
        self._bars = [place for place, word in enumerate(words) if word in lexicon.bars]
        by_first, hits = lexicon.by_first, self.hits
        for place, word in enumerate(words):
            if word not in by_first:
                continue
            for phrase, size, element in by_first[word]:
                end = place + size
                if size == 1 or tuple(words[place:end]) == phrase:
                    if element in hits:
                        hits[element].append((place, end))
                    else:
                        hits[element] = [(place, end)]

    def find(self, atom: Atom) -> list[Span]:
        """Every place where the atom's elements stand in order within one sentence."""
        if atom not in self._spans:
            found = all(element in self.hits for element in atom.elements)
            self._spans[atom] = self._find(atom) if found else []
        return self._spans[atom]

    def _find(self, atom: Atom) -> list[Span]:
        elements, gaps = atom
        spans = []
        for start, end in self.hits[elements[0]]:
            last = self._follow(end, elements[1:], gaps[1:])
            if last and self._together(start, last - 1):
                spans.append(Span(self.reduced[start], self.reduced[last - 1]))
        return spans

    def _follow(self, end: int, elements: Sequence[int], gaps: Sequence[int]) -> int:
        """The end of the whole atom in reduced indices, or 0."""
        for element, gap in zip(elements, gaps, strict=True):
            hits = self.hits[element]
            at = bisect_left(hits, (end, 0))
            if at == len(hits) or hits[at][0] - end > gap or self._barred(end, hits[at][0]):
                return 0
            end = hits[at][1]
        return end

    def _barred(self, start: int, end: int) -> bool:
        """Whether the words between deny what follows: "my legs are [not] weak"."""
        at = bisect_left(self._bars, end) - 1
        if at < 0 or self._bars[at] < start:
            return False
        tokens = self.tokens[self.reduced[self._bars[at]] + 1 : self.reduced[end] + 1]
        return all(token.lead < Break.PAUSE for token in tokens)

    def _together(self, first: int, last: int) -> bool:
        return self.sentence[self.reduced[first]] == self.sentence[self.reduced[last]]

    def near(self, one: Span, others: Sequence[Span]) -> Iterator[Span]:
        """Those of ``others`` (in order) in the same sentence with at most 8 words between.

        Small words are not counted; at most 32 words in all are looked at on either side.
        """
        for at in range(bisect_left(others, (one.first - _REACH, 0)), len(others)):
            other = others[at]
            if other.first > one.last + _REACH:
                return
            if self.sentence[one.first] == self.sentence[other.first]:
                low, high = sorted((one, other))
                start = bisect_left(self.reduced, low.last + 1)
                if bisect_left(self.reduced, high.first) - start <= NEAR:
                    yield other


def _sentences(tokens: Sequence[Token]) -> list[int]:
    number = 0
    numbers = []
    for token in tokens:
        if token.lead is _SENTENCE:
            number += 1
        numbers.append(number)
    return numbers
