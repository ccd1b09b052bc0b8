"""Cuts a message into pieces that may each be a question of their own. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from bot.nlu.text import normalise

LOOKED_AT = 600
MAX_PIECES = 6
FRAGMENT_WORDS = 4


class Kind(Enum):
    """How a piece asks."""

    QUESTION = "question"
    # Without a verb of its own: "covered" of "is it safe and covered".
    FRAGMENT = "fragment"
    # May be no more than the back-story of the question beside it.
    STATEMENT = "statement"


@dataclass(frozen=True)
class Piece:
    """A part of a message.

    Attributes:
        text: Its words.
        kind: How it asks.
        story: The statements right before a question, which it may lean on.
    """

    text: str
    kind: Kind
    story: str = ""


# Not at "or": it asks for a choice, which is one question. Not at the "also" of "I also need".
_BREAK = re.compile(
    r"[.!;:]+ |\n|(?<=\?) ?| ?, ?(?:(?:and|plus|but) )?| (?:and|plus|but|n|&|\+|-+|as well as) |"
    r"(?<!\bi)(?<!\b(?:it|we|is|do|'d))(?<!\b(?:you|are|can))(?<!\b(?:does|they))(?<!\bwould) also "
)
# What may stand before a question and asks nothing itself.
_LEAD = re.compile(
    r"^(?:(?:and|also|plus|but|or|so|then|ok|okay|hi|hello|hey|hiya|"
    r"good (?:morning|afternoon|evening)|um+|oh|well|yes|yeah|no|please|thanks|thank you|lol|sorry|"
    r"if (?:so|not|yes)|(?:i(?:'m| am| was)? )?(?:just )?(?:wondering|curious)|i wonder|"
    r"(?:(?:can|could|would) you (?:please )?)?(?:tell me|remind me|let me know)|do you know|"
    r"(?:i(?:'m)? )?(?:also )?(?:not sure|(?:have )?no idea|don't know)|"
    r"i(?:'?d| would)? (?:also )?(?:like|need|want|love) to (?:know|find out))(?!\w)[ ,.!:-]*)+"
)
# What asks by itself, whatever follows: "I'd like to know more about cupping".
_WANTS_TO_KNOW = re.compile(
    r"\b(?:know|tell me|remind me|find out|wondering|curious|wonder|no idea|not sure)\b"
)
# "Besides the cost, how long does it take" asks for both.
_BESIDES = re.compile(r"^(?:besides|apart from|aside from|other than|along with|in addition to) ")
_PLEASE = re.compile(r"[ ,]+(?:please|thanks|thank you)[ .!]*$")
_ASKING = re.compile(r"\? ?$|^(?:please|pls) |" + _PLEASE.pattern)
_CONDITION = re.compile(r"if (?!so\b|not\b|yes\b)")
# Every message of a patient here may be about it, so that alone it asks nothing.
_BARE = re.compile(r"(?:about )?(?:the )?(?:acupuncture|needles?|treatments?)")

_WH = r"(?:what|where|when|who|why|which|how)"
_VERB = r"(?:is|are|do|does|did|can|could|will|would|should|shall|may)"
_SUBJECT = (
    r"(?:it|this|that|there|you|u|i|we|they|he|she|someone|somebody|anyone|anybody|acupuncture|the|my|"
    r"your|needles?|kids?|children|insurance|parking|sessions?|visits?|treatments?|appointments?)"
)
_QUESTION = re.compile(
    rf"(?:{_WH}(?:'?s)?|{_VERB}|am|have you|any(?:thing|one|body)?|if|whether|"
    r"cost|prices?|hours|parking|"
    r"(?:i(?:'?d| would)?(?: also| rather)? )?(?:need|want|like|love|speak|talk) (?:to|an?|your)|"
    r"i(?:'?d| would) rather|for how (?:long|many|much)|"
    r"i have to|book|cancel|send|give|explain|about|looking (?:for|to))\b"
)
# A question that begins within a clause is known by the verb before its subject.
_HEAD = re.compile(
    r"\b(?!do (?:it|this|that|acupuncture|needles|the|my)\b)(?:"
    rf"(?:{_WH} (?:\w+ ){{0,3}}?)?{_VERB} {_SUBJECT}|(?:what|where|how|who|when)'?s|"
    r"how (?:much|long|many|often)(?=$| for\b))\b"
)
# No clause ends with one of these, so that no question begins after it.
_UNFINISHED = re.compile(
    r"\b(?:or|if|that|than|as|when|because|since|to|for|of|with|about|the|an?) $"
)
_TELLS = re.compile(r"\b(?:i|my|we|he|she|they|it)\b")


def pieces(text: str) -> list[Piece]:
    """The pieces of a message, in order; empty when it is one piece or asks nothing."""
    clauses = [clause for clause in _clauses(text) if _asked(clause)]
    found: list[Piece] = []
    for before, clause, after in zip(["", *clauses], clauses, [*clauses[1:], ""], strict=False):
        _add(found, Piece(_asked(clause), _kind(clause, before, after)))
    asks = any(piece.kind is Kind.QUESTION for piece in found) or any(map(_ASKING.search, clauses))
    if asks and all(piece.kind is Kind.FRAGMENT for piece in found) and "," not in text:
        # "Hours and parking?" asks for each, unlike "warfarin and acupuncture, safe?".
        found = [replace(piece, kind=Kind.QUESTION) for piece in found]
    return found if asks and 1 < len(found) <= MAX_PIECES else []


def _clauses(text: str) -> Iterator[str]:
    lines = map(normalise, text[:LOOKED_AT].splitlines())
    for clause in _BREAK.split("\n".join(line for line in lines if line)):
        begin = 0
        for head in _HEAD.finditer(clause):
            if _ends(clause[begin : head.start()]):
                yield clause[begin : head.start()]
                begin = head.start()
        yield clause[begin:]


def _ends(clause: str) -> bool:
    """Whether a clause may end here: "can you tell me" and "what if" have only begun."""
    said = _LEAD.sub("", clause, count=1)
    return len(said.split()) > 1 and not _UNFINISHED.search(clause)


def _asked(clause: str) -> str:
    """The words of a clause that may ask something; empty when there are none."""
    said = _BESIDES.sub("", _LEAD.sub("", clause, count=1), count=1)
    said = _PLEASE.sub("", said.rstrip("?.! ")).strip()
    return "" if _BARE.fullmatch(said) or not any(map(str.isalpha, said)) else said


def _kind(clause: str, before: str, after: str) -> Kind:
    said = _asked(clause)
    # "If I cancel late, do I pay" is one question; "... and if it hurts" is one of its own.
    if after and _CONDITION.match(clause):
        return Kind.STATEMENT
    if _QUESTION.match(said) or _wants_to_know(clause):
        return Kind.QUESTION
    if len(said.split()) <= FRAGMENT_WORDS and not _TELLS.search(said):
        # "How much? Painful?", unlike "warfarin and acupuncture, safe?", is a question each.
        return Kind.QUESTION if "?" in clause and "?" in before else Kind.FRAGMENT
    return Kind.QUESTION if _ASKING.search(clause) else Kind.STATEMENT


def _wants_to_know(clause: str) -> bool:
    lead = _LEAD.match(clause)
    return bool(lead and _WANTS_TO_KNOW.search(lead[0])) or bool(_BESIDES.match(clause))


def _add(found: list[Piece], piece: Piece) -> None:
    """Puts statements in a row together, and before the question that may lean on them."""
    if not found or found[-1].kind is not Kind.STATEMENT:
        found.append(piece)
        return
    told, asks = found[-1].text, piece.kind is Kind.QUESTION
    if asks and not _CONDITION.match(told):
        found.append(replace(piece, story=told))
    else:
        found[-1] = Piece(f"{told}, {piece.text}", piece.kind if asks else Kind.STATEMENT)
