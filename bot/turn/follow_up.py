"""Chooses between what a message says by itself and what it says after what came before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.content import CardLibrary, CardUnavailable
from bot.nlu.abstention import DECISION
from bot.nlu.decision import MAX_CHOICES, SAFETY_GROUP, Decision, group, outcome_of
from bot.nlu.language import LANGUAGE, is_foreign
from bot.reading import DATE
from bot.turn import context, replies
from bot.turn.before import Before
from bot.turn.frames import BENEFITS, FOR_SOMEBODY
from bot.turn.french_replies import french_reaction
from bot.turn.help_reached import help_is_there, is_at_once
from bot.turn.parse_data import FRENCH, decided, forced, ranked, ranking_of
from bot.turn.replies import Reaction, folded
from bot.turn.standing_advice import followed, warning_in

Parse = Callable[[str], Awaitable[dict[str, Any]]]

UNSURE = frozenset({"clarify", "decline"})
# From this probability on, small talk is taken for what it is.
PLAIN = 0.9
CLARIFY = "clarify"
CHANNEL = "web"
EVIDENCE, REASONS, ABOUT = "faq/evidence", "faq/why_it_helps", "faq/about_acupuncture"
FOR_ME = "faq/who_benefits"
AFTER_A_JOKE = "smalltalk/after_a_joke"
EMERGENCY = "safety/emergency"
_TO_A_WARNING = frozenset({Reaction.PLAYED_DOWN, Reaction.JOKE})
SIDE_EFFECTS, MEDICINE = "faq/side_effects", "faq/medication_changes"
# After these "is that normal" asks about side effects.
_FELT = frozenset({SIDE_EFFECTS, "faq/aftercare", "faq/does_it_hurt"})
# What is answered to a doubt or a "why" about what acupuncture may do, the first that is new.
_ANSWERS = {Reaction.DOUBT: (EVIDENCE,), Reaction.REASON: (REASONS, ABOUT, EVIDENCE)}


class FollowUps:
    """Knows the cards' titles and what each of them goes on to."""

    def __init__(self, library: CardLibrary, titles: dict[str, str]) -> None:
        """Makes a judge of follow-ups.

        Args:
            library: The clinic's cards.
            titles: Topics by the title of their card, folded.
        """
        self._library = library
        self._titles = titles

    def may_be(self, text: str, own: dict[str, Any]) -> bool:
        """Whether it is worth asking what was said before a message.

        A message that stands confidently by itself is none, but for a short reaction ("are you
        sure?") or a choice ("the second one"). Of French, only a word to a warning is understood.
        Any other that is not understood may be what is said to a warning.
        """
        if any(group(topic) == SAFETY_GROUP for topic in own[DECISION]["topics"]):
            return False
        if french_reaction(text) or help_is_there(text):
            return True
        if is_foreign(own):
            return False
        is_unsure = own[DECISION]["outcome"] in UNSURE
        return is_unsure or replies.reaction(text) is not None or _may_lean(text, own)

    async def settle(
        self, text: str, own: dict[str, Any], before: Before, parse: Parse
    ) -> dict[str, Any]:
        """The parse data to act on.

        Args:
            text: As the patient wrote it.
            own: How the pipeline understands it by itself.
            before: What was said before.
            parse: The pipeline, without red flags: the message has been read for them as it is.
        """
        if warned := _to_a_warning(text, own, before):
            return warned
        if before.is_booking or is_foreign(own) or not _may_lean(text, own):
            return own
        if decision := self._short_reply(text, before):
            return decided(own, decision)
        if not _lends_itself(before) or await _stands(text, own, parse):
            return own
        if self._asks_for_me(text, before):
            return forced(text, FOR_ME)
        return await self._weighed(text, own, before, parse)

    def _short_reply(self, text: str, before: Before) -> Decision | None:
        if replies.reaction(text) is Reaction.STOP_IT:
            return Decision("answer", (MEDICINE,), 1.0)
        return (
            self._picked(text, before) or self._replied(text, before) or self._reacted(text, before)
        )

    def _picked(self, text: str, before: Before) -> Decision | None:
        place = replies.picked(text, len(before.choices), before.asked)
        topic = None if place is None else self._titles.get(folded(before.choices[place]))
        return Decision(outcome_of(topic), (topic,), 1.0) if topic else None

    def _replied(self, text: str, before: Before) -> Decision | None:
        """A yes or no to several choices says only whether the right one is among them."""
        if before.asked and replies.agrees(text):
            return Decision(CLARIFY, before.topics, 1.0)
        if before.asked and replies.refuses(text):
            return Decision("decline", (), 1.0)
        return None

    def _reacted(self, text: str, before: Before) -> Decision | None:
        """What to say to "why?", "are you sure?", "is that normal?" or "tell me more"."""
        reaction = replies.reaction(text)
        if reaction is None or not before.topics:
            return None
        topic = before.topics[0]
        if reaction in _TO_A_WARNING:
            return None
        if before.outcome == CLARIFY:
            return Decision(CLARIFY, before.topics, 1.0)
        if reaction is Reaction.NORMAL:
            return Decision("answer", (SIDE_EFFECTS,), 1.0) if topic in _FELT else None
        answers = _ANSWERS.get(reaction, ()) if topic in {*BENEFITS, EVIDENCE} else ()
        if answer := next((t for t in answers if t != topic and self._library.has(t)), None):
            return Decision("answer", (answer,), 1.0)
        following = self._following(topic)
        return Decision(CLARIFY, following, 1.0) if following else None

    def _asks_for_me(self, text: str, before: Before) -> bool:
        if before.topics[0] not in FOR_SOMEBODY or before.outcome == CLARIFY:
            return False
        return context.names_only_a_place(text) or context.asks_whether_it_helps(text)

    async def _weighed(
        self, text: str, own: dict[str, Any], before: Before, parse: Parse
    ) -> dict[str, Any]:
        whole = context.complete(text, before.topics[0]) if before.outcome != CLARIFY else None
        completed = ranking_of(await parse(whole)) if whole else None
        following = [t for topic in before.topics for t in self._following(topic)]
        ranking = context.weigh(ranking_of(own), completed, before.topics, following)
        return ranked(own, ranking)

    def _following(self, topic: str) -> tuple[str, ...]:
        try:
            return self._library.render(topic, CHANNEL).choices
        except CardUnavailable:
            return ()


