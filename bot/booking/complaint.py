"""What a visit is for, where a free message says it."""

from __future__ import annotations

import re

from bot.reading import DATE, EMAIL, PERSON, PHONE, Read

MAX_REASON_WORDS = 8

_FOR = re.compile(
    r"\bfor\s+(?P<my>my|his|her|the|this|some|a|an)?\s*(?P<what>[^.,;!?\n]{3,100})",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"\breason(?:\s+for\s+(?:my\s+|the\s+)?visit)?\s*(?:is|:)\s*(?P<what>[^.;!?\n]{2,100})", re.I
)
_PART = (
    r"(?:back|neck|shoulders?|spine|hips?|knees?|legs?|feet|foot|ankles?|arms?|elbows?|wrists?|hands?|"
    r"fingers?|thumbs?|heels?|jaw|head|nerves?|discs?|disks?|muscles?|joints?)"
)
_CONDITION = (
    r"(?:sciatica|tmj|headaches?|migraines?|arthritis|fibromyalgia|insomnia|whiplash|tendon[io]tis|"
    r"bursitis|scoliosis|fatigue|anxiety|vertigo|plantar\s+fasciitis)"
)
_HOW = (
    r"(?:really|very|so|bad|sore|stiff|tight|achy|aching|painful|numb|swollen|pinched|frozen|tennis|"
    r"golfers?|pulled|herniated|slipped|bulging|chronic|tension|lower|upper|left|right|mid)"
)
_ACHE = (
    r"(?:\s+(?:pains?|aches?|aching|stiffness|strain|sprain|spasms?|tension|injury|issues?|problems?|"
    r"hurts?(?:\s+(?:so|really)\s+(?:bad|much))?|(?:is|are)\s+(?:killing\s+me|sore|stiff|acting\s+up|bad)|"
    r"acting\s+up|flare[\s-]?up|went\s+out))"
)
# A part of the body alone may be anything: "call me back", "on the other hand".
_PHRASE = re.compile(
    rf"\b(?:(?:{_HOW}\s+)*{_CONDITION}(?:\s+in\s+(?:my\s+)?(?:both\s+)?{_PART})?|"
    rf"(?:{_HOW}\s+)+{_PART}{_ACHE}?|(?:{_HOW}\s+)*{_PART}{_ACHE}|"
    rf"{_PART}\s*(?:n|and|&|/|\+)\s*(?:my\s+)?{_PART}{_ACHE}?)\b",
    re.IGNORECASE,
)
_COMPLAINT = re.compile(
    rf"\b(?:{_PART}|{_CONDITION}|pains?|aches?|sore|stiff(?:ness)?|strain|sprain|spasms?|tension|knots?|"
    r"numbness|tingling|herniat\w+|posture|stress|sleep|tendon\w*|injury|injuries)\b",
    re.IGNORECASE,
)
_END = re.compile(
    r"\s+(?:on|at|in\s+the|this|next|today|tonight|tomorrow|and\s+(?:my\s+(?:name|number|phone|email)|i|can|"
    r"is|do|would|could)|please|pls|plz|thanks|asap|because|cuz|but|if|when|not|except|so|or|after|before|with\s+(?:you|dr)|as\s+soon|"
    r"my\s+(?:name|number|phone|email)|call\s+me|i'?m|i\s+am|any\s*time)\b.*$",
    re.IGNORECASE,
)


def is_complaint(text: str) -> bool:
    """Whether words name something that can hurt, "tennis elbow"."""
    return _COMPLAINT.search(text) is not None


def find_reason(found: Read, is_booking: bool = False) -> str | None:
    """The reason for the visit in a message, in the patient's words; None when in doubt.

    Args:
        found: The message, and what was read in it.
        is_booking: It is known to ask for a visit, so that "sciatica" alone is the reason too.
    """
    text = found.text.replace("\u2019", "'")
    if is_booking and (match := _LABELLED.search(text)):
        return _END.sub("", match["what"]).strip(" -:,") or None
    for match in _FOR.finditer(text):
        what = _END.sub("", match["what"])
        start = match.start("what")
        others = found.part(start, start + len(what)).of(DATE, PERSON, PHONE, EMAIL)
        what = (what[: others[0].start] if others else what).strip(" -:")
        if is_complaint(what) and len(what.split()) <= MAX_REASON_WORDS:
            return what
    phrase = _PHRASE.search(text) if is_booking else None
    return phrase.group() if phrase else None
