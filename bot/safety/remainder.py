"""What is left of a message without its red flags, so that the rest can still be answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.safety.matcher import Scene, Span
from bot.safety.rules import Finding
from bot.safety.surroundings import Context
from bot.safety.text import Break

_TRIM = " \t\r\n,;:-\u2013\u2014&."
_JOINERS = ("and also ", "and ", "but ", "also ", "so ", "n ", "plus ")


def remainder(text: str, scene: Scene, found: Sequence[Finding], context: Context) -> str:
    """The text without the clauses that raised a flag.

    A sentence with no flag stays whole. Of a sentence with one, only a clause that asks for
    something the clinic can answer stays: "how much is it and i cant feel my legs" keeps the price.
    """
    asks = [span for atom in context.atoms["requests"] for span in scene.find(atom)]
    asked = {span.first for span in asks}
    raised = _places(item.span for item in found)
    beside = _places(span for item in found for span in item.asides)
    kept: list[str] = []
    for sentence in _stretches(scene, Break.SENTENCE, range(len(scene.tokens))):
        if not raised.isdisjoint(sentence):
            kept += _requests(text, scene, raised, asked, sentence)
        elif beside.isdisjoint(sentence) or _is_question(scene, asked, sentence):
            kept.append(_slice(text, scene, sentence))
    return " ".join(piece for piece in kept if piece)


def _requests(
    text: str, scene: Scene, raised: set[int], asked: set[int], sentence: range
) -> Iterator[str]:
    """The requests within a flagged sentence."""
    for clause in _stretches(scene, Break.AND, sentence):
        last = max((place for place in clause if place in raised), default=None)
        if last is not None:
            starts = [place for place in range(last + 1, clause.stop) if place in asked]
            rest = range(starts[0], clause.stop) if starts else range(0)
        else:
            rest = clause
        if not asked.isdisjoint(rest):
            yield _slice(text, scene, rest)


def _is_question(scene: Scene, asked: set[int], sentence: range) -> bool:
    return not asked.isdisjoint(sentence) or scene.tokens[sentence[-1]].asked


def _places(spans: Iterable[Span]) -> set[int]:
    return {place for span in spans for place in range(span.first, span.last + 1)}


def _stretches(scene: Scene, least: Break, places: range) -> list[range]:
    """Cuts a run of tokens at every break of at least this strength."""
    starts = [i for i in places if i == places.start or scene.tokens[i].lead >= least]
    return [range(*pair) for pair in zip(starts, [*starts[1:], places.stop], strict=True)]


def _slice(text: str, scene: Scene, places: range) -> str:
    tokens = scene.tokens
    end = tokens[places.stop].start if places.stop < len(tokens) else len(text)
    piece = text[tokens[places.start].start : end].strip(_TRIM)
    for joiner in _JOINERS:
        if piece.lower().startswith(joiner):
            return piece[len(joiner) :].strip(_TRIM)
    return piece
