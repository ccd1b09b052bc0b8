"""Answers that choose: first visit or not, yes or no to keeping the details, and the reason."""

from __future__ import annotations

import re

from bot.booking.model import Visit
from bot.reading.parsed import Fault, Parsed, cut

MAX_REASON = 500
LOOKED_AT = 1000

_NOT_FIRST = re.compile(
    r"\b(?:not|isn'?t|aint|ain'?t)\s+(?:my|our|the|a|his|her)?\s*(?:first|1st|new)\b|"
    r"\bno\s+longer\s+new\b|\bnot\s+(?:new\s+)?to\s+(?:the|your|this)\s+clinic\b"
)
_FIRST = re.compile(
    r"\bfirst\b|\b1st\b|\bnever\b|\b(?:haven'?t|hasn'?t|have\s+not|has\s+not)\b|\bnot\s+(?:yet|been)\b|"
    r"\bpremi[\u00e8e]re\b|\bnew\s+(?:patient|client|customer|person|one|here|to)\b|\bbrand\s*new\b|"
    r"\b(?:i'?m|i\s+am|am|we'?re|yes|yep|yeah)\b[\s,]*(?:a\s+)?new\b|^new$|\bnewbie\b"
)
_RETURNING = re.compile(
    r"\breturn(?:ing)?\b|\bbeen\s+(?:there|here|before|to|in|seen|coming|a\s+(?:patient|client))\b|"
    r"\b(?:i'?ve|i\s+have|we'?ve|have|has|already)\s+been\b|\bcame\b|\bcome\s+before\b|"
    r"\bexisting\b|\bregular\b|\bold\s+(?:patient|client)\b|\b(?:second|third|fourth|2nd|3rd|4th)\b|"
    r"\bagain\b|\bfollow[\s-]?up\b|\bseen\s+(?:you|him|her|them)\b|\bbefore\b|\balready\b|"
    r"\bmany\s+times\b|\bpast\s+patient\b|\bprevious(?:ly)?\b|^(?:yes\s+)?i\s+have$|\bused\s+to\b|"
    r"\b(?:was|were)\s+(?:there|here|in)\b|\b(?:come|coming|going)\s+back\b|\blast\s+(?:year|time)\b|"
    r"\bonce\b|\btwice\b|\b(?:few|couple|many|several|lots)\b.*\btimes\b|\byears?\s+ago\b|\bb4\b|"
    r"\b(?:a\s+while|long\s+time)\b|\bd[\u00e9e]j[\u00e0a]\b"
)
# Answers to "Is it your first visit?" that are neither yes nor no.
_IT_IS = re.compile(
    r"^(?:(?:yes|yeah|yep)\W+)?(?:(?:i\s+)?(?:think|believe|guess)\s+so|it\s+is|is|that'?s\s+right|1|1\.|"
    r"\u0031\ufe0f?\u20e3|first\W*)$"
)
_IT_IS_NOT = re.compile(
    r"^(?:no\W+)?(?:(?:it\s+)?(?:is\s+not|isn'?t)|not\s+really|2|2\.|\u0032\ufe0f?\u20e3)$"
)

# All that a bare yes or no is made of; "no wait make it 3" holds more.
_BESIDE_A_YES = re.compile(
    r"\b(?:yes+|yep|yup|yeah|yea|ya|yah|ye|y|sure|ok|okay|okey|k|kk|fine|of|course|ofc|certainly|absolutely|"
    r"definitely|totally|correct|right|oui|affirmative|true|no|nope|nah|naw|n|non|never|not|negative|"
    r"false|it|it'?s|is|isn'?t|was|my|this|that|that'?s|really|think|so|believe|guess|i|do|don'?t|am|we|here|"
    r"there|please|pls|thanks?|thx|you|the|a|actually|well|um+|uh|and|at|all|indeed|sir|maam|one|1|2)\b|"
    r"[^a-z0-9\u00e0-\u024f]"
)

