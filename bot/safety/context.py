"""Whether a mention is a present complaint, or is denied, past, supposed or only asked about.

Every rule leans to the side of care: a mention is dropped only where its own clause says so. The
reach of a negation depends on the level: for an emergency "no fever and leg weakness" denies only
the fever, for an urgent sign the whole list.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from bot.safety.language import Atom, Lexicon
from bot.safety.matcher import Scene, Span
from bot.safety.model import ContextFile, Level, Sign
from bot.safety.text import Break, Token

_LIST = 12
_ASIDE = 6
_CLOSE = 8
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
    "what_if",
    "hearsay",
    "study",
    "listing",
    "claims",
    "long_since",
    "unchanged",
    "changing",
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
        self.negators = frozenset(file.negators)
        self.passes = frozenset(file.negation_passes) | lexicon.skip
        self.symptoms = frozenset(file.symptoms)
        self.listable = self.passes | self.symptoms | self.ors
        self.states = frozenset(file.states)
        self.negated_after = frozenset(file.negated_after)
        self.own_negation = frozenset(file.own_negation)
        self.personal = frozenset(file.personal)
        self.others = frozenset(file.others)
        self.regions = frozenset(file.regions)
        self.years = frozenset(str(y) for y in range(file.history_years[0], file.history_years[1]))
        lexicon.vocabulary.update(
            self.negators,
            self.listable,
            self.states,
            self.negated_after,
            self.own_negation,
            self.personal,
            self.others,
            self.regions,
        )
        self.atoms: dict[str, tuple[Atom, ...]] = {
            name: tuple(lexicon.atom(line) for line in getattr(file, name)) for name in _PHRASES
        }

    def view(self, scene: Scene) -> View:
        """The context of one message."""
        return View(self, scene.again(self.lexicon))


class View:
    """Answers, for one message, what a span's surroundings make of it."""

    def __init__(self, context: Context, scene: Scene) -> None:
        self._context = context
        self.scene = scene
        self._tokens = scene.tokens
        self._bounds = {least: _stretches(scene.tokens, least) for least in _CUTS}
        self._found: dict[str, list[int]] = {}
        self._places: dict[str, set[int]] = {}

    def counts(self, span: Span, sign: Sign) -> bool:
        """Whether the mention is a complaint to act on."""
        if self.denied(span, sign.level):
            return False
        if not sign.past_counts and self._past(span, sign.fresh_only):
            return False
        if sign.may_be_old and self._old(span):
            return False
        # "The form lists chest pain. That is what I have": no longer a question.
        if self._any("claims", 0, len(self._tokens)):
            return True
        if self._studied(span):
            return False
        return sign.always or not self._supposed(span, sign.level)

    def denied(self, span: Span, level: Level) -> bool:
        """Whether the clause says no to it: "no chest pain", "chest pain: none"."""
        if self._tokens[span.first].word in self._context.own_negation:
            return False
        return self._denied_before(span, level) or self._denied_after(span)

    def _denied_before(self, span: Span, level: Level) -> bool:
        context = self._context
        listed = self._in_or_list(span) or (level is Level.URGENT and self._is_bare(span))
        joined = True
        for place in range(span.first - 1, max(-1, span.first - 1 - _LIST), -1):
            after = self._tokens[place + 1]
            if after.lead >= Break.BUT or (after.lead and not listed):
                return False
            word = self._tokens[place].word
            if word in context.negators:
                # "no my chest hurts" answers a question; it denies nothing.
                reaches = (joined or listed) and after.word not in context.personal
                return reaches and not self._any("not_a_negation", place, place + 1)
            if word in context.ors:
                joined = True
            elif joined and word in context.regions and not after.lead:
                continue
            elif word not in context.passes:
                joined = after.word in context.ors
                if word not in context.listable and not (joined and word in context.states):
                    return False
        return False

    def _is_bare(self, span: Span) -> bool:
        """Whether the span's whole clause is a list of nouns: "no fever, chills"."""
        start, end = self._bounds[Break.PAUSE][span.first]
        words = {token.word for token in self._tokens[start : min(end, start + _LIST)]}
        return end - start <= _LIST and words <= self._context.listable | self._context.ands

    def _in_or_list(self, span: Span) -> bool:
        """Whether the span is bare nouns in a list that "or" closes: "chills, fever or pain"."""
        words = [token.word for token in self._tokens[span.first : span.last + 1]]
        if not self._context.listable.issuperset(words) or self._now(span):
            return False
        if span.first and self._tokens[span.first - 1].word in self._context.ors:
            return True
        for token in self._tokens[span.last + 1 : span.last + 1 + _ASIDE]:
            if token.lead >= Break.BUT or token.word not in self._context.listable:
                return False
            if token.word in self._context.ors:
                return True
        return False

    def _now(self, span: Span) -> bool:
        """Whether the sentence around says that it is going on now."""
        return self._any("present_not_hearsay", *self._bounds[Break.SENTENCE][span.first])

    def _denied_after(self, span: Span) -> bool:
        after = self._tokens[span.last + 1 : span.last + 4]
        if after and not after[0].lead and after[0].word in self._context.symptoms:
            after = after[1:]
        if not after or after[0].word not in self._context.negated_after:
            return False
        return len(after) == 1 or after[1].lead >= Break.PAUSE

    def _past(self, span: Span, fresh_only: bool) -> bool:
        clauses = self._bounds[Break.AND]
        start, end = clauses[span.first][0], clauses[span.last][1]
        past = "recent_or_history" if fresh_only else "history"
        if self._any(f"present_not_{past}", start, end):
            return False
        if self._any("recurring_not_history", *self._bounds[Break.SENTENCE][span.first]):
            return False
        if self._any(past, start, end):
            return True
        asides = [clauses[end]] if end < len(self._tokens) else []
        if start:
            asides.append(clauses[start - 1])
        return any(self._dates(*aside, span, past) for aside in asides)

    def _dates(self, start: int, end: int, span: Span, past: str) -> bool:
        """Whether a short clause beside the span does nothing but put it in the past."""
        if end - start > _ASIDE or self.scene.sentence[start] != self.scene.sentence[span.first]:
            return False
        return (
            self._any(past, start, end)
            and not self._any(f"present_not_{past}", start, end)
            and not self._any(f"personal_not_{past}", start, end)
        )

    def _old(self, span: Span) -> bool:
        """Whether it has been there for years and the message says that it is as it was."""
        return (
            self._any("long_since", *self._bounds[Break.SENTENCE][span.first])
            and self._any("unchanged", 0, len(self._tokens))
            and not self._any("changing_not_unchanged", 0, len(self._tokens))
        )

    def _studied(self, span: Span) -> bool:
        """Whether a student, teacher or writer asks about other people, not about anyone near."""
        start, end = self._bounds[Break.SENTENCE][span.first]
        words = {token.word for token in self._tokens[start:end]}
        asked = self._tokens[end - 1].asked or self._any("risk_question", start, end)
        return (
            asked
            and not words.isdisjoint(self._context.others)
            and bool(self.places("study"))
            and not self._now(span)
            and not self._any("personal_not_hearsay", start, end)
        )

    def _supposed(self, span: Span, level: Level) -> bool:
        start = max(self._bounds[Break.SENTENCE][span.first][0], span.first - _CLOSE)
        if self._any("what_if", start, span.first):
            return True
        pauses = self._bounds[Break.PAUSE]
        start, end = pauses[span.first][0], pauses[span.last][1]
        asked = self._any("risk_question", start, end) or self._listed(span)
        if level is Level.URGENT:
            asked = asked or self._any("treat_question", start, end)
        if not asked or self._now(span):
            return False
        if level is not Level.URGENT:
            start, end = self._bounds[Break.SENTENCE][span.first]
        return not self._any("personal_not_hearsay", start, end)

    def _listed(self, span: Span) -> bool:
        """Whether it is one noun of what a form lists: "it lists fainting, infection and falls"."""
        start, _ = self._bounds[Break.SENTENCE][span.first]
        return self._is_bare(span) and self._any("listing", start, span.first)

    def _any(self, name: str, start: int, end: int) -> bool:
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
            return (self._covered(name) - self._covered("no_history")) | self._years()
        if name == "long_since":
            return self._covered(name) | self._years(also_since=True)
        if name == "personal":
            return {
                i for i, token in enumerate(self._tokens) if token.word in self._context.personal
            }
        return self._covered(name)

    def _covered(self, name: str) -> set[int]:
        hits = self.scene.hits
        return {
            place
            for atom in self._context.atoms[name]
            if atom.elements[0] in hits
            for span in self.scene.find(atom)
            for place in range(span.first, span.last + 1)
        }

    def _years(self, also_since: bool = False) -> set[int]:
        years, tokens = self._context.years, self._tokens
        since = frozenset[str]() if also_since else self._context.since
        return {
            place
            for place, token in enumerate(tokens)
            if token.word in years and (place == 0 or tokens[place - 1].word not in since)
        }


def _stretches(tokens: Sequence[Token], least: Break) -> list[tuple[int, int]]:
    """For each token, the start and end of the stretch around it that no such break cuts."""
    starts = [i for i, token in enumerate(tokens) if i == 0 or token.lead >= least]
    ends = [*starts[1:], len(tokens)]
    return [pair for pair in zip(starts, ends, strict=True) for _ in range(*pair)]
