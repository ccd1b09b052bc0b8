"""Whether a mention is a present complaint, or is denied, past, supposed or only asked about.

Every rule leans to the side of care: a mention is dropped only where its own clause says so. The
reach of a negation depends on the level: for an emergency "no fever and leg weakness" denies only
the fever, for an urgent sign the whole list.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.safety.matcher import Span
from bot.safety.model import Level, Sign
from bot.safety.surroundings import Surroundings
from bot.safety.text import Break

_LIST = 12
_ASIDE = 6
_CLOSE = 8
_SHORT = 3
_OPENING = 4


class View(Surroundings):
    """Answers, for one message, what a span's surroundings make of it."""

    def counts(self, span: Span, sign: Sign) -> bool:
        """Whether the mention is a complaint to act on."""
        if self.denied(span, sign.level):
            return False
        if not sign.past_counts and self._past(span, sign):
            return False
        if (sign.may_be_old and self._old(span)) or (sign.may_be_cleared and self._cleared()):
            return False
        # "The form lists chest pain. That is what I have": no longer a question.
        if self._anywhere("claims_not_unaffected"):
            return True
        if self._studied(span):
            return False
        return sign.always or not (
            self._supposed(span, sign.level) or (self._of_stranger(span) and not sign.past_counts)
        )

    def denied(self, span: Span, level: Level) -> bool:
        """Whether the clause says no to it: "no chest pain", "chest pain: none"."""
        if self.tokens[span.first].word in self.context.own_negation:
            return False
        return self._denied_before(span, level) or self._denied_after(span)

    def _denied_before(self, span: Span, level: Level) -> bool:
        context = self.context
        listed = self._in_or_list(span) or (level is Level.URGENT and self._is_bare(span))
        joined = True
        for place in range(span.first - 1, max(-1, span.first - 1 - _LIST), -1):
            after = self.tokens[place + 1]
            if after.lead >= Break.BUT or (after.lead and not listed):
                return False
            word = self.tokens[place].word
            if word in context.negators:
                # "no my chest hurts" answers a question; it denies nothing.
                reaches = (joined or listed) and after.word not in context.personal
                return reaches and not self.any("not_a_negation", place, place + 1)
            if joined and self._no_longer(place, span):
                return True
            if word in context.ors:
                joined = True
            elif joined and word in context.regions and not after.lead:
                continue
            elif word not in context.passes:
                joined = after.word in context.ors
                if word not in context.listable and not (joined and word in context.states):
                    return False
        return False

    def _no_longer(self, place: int, span: Span) -> bool:
        """Whether it is half of a no in two words: "n'ai plus mal", but not "plus mal"."""
        halves = self.context.no_longer.get(self.tokens[place].word)
        if halves is None or self._now(span):
            return False
        for before in range(place - 1, max(-1, place - 1 - _SHORT), -1):
            word = self.tokens[before].word
            if word in halves:
                return True
            if word not in self.context.no_longer_verbs:
                return False
        return False

    def _is_bare(self, span: Span) -> bool:
        """Whether the span's whole clause is a list of nouns: "no fever, chills"."""
        start, end = self.bounds[Break.PAUSE][span.first]
        words = {token.word for token in self.tokens[start : min(end, start + _LIST)]}
        return end - start <= _LIST and words <= self.context.listable | self.context.ands

    def _in_or_list(self, span: Span) -> bool:
        """Whether the span is bare nouns in a list that "or" closes: "chills, fever or pain"."""
        words = [token.word for token in self.tokens[span.first : span.last + 1]]
        if not self.context.listable.issuperset(words) or self._now(span):
            return False
        if span.first and self.tokens[span.first - 1].word in self.context.ors:
            return True
        for token in self.tokens[span.last + 1 : span.last + 1 + _ASIDE]:
            if token.lead >= Break.BUT or token.word not in self.context.listable:
                return False
            if token.word in self.context.ors:
                return True
        return False

    def _now(self, span: Span) -> bool:
        """Whether the sentence around says that it is going on now."""
        return self.any("present_not_hearsay", *self.bounds[Break.SENTENCE][span.first])

    def _denied_after(self, span: Span) -> bool:
        after = self.tokens[span.last + 1 : span.last + 4]
        if after and not after[0].lead and after[0].word in self.context.symptoms:
            after = after[1:]
        if not after or after[0].word not in self.context.negated_after:
            return False
        return len(after) == 1 or after[1].lead >= Break.PAUSE

    def _past(self, span: Span, sign: Sign) -> bool:
        clauses = self.bounds[Break.AND]
        start, end = clauses[span.first][0], clauses[span.last][1]
        if self.any("recurring_not_history", *self.bounds[Break.SENTENCE][span.first]):
            return False
        over = not sign.always and self._is_over() and not self.any("lasting", start, end)
        past = "recent_or_history" if sign.fresh_only or over else "history"
        if self.any(f"present_not_{past}", start, end):
            return False
        if self.any(past, start, end) or self._told_after(span, past):
            return True
        if self._opened_in(span, past):
            return True
        return any(self._dates(*aside, span, past) for aside in self._beside(start, end))

    def _beside(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The clauses next to a stretch, and those behind a very short one: "quinsy, in 1975"."""
        clauses = self.bounds[Break.AND]
        while end < len(self.tokens):
            yield clauses[end]
            short = clauses[end][1] - end <= _SHORT
            end = clauses[end][1] if short else len(self.tokens)
        while start:
            yield clauses[start - 1]
            short = start - clauses[start - 1][0] <= _SHORT
            start = clauses[start - 1][0] if short else 0

    def _dates(self, start: int, end: int, span: Span, past: str) -> bool:
        """Whether a short clause beside the span does nothing but put it in the past."""
        if end - start > _ASIDE or self.scene.sentence[start] != self.scene.sentence[span.first]:
            return False
        # "At my wedding in 1990" has a "my" and says nothing but when.
        when = self.tokens[start].word in self.context.when_words
        return (
            self.any(past, start, end)
            and not self.any(f"present_not_{past}", start, end)
            and (when or not self.any(f"personal_not_{past}", start, end))
        )

    def _opened_in(self, span: Span, past: str) -> bool:
        """Whether its sentence opens with when: "In 1998 I fell and couldn't feel my legs"."""
        start = self.bounds[Break.SENTENCE][span.first][0]
        clause = self.bounds[Break.AND][span.first][0], self.bounds[Break.AND][span.last][1]
        return (
            self.any(past, start, start + _OPENING)
            and self.has(self.context.past_words, start, span.last + 1)
            and not self.has(self.context.now_words, *clause)
            and not self.any(f"present_not_{past}", start, clause[1])
            and not self.any("lasting_not_history", start, clause[1])
        )

    def _told_after(self, span: Span, past: str) -> bool:
        """Whether what follows dates it: "I fainted at a wedding. That was in 1999"."""
        after = self.bounds[Break.SENTENCE][span.last][1]
        starts = {self.bounds[Break.PAUSE][place][0] for place in range(span.last + 1, after)}
        return any(self._is_date(start, past) for start in (*starts, after) if start > span.last)

    def _is_date(self, start: int, past: str) -> bool:
        """Whether a clause says no more than that it was then: "that was in 1999"."""
        if start >= len(self.tokens) or not self.any("that_was", start, start + 1):
            return False
        end = min(self.bounds[Break.PAUSE][start][1], start + _ASIDE)
        words = {token.word for token in self.tokens[start:end]}
        return (
            self.any(past, start, end)
            and not self.any(f"present_not_{past}", start, end)
            and words.isdisjoint(self.context.negators)
        )

    def _is_over(self) -> bool:
        """Whether the message says that a thing was looked at and is gone, and none is back."""
        return self._anywhere("over") and not self._anywhere("recurring_not_history")

    def _cleared(self) -> bool:
        """Whether a doctor who knows of it has said yes to the visit, and nothing is new since."""
        return self._anywhere("cleared") and not self._anywhere("changing_not_cleared")

    def _old(self, span: Span) -> bool:
        """Whether it has been there for years and the message says that it is as it was."""
        return (
            self.any("long_since", *self.bounds[Break.SENTENCE][span.first])
            and self._anywhere("unchanged")
            and not self._anywhere("changing_not_unchanged")
        )

    def _studied(self, span: Span) -> bool:
        """Whether a student, teacher or writer asks about other people, not about anyone near."""
        start, end = self.bounds[Break.SENTENCE][span.first]
        words = {token.word for token in self.tokens[start:end]}
        asked = self.tokens[end - 1].asked or self.any("risk_question", start, end)
        return (
            asked
            and not words.isdisjoint(self.context.others)
            and bool(self.places("study"))
            and not self._now(span)
            and not self.any("personal_not_hearsay", start, end)
        )

    def _of_stranger(self, span: Span) -> bool:
        """Whether it befell somebody far away, and is told as a story: "my boss once fainted"."""
        start, end = self.bounds[Break.SENTENCE][span.first]
        who = self.places("strangers")
        last = max((place for place in range(start, span.last + 1) if place in who), default=None)
        return (
            last is not None
            and self.has(self.context.past_words, last, span.last + 1)
            and not self.has(self.context.now_words, last, end)
            and not self._names_somebody(last + 1, span.last + 1)
            and not self.any("present_not_history", last, end)
            and not self._anywhere("recurring_not_history")
            and not self._anywhere("near")
        )

    def _names_somebody(self, start: int, end: int) -> bool:
        """Whether the writer or somebody near them stands there: "a guy hit my husband"."""
        near = self.places("personal_not_strangers")
        words = self.context.possessives
        return any(i in near and self.tokens[i].word not in words for i in range(start, end))

    def _supposed(self, span: Span, level: Level) -> bool:
        start = max(self.bounds[Break.SENTENCE][span.first][0], span.first - _CLOSE)
        if self.any("what_if", start, span.first):
            return True
        clauses, sentences = self.bounds[Break.PAUSE], self.bounds[Break.SENTENCE]
        clause = clauses[span.first][0], clauses[span.last][1]
        # "My legs are fine, I only read it": then the sentence may speak of the reader.
        spared = self._anywhere("unaffected")
        scope = self._behind_reading(span, sentences[span.first] if spared else clause)
        asked = (
            self.any("risk_question", *scope)
            or self.any("told", scope[0], span.first)
            or self._listed(span)
        )
        if level is Level.URGENT:
            asked = asked or self.any("treat_question", *clause)
        if not asked or self._now(span):
            return False
        if spared and self.any("kin_not_hearsay", *sentences[span.first]):
            return False
        told = clause if spared or level is Level.URGENT else sentences[span.first]
        return not self.any("personal_not_hearsay", *told)

    def _behind_reading(self, span: Span, scope: tuple[int, int]) -> tuple[int, int]:
        """What is left of a scope behind "I read about this and": it tells of the reader."""
        for place in range(span.first, scope[0], -1):
            token = self.tokens[place]
            goes_on = token.lead is Break.AND or token.word in self.context.own_negation
            if goes_on and self.any("done_reading", place - 1, place):
                return place, scope[1]
        return scope

    def _anywhere(self, name: str) -> bool:
        return self.any(name, 0, len(self.tokens))

    def _listed(self, span: Span) -> bool:
        """Whether it is one noun of what a form lists: "it lists fainting, infection and falls"."""
        start, _ = self.bounds[Break.SENTENCE][span.first]
        return self._is_bare(span) and self.any("listing", start, span.first)
