"""Times of day that tell when something hurts, and not when the patient would like to come."""

from __future__ import annotations

import re

from bot.reading import DATE, DAY_PART, TIME, Entity, Read
from bot.reading.hours import is_time

_FILLER = (
    r"(?:\s|,|\b(?:at|in|the|during|every|each|all|through|over|of|on|so|really|very|mostly|mainly|only|"
    r"especially|usually|always|often|and|up|me|us|by|when|i|wake|around|until|most|much|more)\b)*"
)
# What is or gets so at a time of day, "my neck is stiff in the morning".
_PREDICATE = re.compile(
    r"\b(?:hurts?|hurting|ach(?:es?|ing|y)|wak(?:es?|ing)|woke|worse|worst|stiff(?:ens|er)?|numb|tight(?:er|ens)?|"
    r"sore|flar(?:es?|ing)|acts?|acting|throbs?|throbbing|burns?|burning|tingl\w+|cramps?|cramping|spasms?|"
    rf"sleep|sleeping){_FILLER}$",
    re.IGNORECASE,
)
# A pain as a noun may go on with the wish, "for my back pain friday"; at night nobody comes.
_NOUN = re.compile(
    rf"\b(?:pains?|aches?|headaches?|migraines?|stiffness|soreness|numbness|insomnia|sciatica){_FILLER}$",
    re.IGNORECASE,
)
_SORE_PART = re.compile(
    r"\b(?:bad|sore|stiff|tight|achy|aching|painful|numb)\s+(?:\w+\s+)?\w+\s+(?:in\s+the|at|every|all|during\s+the)\s*$",
    re.IGNORECASE,
)
_ALWAYS = re.compile(r"\b(?:every|each|all|through|during)\b[\s\w]*$", re.IGNORECASE)
_NIGHTLY = re.compile(r"\b(?:nights?|nite|overnight|mornings|evenings|afternoons)\b", re.IGNORECASE)
_THEN_HURTS = re.compile(
    r"^[\s,]*(?:my|it|it'?s|i|the)\b(?:\s+[\w']+){0,4}?\s*\b(?:hurts?|hurting|ach\w+|pains?|stiff\w*|sore|numb|"
    r"tight|worse|throb\w*|cramps?|spasms?|can'?t\s+sleep|wakes?|flares?)\b",
    re.IGNORECASE,
)
_COMES = re.compile(
    r"\b(?:book\w*|appointments?|appt|apt|come|coming|see|visit|in\s+for|session|slot|opening|free|available)\b",
    re.IGNORECASE,
)
_ON = re.compile(r"[\s,]*(?:\b(?:on|of|this|next|the)\b[\s,]*)*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?;\n]")


def without_complaint(found: Read) -> Read:
    """The message without the times of day that belong to a complaint.

    Where it could be either, such as "for my sore neck in the afternoon", the time is a wish.
    """
    kept = tuple(e for e in found.entities if not _is_of_complaint(e, found))
    return Read(found.text, kept) if len(kept) < len(found.entities) else found


def _is_of_complaint(entity: Entity, found: Read) -> bool:
    is_part = entity.kind == DAY_PART and entity.value is not None and is_time(entity.value)
    if not (is_part or entity.kind == TIME) or _is_on_a_day(entity, found):
        return False
    before = _SENTENCE_END.split(found.text[: entity.start])[-1].replace("\u2019", "'")
    said = found.text[entity.start : entity.end]
    if _PREDICATE.search(before):
        return True
    lead = f"{before}{said[: -len(said.split()[-1])]}" if is_part else before
    if is_part and _SORE_PART.search(lead) and _NIGHTLY.search(said):
        return True
    if is_part and _NOUN.search(before):
        return bool(_NIGHTLY.search(said) or _ALWAYS.search(before))
    after = found.text[entity.end :].replace("\u2019", "'")
    return is_part and bool(_THEN_HURTS.match(after)) and not _COMES.search(before)


def _is_on_a_day(entity: Entity, found: Read) -> bool:
    """Whether a day stands beside it: "in the morning on friday"."""
    return any(
        _ON.fullmatch(found.text[min(entity.end, day.end) : max(entity.start, day.start)])
        for day in found.of(DATE)
    )
