"""What the gate says about a message, and the checked form of the tables it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from pydantic import BaseModel, Field, validator

Language = Literal["en", "fr"]


class Level(str, Enum):
    """How soon help is needed, and from whom."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """0 is the most severe."""
        return list(Level).index(self)


@dataclass(frozen=True)
class Flag:
    """One sign found in a message.

    Attributes:
        level: How soon help is needed.
        sign: Id of the row in the tables.
        start: Index of the first character of the words that raised it, in the text as given.
        end: Index just past the last of those characters.
    """

    level: Level
    sign: str
    start: int
    end: int


@dataclass(frozen=True)
class Assessment:
    """The gate's whole opinion of one message.

    Attributes:
        flags: Most severe first, then in the order of the text; at most one per sign and sentence.
        level: Of the most severe flag; ``None`` when nothing was found.
        remainder: The text without what raised a flag, so that a question beside it can still be
            answered. The text itself when nothing was found.
        weighed: The words of a sign were there but are denied, past, hypothetical or a figure of
            speech; a second opinion on the same words is then of no use.
        is_hint: Nothing but ``hints`` of the tables was found. It is a flag all the same for who
            cannot ask a second opinion.
        is_learned: The second opinion raised it, so nothing tells its words from the rest.
        language: The one to warn in: French where the message is French.
    """

    flags: tuple[Flag, ...]
    level: Level | None
    remainder: str
    weighed: bool = False
    is_hint: bool = False
    is_learned: bool = False
    language: Language = "en"


class _Row(BaseModel):
    class Config:
        frozen = True
        extra = "forbid"


class Sign(_Row):
    """One row of ``emergency.yml``, ``urgent.yml`` or ``crisis.yml``."""

    id: str = Field(regex=r"^[a-z][a-z_]*$")
    level: Level
    title: str = Field(min_length=3)
    source: str = Field(min_length=10, description="A public source: who, title, year.")
    patterns: tuple[str, ...]
    hints: tuple[str, ...] = Field(
        (), description="Patterns that tell little by themselves: a second opinion is asked first."
    )
    unless: tuple[str, ...] = Field(
        (), description="Words close by that make the sign harmless, in the same language."
    )
    alone: tuple[str, ...] = Field(
        (), description="Words that are a cry for help where nothing else is said."
    )
    past_counts: bool = Field(
        False, description="The sign is something in the past (a cancer, a fall): history counts."
    )
    fresh_only: bool = Field(
        False, description="Weeks or months ago is already history (an accident)."
    )
    may_be_old: bool = Field(
        False, description="For years and unchanged, it is no new sign (a foot drop since 2011)."
    )
    may_be_cleared: bool = Field(
        False, description="A doctor who knows of it and says yes to the visit has settled it."
    )
    always: bool = Field(
        False, description="Counts in a 'what if' or a general question as well (self-harm)."
    )
    positive: tuple[str, ...]
    negative: tuple[str, ...]

    @validator("patterns", "positive", "negative")
    def _some(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("must have at least one line")
        return value


class SignFile(_Row):
    """A file of signs."""

    signs: tuple[Sign, ...]


class ConceptFile(_Row):
    """``concepts.yml``: a name for a list of words or phrases that mean the same here."""

    concepts: Mapping[str, tuple[str, ...]]


class ContextFile(_Row):
    """``context.yml``: what parts clauses, and what makes a mention no complaint."""

    and_words: tuple[str, ...]
    but_words: tuple[str, ...]
    or_words: tuple[str, ...]
    since_words: tuple[str, ...]
    when_words: tuple[str, ...] = ()
    negators: tuple[str, ...]
    negation_passes: tuple[str, ...]
    no_longer: Mapping[str, tuple[str, ...]] = {}
    no_longer_verbs: tuple[str, ...] = ()
    symptoms: tuple[str, ...]
    states: tuple[str, ...]
    regions: tuple[str, ...]
    negates_between: tuple[str, ...]
    negated_after: tuple[str, ...]
    not_a_negation: tuple[str, ...]
    own_negation: tuple[str, ...]
    history: tuple[str, ...]
    no_history: tuple[str, ...] = ()
    decades: tuple[str, ...] = ()
    decade_articles: tuple[str, ...] = ()
    decade_parts: tuple[str, ...] = ()
    past_words: tuple[str, ...] = ()
    now_words: tuple[str, ...] = ()
    belongings: tuple[str, ...] = ()
    recent_history: tuple[str, ...]
    history_years: tuple[int, int]
    present: tuple[str, ...]
    recurring: tuple[str, ...]
    risk_question: tuple[str, ...]
    treat_question: tuple[str, ...]
    told: tuple[str, ...] = ()
    done_reading: tuple[str, ...] = ()
    what_if: tuple[str, ...]
    hearsay: tuple[str, ...]
    strangers: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    possessives: tuple[str, ...] = ()
    study: tuple[str, ...]
    claims: tuple[str, ...]
    listing: tuple[str, ...] = ()
    long_since: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    changing: tuple[str, ...] = ()
    unaffected: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()
    that_was: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()
    others: tuple[str, ...]
    personal: tuple[str, ...]
    first_person: tuple[str, ...] = ()
    idioms: tuple[str, ...]
    requests: tuple[str, ...]


class MarksFile(_Row):
    """``french/marks.yml``: what tells a French message from an English one."""

    also_english: tuple[str, ...]
    english: tuple[str, ...]


class SpellingFile(_Row):
    """``spelling.yml``: shorthand, typos too far off to guess, and words that are no typos."""

    skip: tuple[str, ...]
    shorthand: Mapping[str, str]
    corrected: tuple[str, ...]
    ordinary: tuple[str, ...]
