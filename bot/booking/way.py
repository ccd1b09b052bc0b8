"""How the clinic may contact the patient: by text, by call or by email, in the patient's own say.

Nothing is inferred: without a plain yes, no or way the question is asked again.
"""

from __future__ import annotations

import re

from bot.booking.choice import LOOKED_AT, parse_consent
from bot.booking.model import Way
from bot.reading.contact import takes_texts
from bot.reading.parsed import Fault, Parsed

NO = "no"
_WAYS: dict[Way, str] = {
    "text": r"texts?|txts?|texting|texto|sms|messages?|msgs?",
    "call": r"(?:phone\s+)?calls?|phone(?!\s*number)|calling|ring|appele[rz]|t[ée]l[ée]phone",
    "email": r"e-?mails?|e-?mailing|courriel",
}
_NAMED = re.compile("|".join(rf"(?P<{way}>\b(?:{words})\b)" for way, words in _WAYS.items()))
# What denies a way when it stands before it: "don't call", "no texts"; "no, text" denies nothing.
_DENIED = re.compile(
    r"\b(?:no|not|don'?t|do\s+not|never|without|nor|(?:rather|other)\s+than|instead\s+of|can'?t|"
    r"cannot)\s+(?:(?:a|any|by|via|to|me|please|the|want|like|for|phone|you|do|get|use)\s+)*$"
)
_JOINED = re.compile(r"\s*(?:or|nor|and|,|/)\s*(?:a\s+|by\s+)?")
_EITHER = re.compile(r"(?:either|both|any)(?:\s+(?:one|way|is|are|works?|fine|ok|okay|good))*")
_DOUBT = re.compile(
    r"\?|\b(?:maybe|perhaps|depends|unless|only\s+if|if|why|what|how|who|idk|dunno|(?:not|un)\s*sure|"
    r"don'?t\s+know)\b"
)
# All that may stand beside a way. "That is my old email" agrees to nothing.
_BESIDE = re.compile(
    r"\b(?:yes|yeah|yep|ya|y|ok|okay|sure|please|pls|plz|svp|thanks?|thx|you|me|us|is|are|fine|good|best|"
    r"better|works?|great|perfect|would|be|can|could|may|i|i'?d|prefer|preferred|like|love|by|via|with|just|only|"
    r"instead|at|on|to|my|the|a|an|cell|mobile|it'?s|it|this|that|also|then|go|ahead|send|let'?s|do|"
    r"and|or|either|both|any|anytime|time|times|after|before|work|in|tomorrow|mornings?|afternoons?|"
    r"evenings?|noon|am|pm|oui|par|un|moi|ideally|hi|through|number|w|thru|u)\b|[^a-z\u00e0-\u024f]"
)
_OPENS = re.compile(r"^\W*(?:no|nope|nah)\s*[,.!]+\s*")
# All that a refusal is made of. "Not yet" and "no, been before" hold more, and are asked about.
_REFUSES = re.compile(
    r"\b(?:no|nope|nah|naw|n|non|never|not|stop|don'?t|do|can'?t|cannot|won'?t|wouldn'?t|decline|"
    r"refuse|disagree|negative|false|neither|nothing|cancel|forget|scrap|nvm|never\s*mind|changed)\b|"
    r"\U0001f44e|\u274c"
)
_IN_REFUSAL = re.compile(
    rf"{_REFUSES.pattern}|\b(?:i'?d|i|we|you|me|my|it|that|this|them|send|sent|book|keep|want|need|to|thanks?|"
    r"thank|please|pls|any|more|anymore|way|absolutely|definitely|agree|consent|ok|okay|rather|prefer|"
    r"mind|sorry|the|a|request|all|at|just|for|interested|anything|about|longer|be|contacted|contact|"
    r"text|texts|call|calls|email|emails|or|and|then|oui|merci|give)\b|[^a-z\u00e0-\u024f]"
)
_KEEPS = re.compile(r"(?:n'?t|not|never)\s+(?:cancel|forget|stop|scrap|decline)\b")
# "Call me Samantha" tells a name.
_NAMES = re.compile(r"\bcall\s+me\s+[A-Z\u00c0-\u00de]")


def ways_to(contact: str) -> tuple[Way, ...]:
    """The ways in which a contact can be used, the one first that a plain yes agrees to.

    Args:
        contact: E.164 or an email address.
    """
    if "@" in contact:
        return ("email",)
    return ("text", "call") if takes_texts(contact) else ("call",)


def names_a_way(text: str) -> bool:
    """Whether a message says text, call or email."""
    return _NAMES.search(text) is None and _NAMED.search(_plain(text)) is not None


def gives_up(text: str) -> bool:
    """Whether a message plainly refuses, and says nothing else."""
    plain = _plain(text)
    is_refusal = _REFUSES.search(plain) is not None and not _KEEPS.search(plain)
    return is_refusal and not _IN_REFUSAL.sub("", plain)


def parse_way(text: str, offered: tuple[Way, ...]) -> Parsed[str]:
    """What the patient agrees to.

    Args:
        text: What was typed.
        offered: The ways asked about; a plain yes agrees to all, and the first one is kept.

    Returns:
        A way, or "no". A way that was not offered needs another contact. A question, a condition
        or anything else is UNCLEAR.
    """
    plain = _plain(text)
    wanted, denied, rest = _ways(plain)
    if not (wanted or denied):
        said = True if _EITHER.fullmatch(plain) else parse_consent(text).value
        if said:
            return Parsed(offered[0])
        return Parsed(NO) if gives_up(text) else Parsed(fault=Fault.UNCLEAR)
    if _DOUBT.search(plain) or _BESIDE.sub("", rest) or _NAMES.search(text):
        return Parsed(fault=Fault.UNCLEAR)
    if not wanted:
        return Parsed(NO) if set(offered) <= set(denied) else Parsed(fault=Fault.UNCLEAR)
    both = [way for way in offered if way in wanted]
    return Parsed([*both, *wanted][0])


def _ways(plain: str) -> tuple[list[Way], list[Way], str]:
    """The ways wanted, those denied, and the words besides."""
    wanted: list[Way] = []
    denied: list[Way] = []
    opening = _OPENS.match(plain)
    start = opening.end() if opening else 0
    rest, last, is_denied = "", start, False
    for match in _NAMED.finditer(plain, start):
        before = plain[last : match.start()]
        before_not = _DENIED.search(before)
        goes_on = is_denied and _JOINED.fullmatch(before) is not None
        is_denied = before_not is not None or goes_on
        # "Don't call, text" wants a text; what "no calls, texts" wants is not certain.
        turns = goes_on and before_not is None and "," in before
        if turns and match.group().endswith("s"):
            continue
        is_denied = is_denied and not turns
        way: Way = next(name for name in _WAYS if match[name])
        (denied if is_denied else wanted).append(way)
        rest += before[: before_not.start()] if before_not else before
        last = match.end()
    return wanted, denied, f"{rest} {plain[last:]}"


def _plain(text: str) -> str:
    return text[:LOOKED_AT].lower().replace("\u2019", "'").strip(" .,!\n\t")