def _to_a_warning(text: str, own: dict[str, Any], before: Before) -> dict[str, Any] | None:
    """Parse data for a reaction to a warning, in English or French; None for anything else."""
    warning = warning_in(before)
    if warning and (language := help_is_there(text)):
        is_enough = warning != EMERGENCY or is_at_once(text)
        parsed = followed(own, warning) if is_enough else _repeated(own, warning)
        return {**parsed, LANGUAGE: language}
    if decision := _after_warning(replies.reaction(text), before):
        return decided(own, decision)
    if decision := _after_warning(french_reaction(text), before):
        return {**decided(own, decision), LANGUAGE: FRENCH}
    if warning and _is_unclear(text, own):
        # No choices, no "I cannot help": what was said stands.
        return _repeated(own, warning)
    return None


def _repeated(own: dict[str, Any], warning: str) -> dict[str, Any]:
    return decided(own, Decision(outcome_of(warning), (warning,), 1.0))


def _is_unclear(text: str, own: dict[str, Any]) -> bool:
    """Whether a message is not understood, and not plainly about something else altogether."""
    if own[DECISION]["outcome"] not in UNSURE or is_foreign(own):
        return False
    return not context.is_outside(text, ranking_of(own))


def _after_warning(reaction: Reaction | None, before: Before) -> Decision | None:
    """A warning that is doubted or played down is said again; one for a joke, calmly taken back."""
    warning = warning_in(before)
    if reaction is None or not warning:
        return None
    topic = AFTER_A_JOKE if reaction is Reaction.JOKE else warning
    return Decision(outcome_of(topic), (topic,), 1.0)


def _may_lean(text: str, own: dict[str, Any]) -> bool:
    """Whether it may lean on an answer; what is said to a warning leans on nothing else."""
    if replies.reaction(text) not in {None, *_TO_A_WARNING} or _is_short_reply(text):
        return True
    return _is_unsure(text, own) and context.leans(text)


def _is_short_reply(text: str) -> bool:
    """A yes, a no, or a word that names one of the choices."""
    named = replies.picked(text, MAX_CHOICES, asked=True) is not None
    return named or replies.agrees(text) or replies.refuses(text)


def _is_unsure(text: str, own: dict[str, Any]) -> bool:
    """Nobody goes on with a question by small talk, unless it is plainly that."""
    decision = own[DECISION]
    is_doubtful = decision["outcome"] == "smalltalk" and decision["confidence"] < PLAIN
    return decision["outcome"] in UNSURE or (is_doubtful and context.goes_on(text))


def _lends_itself(before: Before) -> bool:
    """Whether there is something to lean on; a warning is repeated but never explained."""
    return bool(before.topics) and not warning_in(before)


async def _stands(text: str, own: dict[str, Any], parse: Parse) -> bool:
    """Whether a message is clear by itself, or clearly about something else altogether."""
    if not _is_unsure(text, own):
        return True
    part = context.fragment(text)
    if part is not None and _names_a_day(own):
        # "What about good friday" says nothing by itself, whatever the day makes one think of.
        return False
    if context.is_outside(text, ranking_of(own)):
        return True
    if part is None:
        return False
    is_declined = own[DECISION]["outcome"] == "decline"
    return is_declined or context.is_outside(part, ranking_of(await parse(part)))


def _names_a_day(own: dict[str, Any]) -> bool:
    return any(entity.get("entity") == DATE for entity in own.get("entities") or ())
