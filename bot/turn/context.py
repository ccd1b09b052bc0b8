"""Messages that lean on what was said before: found, made whole, and weighed. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from bot.nlu.decision import OUT_OF_SCOPE, SAFETY_GROUP, Ranking, group
from bot.nlu.text import normalise
from bot.turn.frames import ACUPUNCTURE, FRAMES, SUBJECTS

# A message that is out of scope by itself from here on does not come into scope by what was said.
OUTSIDE_BAR = 0.5
# Weight of a message's own words beside its completed form, as an exponent.
OWN = 0.5
FLOOR = 0.001
# The topic just answered or offered, and those its card goes on to.
SAME, NEXT = 4.0, 2.0
SHORT = 4

_LEAD = re.compile(
    r"^(?:(?:and|ok(?:ay)?|but|so|also|oh|then|well|alright|what about|how about|what if|same|or|"
    r"plus|even|hm+|um+)\b[\s,.…-]*)+"
)
_GOES_ON = re.compile(r"^(?:and|or|even|same|what about|how about|what if) \w")
_TAIL = re.compile(r"(?:[\s,]+(?:though|then|too|as well|also|either|instead|please))+$")
_REFERS = re.compile(r"\b(?:it|that|this|those|these|they|them|he|she|one)\b")
# Only a word that stands for a noun: "this week" and "that part" have one of their own.
_STANDS_ALONE = re.compile(
    r"\b(?:it|they|them|(?:that|this|those|these)(?= (?:is|are|be|was|do|does|help|hurt|work|take|"
    r"cost|safe|ok|normal|covered|included|for|with|at|in|on|too|as|then|though|a|an|the|even|also|"
    r"really|so|bad|good|dangerous)\b|$))(?!\w)"
)
_SENTENCE = re.compile(
    r"^(?:is|are|am|was|do|does|did|can|could|will|would|should|shall|may|might|have|has|had|what|"
    r"how|when|where|who|why|which|whats|i|i'm|i'd|i've|im|you|we|my \w+ (?:is|has|was)|it|that|"
    r"they|he|she|there|tell|give|let|please|any|need|want|book)\b"
)
_JOINED = re.compile(
    r"^(?:for|with|on|at|in|by|if|when|from|after|before|to|during|until|till|without|while|near)\b"
)
# Says nothing of its own.
_EMPTY = re.compile(
    r"(?:a|an|the|and|or|but|so|ok|okay|also|then|too|well|it|that|this|those|these|they|them|he|she|"
    r"one|is|are|am|was|be|do|does|did|can|could|will|would|should|may|have|has|i|you|me|my|your|we|"
    r"us|what|how|about|if|when|where|who|why|which|for|with|on|at|in|by|to|of|from|there|here|not|"
    r"no|much|many|long|often|really|very|just|though|please|even|same)"
)
_PLACE = re.compile(
    r"(?:neck|shoulders?|arms?|elbows?|wrists?|hands?|fingers?|thumbs?|hips?|knees?|ankles?|foot|feet|"
    r"heels?|toes?|legs?|calf|calves|thighs?|hamstrings?|glutes?|groin|jaw|ribs?|back|spine|tailbone|"
    r"joints?|muscles?|headaches?|migraines?|arthritis|osteoarthritis|whiplash|tmj|fibromyalgia|"
    r"tendonitis|bursitis|scoliosis)"
)
# Words beside a part of the body that make it no other question.
_BESIDE_PLACE = re.compile(
    r"(?:left|right|upper|lower|mid|middle|other|sore|stiff|bad|tight|old|frozen|tennis|aching|achy|"
    r"pains?|painful|aches?|issues?|problems?|trouble|injury|side|both|area|blades?|"
    r"helps?|works?|good|treat|fix|ease|anything|something)"
)
_HELPS_THAT = re.compile(
    r"^(?:does|do|can|could|will|would|might) (?:it|this|that|acupuncture|they|you|needles) "
    r"(?:also |even |really )?(?:help|work|treat|fix|do anything|do something|ease)"
    r"(?: with| for| on)?(?: it| that| this| those| them)$"
)


def leans(text: str) -> bool:
    """Whether a message may need what was said before: its opening, its pronouns or its length."""
    return refers(text) or len(plain(text).split()) <= SHORT


def refers(text: str) -> bool:
    """Whether a message points back by its opening or its pronouns."""
    said = plain(text)
    return bool(_LEAD.match(said) or _REFERS.search(said))


def goes_on(text: str) -> bool:
    """Whether a message goes on with the question before it: "and till when"."""
    return _GOES_ON.match(plain(text)) is not None


def is_outside(text: str, ranking: Ranking) -> bool:
    """Whether a text is out of scope by its own words, whatever it follows."""
    inside = [(topic, p) for topic, p in ranking if group(topic) != SAFETY_GROUP]
    outside = sum(p for topic, p in inside if topic == OUT_OF_SCOPE)
    return outside >= OUTSIDE_BAR * sum(p for _, p in inside) and bool(_content(plain(text)))


def fragment(text: str) -> str | None:
    """The sundays of "and sundays?"; None when a message is a sentence or only an opening."""
    said = _stripped(text)
    return said if said and not _SENTENCE.match(said) else None


def names_only_a_place(text: str) -> bool:
    """Whether a message holds nothing but a part of the body or its ache: "and my left knee?"."""
    words = [word for word in _content(plain(text)) if not _BESIDE_PLACE.fullmatch(word)]
    return bool(words) and all(map(_PLACE.fullmatch, words))


def asks_whether_it_helps(text: str) -> bool:
    """Whether a message is "does it help with that too", whatever "that" was."""
    return _HELPS_THAT.match(_stripped(text)) is not None


def complete(text: str, topic: str) -> str | None:
    """A sentence that says by itself what the message says after an answer on a topic.

    Returns:
        None when there is nothing to complete.
    """
    if (part := fragment(text)) is not None:
        return _framed(part, topic)
    said = _stripped(text)
    whole = _STANDS_ALONE.sub(SUBJECTS.get(topic, ACUPUNCTURE), said, count=1)
    return whole if whole != said else None


def _framed(part: str, topic: str) -> str | None:
    if topic not in FRAMES:
        return None
    frame, joint = FRAMES[topic]
    return " ".join(filter(None, (frame, "" if _JOINED.match(part) else joint, part)))


def weigh(
    own: Ranking, whole: Ranking | None, same: Iterable[str], following: Iterable[str]
) -> list[tuple[str, float]]:
    """One ranking out of a message's own words, its completed form and what was said.

    Red flags take no part: the message's own words have been read for them already.

    Args:
        own: The ranking of the message as it stands.
        whole: That of its completed form, if there is one.
        same: Topics answered or offered just before.
        following: Topics their cards go on to.
    """
    boosts = {**dict.fromkeys(following, NEXT), **dict.fromkeys(same, SAME)}
    tables = [(dict(own), OWN if whole else 1.0), *([(dict(whole), 1.0)] if whole else [])]
    topics = dict.fromkeys([*boosts, *(topic for table, _ in tables for topic in table)])
    scores = {
        topic: boosts.get(topic, 1.0) * _product(topic, tables)
        for topic in topics
        if group(topic) != SAFETY_GROUP
    }
    total = sum(scores.values())
    return sorted(((t, s / total) for t, s in scores.items()), key=lambda row: -row[1])


def _product(topic: str, tables: Sequence[tuple[Mapping[str, float], float]]) -> float:
    score = 1.0
    for table, weight in tables:
        score *= max(table.get(topic, 0.0), FLOOR) ** weight
    return score


def plain(text: str) -> str:
    """A message in its plainest form, without the marks around it."""
    return normalise(text).strip(" ?!.,…;:")


def _stripped(text: str) -> str:
    said = plain(text)
    return _TAIL.sub("", _LEAD.sub("", said)).strip(" ,.?!")


def _content(said: str) -> list[str]:
    return [word for word in re.findall(r"[a-z']+", said) if not _EMPTY.fullmatch(word)]
