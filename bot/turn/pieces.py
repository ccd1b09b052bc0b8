"""Cuts a message into pieces that may each be a question of their own. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
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
        text: Its words, and before them those of the statement it may lean on.
        kind: How it asks.
    """

    text: str
    kind: Kind


# Not at "or": it asks for a choice, which is one question. Not at the "also" of "I also need".
_BREAK = re.compile(
    r"[.!;:]+ |\n|(?<=\?) ?| ?, ?(?:(?:and|plus|but) )?| (?:and|plus|but|n|&|\+|-+|as well as) |"
    r"(?<!\bi)(?<!\b(?:it|we|is|do|'d))(?<!\b(?:you|are|can))(?<!\b(?:does|they))(?<!\bwould) also "
)
# What may stand before a question and asks nothing itself.
_LEAD = re.compile(
    r"(?:(?:and|also|plus|but|or|so|then|ok|okay|hi|hello|hey|hiya|"
    r"good (?:morning|afternoon|evening)|um+|oh|well|yes|yeah|no|please|thanks|thank you|lol|sorry|"
    r"if (?:so|not|yes)|(?:i(?:'m| am| was)? )?(?:just )?(?:wondering|curious)|i wonder|"
    r"(?:(?:can|could|would) you (?:please )?)?(?:tell me|let me know)|do you know|"
    r"(?:i(?:'m)? )?(?:also )?(?:not sure|(?:have )?no idea|don't know)|"
    r"i(?:'?d| would)? (?:also )?(?:like|need|want|love) to (?:know|find out))(?!\w)[ ,.!:-]*)+"
)
_PLEASE = re.compile(r"[ ,]+(?:please|thanks|thank you)[ .!]*$")
_ASKING = re.compile(r"\? ?$|^(?:please|pls) |" + _PLEASE.pattern)
_CONDITION = re.compile(r"if (?!so\b|not\b|yes\b)")
# Every message of a patient here may be about it, so that alone it asks nothing.
_BARE = re.compile(r"(?:about )?(?:the )?(?:acupuncture|needles?|treatments?)")

_WH = r"(?:what|where|when|who|why|which|how)"
_VERB = r"(?:is|are|do|does|did|can|could|will|would|should|shall|may)"
_SUBJECT = (
    r"(?:it|this|that|there|you|u|i|we|they|he|she|someone|somebody|anyone|anybody|acupuncture|the|my|"
    r"your|needles?|kids?|children|insurance|parking)"
)
_QUESTION = re.compile(
    rf"(?:{_WH}(?:'?s)?|{_VERB}|am|have you|any|if|whether|cost|prices?|hours|parking|"
    r"i(?:'?d| would)?(?: also| rather)? (?:need|want|like|love|speak|talk) (?:to|an?|your)|"
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
# Says that another question follows, which the statement before is no part of.
_ADDS = re.compile(r"\b(?:also|plus|another)\b")
_LEANING = re.compile(r"\b(?:it|this|that|these|those|them|they|she|he|her|him)\b")
_TELLS = re.compile(r"\b(?:i|my|we|he|she|they|it)\b")


def pieces(text: str) -> list[Piece]:
    """The pieces of a message, in order; empty when it is one piece or asks nothing."""
    clauses = [clause for clause in _clauses(text) if _asked(clause)]
    if not 1 < len(clauses) <= MAX_PIECES:
        return []
    neighbours = zip(["", *clauses], clauses, [*clauses[1:], ""], strict=False)
    joined: list[Piece] = []
    for before, clause, after in neighbours:
        _add(joined, Piece(_asked(clause), _kind(clause, before, after)), clause)
    asks = any(piece.kind is Kind.QUESTION for piece in joined) or any(map(_ASKING.search, clauses))
    return joined if len(joined) > 1 and asks else []


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
    lead = _LEAD.match(clause)
    said = _PLEASE.sub("", clause[lead.end() if lead else 0 :].rstrip("?.! ")).strip()
    return "" if _BARE.fullmatch(said) or not any(map(str.isalpha, said)) else said


def _kind(clause: str, before: str, after: str) -> Kind:
    said = _asked(clause)
    # "If I cancel late, do I pay" is one question; "... and if it hurts" is one of its own.
    if after and _CONDITION.match(clause):
        return Kind.STATEMENT
    if _QUESTION.match(said):
        return Kind.QUESTION
    if len(said.split()) <= FRAGMENT_WORDS and not _TELLS.search(said):
        # "How much? Painful?", unlike "warfarin and acupuncture, safe?", is a question each.
        return Kind.QUESTION if "?" in clause and "?" in before else Kind.FRAGMENT
    return Kind.QUESTION if _ASKING.search(clause) else Kind.STATEMENT


def _add(found: list[Piece], piece: Piece, clause: str) -> None:
    """Reads a question with the statements before it; one that leans on them takes them in."""
    asks = piece.kind is Kind.QUESTION
    if not found or found[-1].kind is not Kind.STATEMENT or (asks and _ADDS.search(clause)):
        found.append(piece)
        return
    whole = Piece(f"{found[-1].text}, {piece.text}", piece.kind if asks else Kind.STATEMENT)
    if not asks or _LEANING.search(piece.text):
        found.pop()
    found.append(whole)
