"""Where a sign's patterns hold in a message, once its context has had its say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from bot.safety.context import View
from bot.safety.language import Atom, Pattern
from bot.safety.matcher import Scene, Span
from bot.safety.model import Sign


class Rule(NamedTuple):
    """A sign with its patterns, and with what makes it harmless when close by."""

    sign: Sign
    patterns: tuple[Pattern, ...]
    unless: tuple[Atom, ...]


class Finding(NamedTuple):
    """A sign, the words that raised it, and words elsewhere that it needed beside them.

    Attributes:
        sign: The sign.
        span: The words that raised it.
        asides: The words elsewhere.
        is_hint: Whether they tell little by themselves.
    """

    sign: Sign
    span: Span
    asides: tuple[Span, ...]
    is_hint: bool


def by_anchor(rules: Sequence[Rule]) -> dict[int, list[tuple[Rule, Pattern]]]:
    """Each pattern under the one of its elements that the fewest patterns share."""
    pairs = [(rule, pattern) for rule in rules for pattern in rule.patterns]
    uses = Counter(element for _, pattern in pairs for element in pattern.needs)
    index: dict[int, list[tuple[Rule, Pattern]]] = {}
    for rule, pattern in pairs:
        anchor = min(pattern.needs, key=lambda element: (uses[element], element))
        index.setdefault(anchor, []).append((rule, pattern))
    return index


def findings(rule: Rule, pattern: Pattern, scene: Scene, view: View) -> Iterator[Finding]:
    """Every place where the pattern holds."""
    sign = rule.sign
    asides = []
    for part in pattern.parts[1:]:
        aside = next(_together(part, scene, lambda span: not view.denied(span, sign.level)), None)
        if aside is None:
            return
        asides.append(aside)
    harmless = sorted(span for atom in rule.unless for span in view.scene.find(atom))
    for span in _together(pattern.parts[0], scene, lambda span: view.counts(span, sign)):
        if not any(scene.near(span, harmless)):
            yield Finding(sign, span, tuple(asides), pattern.is_hint)


def _together(
    atoms: tuple[Atom, ...], scene: Scene, counts: Callable[[Span], bool]
) -> Iterator[Span]:
    """Where all atoms stand near each other in one sentence, each of them a complaint."""
    others = [scene.find(atom) for atom in atoms[1:]]
    for span in scene.find(atoms[0]):
        if not counts(span):
            continue
        kept = [span]
        for spans in others:
            partner = _partner(span, spans, scene, counts)
            if partner is None:
                break
            kept.append(partner)
        else:
            yield Span(min(s.first for s in kept), max(s.last for s in kept))


def _partner(
    span: Span, spans: Sequence[Span], scene: Scene, counts: Callable[[Span], bool]
) -> Span | None:
    for other in scene.near(span, spans):
        apart = other.first > span.last or other.last < span.first
        if apart and counts(other):
            return other
    return None
