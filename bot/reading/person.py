"""Who the visit is for, in any script, found in what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.reading.parsed import Fault, Parsed

MAX_NAME = 80
LOOKED_AT = 1000
MAX_NAME_WORDS = 8
MAX_PLAIN_WORDS = 2

_RELATION = (
    r"(?:son|daughter|wife|husband|partner|mom|mum|mother|dad|father|brother|sister|friend|"
    r"grandma|grandpa|grandmother|grandfather|kid|child|boyfriend|girlfriend|spouse)"
)
# Said only before a name.
_STATED = re.compile(
    r"(?:\b(?:my|the|full|first|his|her)\s+name(?:'?s|\u2019s|\s+is|\s*:)|(?:^|[,.;!?]\s*)name\s*(?:is|:))\s+",
    re.IGNORECASE,
)
# Said before a name, in the answer to a question about one.
_INTRODUCED = re.compile(
    rf"^(?:(?:it'?\u2019?s|it\s+is|this\s+is)\s+)?for\s+(?!my\b)|"
    rf"\bmy\s+{_RELATION}\b\s*,?\s*|\bcall\s+me\s+|\bi\s+go\s+by\s+|^(?:just\s+)?put\s+",
    re.IGNORECASE,
)
_ASIDE = re.compile(r",\s*(?:and|but|so|i|i'\w+|my)\b.*$", re.IGNORECASE)
_REVERSED = re.compile(
    r"^(.+?)(?:'s|\u2019s|\s+is)\s+(?:my|the)\s+(?:first\s+|full\s+)?name$", re.IGNORECASE
)
# Said before a name and before much else.
_AMBIGUOUS = re.compile(
    r"^(?:(?:hi|hello|hey|yes|sure|ok|okay)\b[\s,.!]*)?"
    r"(?:i'?\u2019?m|i am|it'?\u2019?s|it is|this is|that'?s|that is)\s+",
    re.IGNORECASE,
)
# In the middle of a request; only capital letters tell a name from "it's urgent". Between them may
# stand what many names have small: Maria del Carmen Santos Ruiz, Ludwig van der Berg.
_CAPITAL = r"[^\W\d_a-z][^\W\d_]*(?:['\u2019-][^\W\d_]+)*"
_SMALL = (
    r"(?:af|al|ap|ben|bin|bint|da|das|de|del|della|den|der|di|do|dos|du|e|el|ibn|la|las|le|los|ten|ter|"
    r"van|von|y|zu)"
)
_SIGNED = re.compile(
    r"(?:^|[.,;!?\n-]\s*)(?:(?:hi|hello|hey)\b[\s,.!]*)?"
    r"(?i:i'?\u2019?m|i am|it'?\u2019?s|it is|this is|name'?s)\s+"
    rf"(?P<name>(?=..){_CAPITAL}(?:(?: {_SMALL}){{0,2}}[ ]{_CAPITAL}){{0,{MAX_NAME_WORDS - 1}}})\b"
)
_TAIL = re.compile(
    r"[\s,.!;:-]*(?:\b(?:here|speaking|thanks|thank you|thx|please|pls)\b[\s,.!]*)+$", re.IGNORECASE
)
_GREETING = re.compile(r"^(?:hi|hello|hey|good \w+|yes|sure|ok|okay)\b[\s,!.]+", re.IGNORECASE)
_CLAUSE = re.compile(
    r"[;!?\n,]|\.\s|\s(?:and|but|so|cuz|because|i|i'm|im|my|from|who|with|at|for)\s|\s[-\u2013]\s",
    re.IGNORECASE,
)
_URL = re.compile(r"https?:|www\.|\b[\w-]+\.(?:com|ca|org|net|io|ru|xyz)\b|@", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_DIGITS = re.compile(r"\+?\(?\d[\d\s().+-]{5,}\d")
_ADDRESS = re.compile(r"\S+@\S+")


def _split(text: str) -> list[str]:
    return text.lower().replace("\u2019", "'").split()


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# One of these alone, or two anywhere, is a sentence and not a name. Single ones may be names:
# May, Will, An, Do and You are.
_ANSWER_WORDS = _words("""
    yes yeah yep no nope ok okay sure hi hello hey thanks why what how when where who skip none
    nothing stop cancel help maybe idk later same me myself anonymous nevermind nvm lol
    idc idk
