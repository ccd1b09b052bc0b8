"""From a text to the parse data a turn acts on."""

from __future__ import annotations

import re
from typing import Any, NamedTuple, Protocol

from bot.content import CardLibrary
from bot.nlu.abstention import DECISION, as_dict
from bot.nlu.decision import COSTS, SAFETY_GROUP, SUSPICION, Decision, group
from bot.nlu.language import LANGUAGE
from bot.safety import Assessment, Flag, Language, Level
from bot.turn import about_booking, fee_for_that, second_thoughts, two_questions
from bot.turn.follow_up import FollowUps
from bot.turn.parse_data import forced, is_french, ranked
from bot.turn.replies import folded
from bot.turn.standing_advice import Recall, beside_a_request, once

# Rasa strips white space, then takes a leading slash for an intent by name.
_LEADING = re.compile(r"^[\s/]+")

# The bar for a second opinion where the gate has raised a less grave level, and where there must be
# none.
CONTESTED = COSTS["contested_safety_bar"]
# The bar where the gate found no more than a hint.
HINTED = COSTS["hint_safety_bar"]
NEVER = 2.0
# The outcome of a wish to book, change or cancel a visit.
VISIT = "booking"
# Words from which on a message that the second opinion flags may ask for something as well.
LONG = 6


class Suspected(NamedTuple):
    """What the second opinion says of a message.

    Attributes:
        level: Of the likeliest sign.
        sign: Its id.
        confidence: How likely, from 0 to 1.
    """

    level: Level
    sign: str
    confidence: float


class Parser(Protocol):
    """The trained pipeline."""

    async def parse(self, text: str) -> dict[str, Any]:
        """Parse data with ``intent``, ``intent_ranking`` and ``decision``."""


class Understanding:
    """Reads offered choices and red flags first, then asks the trained pipeline."""

    def __init__(self, parser: Parser, library: CardLibrary) -> None:
        self._parser = parser
        self._titles = {
            folded(library.title(topic)): topic
            for topic in library.topics
            # What is said when nothing can be answered is no choice; nobody asks for it by name.
            if group(topic) != "other"
        }
        self._follow_ups = FollowUps(library, self._titles)

    async def read(
        self, text: str, bar: float = 0.0, recall: Recall | None = None
    ) -> dict[str, Any]:
        """Parse data for a text in which the gate found no red flag.

        A text that is exactly a card's title is that topic: it came from an offered choice.

        Args:
            text: As the patient wrote it.
            bar: The second opinion on red flags counts from this probability on, if it counts at
                all: ``NEVER`` for what is left of a message that has its warning.
            recall: Tells what was said before; asked only when the message may lean on it.
        """
        recalled = once(recall) if recall else None
        return await beside_a_request(await self._understood(text, bar, recalled), recalled)

    async def _understood(self, text: str, bar: float, recall: Recall | None) -> dict[str, Any]:
        if topic := self._titles.get(folded(text)):
            return forced(text, topic)
        parsed = await self._parse(text, bar)
        if done := await second_thoughts.settle(text, parsed, recall):
            return done
        if about := await about_booking.settle(text, parsed, self._parse, recall):
            return about
        if fee := await fee_for_that.settle(text, parsed, recall):
            return fee
        parsed = await two_questions.both(text, parsed, self._parse)
        if recall is None or not self._follow_ups.may_be(text, parsed):
            return parsed
        return await self._follow_ups.settle(text, parsed, await recall(), self._parse)

    async def _parse(self, text: str, bar: float = NEVER) -> dict[str, Any]:
        parsed = await self._parser.parse(_LEADING.sub("", text))
        decision = parsed[DECISION]
        if not any(group(topic) == SAFETY_GROUP for topic in decision["topics"]):
            return parsed
        return parsed if decision["confidence"] >= bar else _without_flags(parsed)

    async def suspicion(self, text: str) -> Suspected | None:
        """What the second opinion holds likeliest; None where there is none to be had."""
        parsed = await self._parser.parse(_LEADING.sub("", text))
        found = parsed.get(SUSPICION)
        if found is None:
            return None
        return Suspected(Level(found["level"]), str(found["sign"]), float(found["confidence"]))

    async def read_flagged(self, text: str, assessment: Assessment) -> dict[str, Any]:
        """Parse data for a text with a red flag: its level, what else it asked, and for a visit."""
        level = assessment.level or Level.EMERGENCY
        parsed = forced(text, f"safety/{level.value}")
        parsed[LANGUAGE] = assessment.language
        beside = await self._beside(text if assessment.is_learned else assessment.remainder)
        is_question = beside["outcome"] == "answer" and not assessment.is_learned
        parsed["also"] = list(beside["topics"]) if is_question else []
        # "I can't move" alone is no wish to move a visit.
        is_long = len(text.split()) >= LONG or not assessment.is_learned
        parsed["wants_visit"] = beside["outcome"] == VISIT and is_long
        return parsed

    async def _beside(self, rest: str) -> dict[str, Any]:
        """The decision on what a red flag leaves of a message."""
        if not any(character.isalpha() for character in rest):
            return as_dict(Decision("decline", (), 0.0))
        decision: dict[str, Any] = (await self.read(rest, NEVER))[DECISION]
        return decision


def second_opinion(text: str, parsed: dict[str, Any]) -> Assessment | None:
    """The flag that parse data raises where the gate found none, in the gate's own form."""
    outcome = parsed[DECISION]["outcome"]
    if outcome not in {level.value for level in Level}:
        return None
    sign = str((parsed.get(SUSPICION) or {}).get("sign", "second_opinion"))
    level = Level(outcome)
    language: Language = "fr" if is_french(parsed) else "en"
    flags = (Flag(level, sign, 0, len(text)),)
    return Assessment(flags, level, "", is_learned=True, language=language)


def _without_flags(parsed: dict[str, Any]) -> dict[str, Any]:
    rows = [row for row in parsed["intent_ranking"] if group(row["name"]) != SAFETY_GROUP]
    # What the flags held is spread over the rest, so that the costs compare like with like.
    total = sum(row["confidence"] for row in rows) or 1.0
    return ranked(parsed, [(row["name"], row["confidence"] / total) for row in rows])