# A "no" or "not" that agrees.
_AGREEABLE_NO = re.compile(
    r"\b(?:no|not\s+a|not\s+any)\s+(?:problem|problems|prob|probs|worries|issue|issues|objection|"
    r"objections|concerns)\b|\bwhy\s+not\b|\b(?:don'?t|do\s+not|wouldn'?t|would\s+not)\s+(?:really\s+)?"
    r"mind\b|\bnp\b"
)
_UNSURE = re.compile(
    r"\b(?:not\s+(?:so\s+|really\s+|too\s+)?sure|unsure|maybe|perhaps|depends|idk|dunno|"
    r"(?:don'?t|do\s+not)\s+(?:know|understand|get\s+it)|why|what|how|who|only\s+if|unless|later|"
    r"but)\b|\?"
)
_YES = re.compile(
    r"\b(?:yes|yess+|yep|yup|yeah|yea|ya|yah|ye|y|sure|ok|okay|okey|k|kk|fine|agree|agreed|i\s+do(?!\s*n)|"
    r"consent|of\s+course|ofc|certainly|absolutely|definitely|totally|go\s+ahead|go\s+for\s+it|"
    r"please\s+do|you\s+(?:can|may)|sounds\s+good|good|great|alright|all\s+right|correct|right|"
    r"accept|allowed?|approve|permission|oui|you\s+have\s+my)\b|^please$|\b(?:do|send)\s+it\b|"
    r"\b(?:affirmative|true)\b|\U0001f44d|\u2705|\U0001f44c"
)
_NO = re.compile(
    r"\b(?:no|nope|nah|naw|n|non|never|not|don'?t|do\s+not|can'?t|cannot|won'?t|wouldn'?t|disagree|"
    r"decline|refuse|rather\s+not|prefer\s+not|against|without|stop|neither|nothing|negative|"
    r"false)\b|\U0001f44e|\u274c"
)
# "not ok", "don't agree": one refusal, not a yes beside a no. A comma ends its reach: "no, fine".
_REFUSED_YES = re.compile(
    r"\b(?:no|not|don'?t|do\s+not|can'?t|cannot|won'?t|wouldn'?t|never)(?:\s+(?:you|i|we|really|give|"
    r"have|my|to|feel|be|at\s+all|even))*\s+(?:ok|okay|agree|consent|fine|good|great|right|accept|allow|"
    r"allowed|approve|permission|alright|(?:do|send)(?:\s+it)?)\b|\b(?:absolutely|definitely|certainly|of\s+course)\s+not\b"
)


def _plain(text: str) -> str:
    return text[:LOOKED_AT].lower().replace("\u2019", "'").strip(" .,!\n\t")


def parse_visit(text: str, yes_means: Visit | None = None) -> Parsed[Visit]:
    """Whether it is a first visit.

    Args:
        text: What the patient typed.
        yes_means: What a bare "yes" says to the question that was asked; "no" says the other.
            Without it a bare yes or no is UNCLEAR.

    Returns:
        "first" or "returning", or the fault UNCLEAR.
    """
    plain = _plain(text)
    if _NOT_FIRST.search(plain):
        return Parsed("returning")
    if _FIRST.search(plain):
        return Parsed("first")
    if _RETURNING.search(plain):
        return Parsed("returning")
    said = _agreed(text, plain)
    if yes_means is None or said is None or _BESIDE_A_YES.sub("", plain):
        return Parsed(fault=Fault.UNCLEAR)
    no_means: Visit = "returning" if yes_means == "first" else "first"
    return Parsed(yes_means if said else no_means)


def _agreed(text: str, plain: str) -> bool | None:
    if _IT_IS.search(plain):
        return True
    return False if _IT_IS_NOT.search(plain) else parse_consent(text).value


def parse_consent(text: str) -> Parsed[bool]:
    """Whether the patient said yes or no.

    Returns:
        True or False. A question, a condition, both at once or anything else is UNCLEAR: silence
        is not consent.
    """
    plain = _AGREEABLE_NO.sub(" yes ", _plain(text))
    if _UNSURE.search(plain):
        return Parsed(fault=Fault.UNCLEAR)
    plain = _REFUSED_YES.sub(" no ", plain)
    yes, no = bool(_YES.search(plain)), bool(_NO.search(plain))
    return Parsed(yes) if yes != no else Parsed(fault=Fault.UNCLEAR)


def parse_reason(text: str) -> Parsed[str]:
    """What the visit is about, in the patient's own words.

    Returns:
        The text; MISSING when it has neither a letter nor a digit. It is cut at a word when it is
        longer than 500 characters, and ``told`` says so under "kept".
    """
    if not any(character.isalnum() for character in text):
        return Parsed(fault=Fault.MISSING)
    is_long = len(text.strip()) > MAX_REASON
    return Parsed(cut(text, MAX_REASON), told={"kept": str(MAX_REASON)} if is_long else {})
