"""The context tables, compiled, and where their words stand in one message."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from bot.safety.language import Atom, Lexicon
from bot.safety.matcher import Scene, Span
from bot.safety.model import ContextFile
from bot.safety.text import Break, Token

_CUTS = (Break.AND, Break.PAUSE, Break.SENTENCE)
_PHRASES = (
    "not_a_negation",
    "history",
    "no_history",
    "recent_history",
    "present",
    "recurring",
    "risk_question",
    "treat_question",
    "told",
    "done_reading",
    "what_if",
    "hearsay",
    "strangers",
    "near",
    "study",
    "listing",
    "claims",
    "long_since",
    "unchanged",
    "changing",
    "unaffected",
    "over",
    "lasting",
    "that_was",
    "cleared",
    "idioms",
    "requests",
)


class Context:
    """The context tables, compiled.

    Args:
        file: The tables.
        lexicon: Holds their words; apart from the signs' own, as most messages need only those.
    """

    def __init__(self, file: ContextFile, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.leads = dict.fromkeys(file.but_words, Break.BUT) | dict.fromkeys(
            file.and_words, Break.AND
        )
        self.ands = frozenset(file.and_words)
        self.ors = frozenset(file.or_words)
        self.since = frozenset(file.since_words)
        self.when_words = frozenset(file.when_words)
        self.negators = frozenset(file.negators)
        self.passes = frozenset(file.negation_passes) | lexicon.skip
        self.no_longer = {word: frozenset(first) for word, first in file.no_longer.items()}
        self.no_longer_verbs = frozenset(file.no_longer_verbs)
        self.symptoms = frozenset(file.symptoms)
        self.listable = self.passes | self.symptoms | self.ors
        self.states = frozenset(file.states)
        self.negated_after = frozenset(file.negated_after)
        self.own_negation = frozenset(file.own_negation)
        self.personal = frozenset(file.personal)
        self.kin = self.personal.difference(file.first_person)
        self.others = frozenset(file.others)
        self.regions = frozenset(file.regions)
        self.possessives = frozenset(file.possessives)
        self.decades = frozenset(file.decades)
        self.decade_articles = frozenset(file.decade_articles)
        self.decade_parts = frozenset(file.decade_parts)
        self.past_words = frozenset(file.past_words)
        self.now_words = frozenset(file.now_words)
        self.belongings = frozenset(file.belongings)
        self.years = frozenset(str(y) for y in range(file.history_years[0], file.history_years[1]))
        lexicon.vocabulary.update(*self._word_lists())
        self.atoms: dict[str, tuple[Atom, ...]] = {
            name: tuple(lexicon.atom(line) for line in getattr(file, name)) for name in _PHRASES
        }

    def _word_lists(self) -> tuple[frozenset[str], ...]:
        """Words looked for one by one, which must not be taken for slips of others."""
        return (
            self.negators,
            self.listable,
            self.states,
            self.negated_after,
            self.own_negation,
            self.personal,
            self.others,
            self.regions,
            self.decades,
            self.decade_parts,
            self.past_words,
            self.now_words,
            self.belongings,
        )


class Surroundings:
    """Tells, for one message, which tokens are of a kind that the tables name."""

    def __init__(self, context: Context, scene: Scene) -> None:
        self.context = context
        self.scene = scene.again(context.lexicon)
        self.tokens = scene.tokens
        self.bounds = {least: _stretches(scene.tokens, least) for least in _CUTS}
        self._found: dict[str, list[int]] = {}
        self._places: dict[str, set[int]] = {}

    def any(self, name: str, start: int, end: int) -> bool:
        """Whether a token of that kind stands in the range."""
        if name not in self._found:
            self._found[name] = sorted(self.places(name))
        places = self._found[name]
        at = bisect_left(places, start)
        return at < len(places) and places[at] < end

    def places(self, name: str) -> set[int]:
        """The tokens of a kind; "a_not_b" are those of ``a`` that are not of ``b``."""
        if name not in self._places:
            self._places[name] = self._look(name)
        return self._places[name]

    def _look(self, name: str) -> set[int]:
        if "_not_" in name:
            kind, other = name.split("_not_")
            return self.places(kind) - self.places(other)
        if name == "recent_or_history":
            return self._covered("recent_history") | self.places("history")
        if name == "history":
            covered = self._covered(name) - self._covered("no_history")
            return covered | self._years() | self._decades()
        if name == "long_since":
            return self._covered(name) | self._years(also_since=True)
        if name in ("personal", "kin"):
            words = self.context.personal if name == "personal" else self.context.kin
            return {
                place
                for place, token in enumerate(self.tokens)
                if token.word in words and not self._is_of_a_thing(place)
            }
        return self._covered(name)

    def _covered(self, name: str) -> set[int]:
        hits = self.scene.hits
        return {
            place
            for atom in self.context.atoms[name]
            if atom.elements[0] in hits
            for span in self.scene.find(atom)
            if name != "idioms" or any(atom.gaps) or self._unbroken(span)
            for place in range(span.first, span.last + 1)
        }

    def _unbroken(self, span: Span) -> bool:
        """Whether it is one phrase: "fainting goats", not "I keep fainting, goats ..."."""
        inner = self.tokens[span.first + 1 : span.last + 1]
        return all(token.lead < Break.PAUSE for token in inner)

    def _years(self, also_since: bool = False) -> set[int]:
        years, tokens = self.context.years, self.tokens
        since = frozenset[str]() if also_since else self.context.since
        return {
            place
            for place, token in enumerate(tokens)
            if token.word in years and (place == 0 or tokens[place - 1].word not in since)
        }

    def _decades(self) -> set[int]:
        """Decades of the calendar, and those of a life in which something was."""
        places = set()
        for place, token in enumerate(self.tokens):
            if token.word in self.context.decades and place:
                parts = self.tokens[place - 1].word in self.context.decade_parts
                owner = place - 1 - parts
                start = self.bounds[Break.AND][place][0]
                if self.tokens[max(0, owner)].word in self.context.decade_articles or self.has(
                    self.context.past_words, start, owner
                ):
                    places.add(place)
        return places

    def has(self, words: frozenset[str], start: int, end: int) -> bool:
        """Whether one of these words stands in the range."""
        return any(token.word in words for token in self.tokens[start:end])

    def _is_of_a_thing(self, place: int) -> bool:
        """Whether it only says whose a thing is: "my textbook"."""
        return self.has(self.context.belongings, place + 1, place + 3)


def _stretches(tokens: Sequence[Token], least: Break) -> list[tuple[int, int]]:
    """For each token, the start and end of the stretch around it that no such break cuts."""
    starts = [i for i, token in enumerate(tokens) if i == 0 or token.lead >= least]
    ends = [*starts[1:], len(tokens)]
    return [pair for pair in zip(starts, ends, strict=True) for _ in range(*pair)]