""")
_SENTENCE_WORDS = _words("""
    a the is are am was my your you i i'm im not no don't dont do does did can can't cant want need
    have has how what why when where which who book booking appointment pain hurts hurt back please
    tell say give ask cost price much be to of for with it this that if or and but got get about
    name as before myself mind never
""")
# After "I'm" or "it's" these begin a description.
_NOT_NAMED = _words("""
    is a an the in on at not from new just so very really too still also here having looking calling
    wondering trying hoping going interested asking sorry fine good great ok okay well sick sore
    free available afraid scared nervous worried pregnant allergic over under about my your for
    because been feeling taking currently only ready happy done unable able late none no yes private
    secret personal confidential tomorrow
    tonight today later back anytime when if asap please monday tuesday wednesday thursday friday
    saturday sunday
""")


def parse_name(text: str) -> Parsed[str]:
    """The patient's name as the answer to "what is your name?".

    Args:
        text: What was typed: "Sam Lee", "it's Sam", "my name is Sam Lee and I have...".

    Returns:
        The name, spelled as the patient spells it. Or a fault: MISSING for nothing at all, INVALID
        for digits or an address, TOO_LONG above 80 characters, UNCLEAR for a sentence or question.
    """
    stripped = " ".join(text[:LOOKED_AT].split())
    if not stripped:
        return Parsed(fault=Fault.MISSING)
    bare = _DIGITS.sub(" ", _ADDRESS.sub(" ", stripped)).strip(" ,.;:\n\t!")
    if not _LETTER.search(bare) or _URL.search(bare):
        return Parsed(fault=Fault.INVALID)
    stated = stated_name(bare)
    if stated is not None:
        return Parsed(stated)
    for pattern in (_INTRODUCED, _AMBIGUOUS):
        match = pattern.search(bare)
        if match:
            return _after(bare[match.end() :])
    plain = _ASIDE.sub("", _GREETING.sub("", bare))
    return _checked(_trimmed(_REVERSED.sub(r"\1", plain)))


def stated_name(text: str) -> str | None:
    """The name after "my name is" and the like, anywhere in a message; None when in doubt."""
    match = _STATED.search(text)
    return _after(text[match.end() :]).value if match else None


def signed_name(text: str) -> str | None:
    """The capitalised name after "it's" or "this is" in a request; None when in doubt."""
    match = _SIGNED.search(text)
    if match is None or match["name"].isupper():
        return None
    return _after(match["name"]).value


def find_people(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where a patient gives a name, and whether by saying that it is one ("my name is Sam")."""
    for name, is_stated in ((stated_name(text), True), (signed_name(text), False)):
        # The same words as they stand, unless white space in them was folded.
        start = text.find(name, _begin(text, is_stated)) if name else -1
        if name and start >= 0:
            yield start, start + len(name), is_stated


def _begin(text: str, is_stated: bool) -> int:
    match = (_STATED if is_stated else _SIGNED).search(text)
    return (match.end() if is_stated else match.start("name")) if match else 0


def _after(text: str) -> Parsed[str]:
    candidate = _trimmed(_CLAUSE.split(text, maxsplit=1)[0])
    if not candidate or _split(candidate)[0] in _NOT_NAMED:
        return Parsed(fault=Fault.UNCLEAR)
    return _checked(candidate)


def _trimmed(text: str) -> str:
    return _TAIL.sub("", text).strip(" ,.;:!\n\t")


def _checked(name: str) -> Parsed[str]:
    words = _split(name)
    if not words or not _LETTER.search(name):
        return Parsed(fault=Fault.INVALID)
    if len(name) > MAX_NAME:
        return Parsed(fault=Fault.TOO_LONG)
    common = sum(word in _SENTENCE_WORDS for word in words)
    alone = len(words) <= MAX_PLAIN_WORDS and words[0].strip(",.!") in _ANSWER_WORDS
    if name.endswith("?") or alone or common >= MAX_PLAIN_WORDS or len(words) > MAX_NAME_WORDS:
        return Parsed(fault=Fault.UNCLEAR)
    return Parsed(name)
