"""Reads one field of a request out of words that are meant for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.booking.asked import Asked
from bot.booking.choice import parse_reason, parse_visit
from bot.booking.complaint_times import without_complaint
from bot.booking.model import Visit
from bot.booking.opening import closed_among, named, refusal
from bot.booking.preferred import Preferred, parse_preferred
from bot.booking.way import names_a_way, parse_way
from bot.reading import EMAIL, PHONE, WHEN, Read
from bot.reading.contact import FEWEST_DIGITS, parse_email, parse_phone
from bot.reading.parsed import Fault, Parsed
from bot.reading.person import parse_name
from bot.reading.plain_name import is_no_name

# Beside a day or a time these ask nothing: "saturday?", "how about any weekday at 11pm then".
_BESIDE_A_DAY = re.compile(
    r"\b(?:any|anytime|every|or|and|at|in|on|the|of|from|to|between|after|before|until|around|about|"
    r"maybe|preferably|sometime|only|not|no|but|except|either|please|pls|plz|svp|then|instead|"
    r"how|what|is|would|be|could|can|do|we|i|i'?m|it|make|for|me|you|works?|good|fine|ok|okay|best|"
    r"better|free|available|possible|come|prefer|like|day|days|time|times|well|also|too|"
    r"yes|yeah|hmm|um|sorry|actually|wait|ou|et)\b|[\W\d_]",
    re.IGNORECASE,
)
# What answers the question for a reason without giving one.
_NO_REASON = re.compile(
    r"\W*(?:(?:um+|uh|hmm+|well|sorry|honestly|i(?:'?m)?|really|just|ok(?:ay)?)\W+)*"
    r"(?:(?:do\s*n'?t|do\s+not)\s+(?:really\s+)?know(?:\s+yet)?|idk|dunno|not\s+(?:so\s+|really\s+)?sure(?:\s+yet)?|"
    r"unsure|no\s+(?:idea|clue|reason)|no|nope|nah|yes|yeah|yep|yup|ya|y|n|k|ok(?:ay)?|sure|maybe|perhaps|"
    r"none|nothing|n/?a|skip|next|thanks?|thank\s+you|hi|hello|hey|what|why|huh|lol|"
    r"(?:it'?s\s+|it\s+is\s+)?(?:my\s+|the\s+|a\s+)?(?:first|1st)(?:\s+(?:visit|time|appointment|appt))?|"
    r"(?:a\s+)?new\s+(?:patient|client)|(?:i'?ve\s+|i\s+have\s+)?(?:been|never\s+been)(?:\s+t?here)?(?:\s+before)?|"
    r"(?:returning|existing)(?:\s+(?:patient|client))?|(?:please\s+)?(?:text|call|email|phone)(?:\s+me)?|"
    r"(?:my\s+)?(?:number|phone|cell|email)(?:\s+is|'s)?)\W*(?:(?:please|pls|thanks?|though|yet)\W*)*",
    re.IGNORECASE,
)


def parse_field(field: str, found: Read, asked: Asked) -> Parsed[str]:
    """The value of a field in words that answer a question for it, or why there is none."""
    readers: dict[str, Callable[[Read], Parsed[str]]] = {
        "preferred": lambda words: parse_wish(words, asked),
        "name": lambda words: _name(words.text),
        "contact": _contact,
        "reason": _reason,
        "visit": lambda words: _visit(words.text),
        "consent": lambda words: parse_way(words.text, asked.ways),
    }
    return readers[field](found)


def parse_wish(found: Read, asked: Asked) -> Parsed[str]:
    """Days and times, held against the clinic's hours."""
    found = without_complaint(found)
    parsed: Parsed[Preferred] = parse_preferred(found.text, asked.now, asked.tz, found)
    if parsed.value is None:
        return Parsed(fault=parsed.fault, told=parsed.told)
    local = asked.now.astimezone(ZoneInfo(asked.tz))
    if refused := refusal(found.of(*WHEN), local, asked.doors):
        return refused
    closed = closed_among(parsed.value.days, asked.doors)
    days = tuple(day for day in parsed.value.days if day not in closed)
    told = {"closed": named(closed, local)} if closed else {}
    return Parsed(replace(parsed.value, days=days).text, told=told)


def is_only_a_time(found: Read) -> bool:
    """Whether a message is days and times and nothing else: a wish, however it is put."""
    whens = found.of(*WHEN)
    rest = found.text.replace("\u2019", "'")
    for entity in whens:
        rest = rest[: entity.start] + " " * (entity.end - entity.start) + rest[entity.end :]
    return bool(whens) and not _BESIDE_A_DAY.sub("", rest)


def _contact(found: Read) -> Parsed[str]:
    if known := found.value(EMAIL) or found.value(PHONE):
        return Parsed(known)
    return parse_email(found.text) if "@" in found.text else parse_phone(found.text)


def _name(text: str) -> Parsed[str]:
    parsed = parse_name(text)
    is_none = is_no_name(text) or (parsed.value is not None and is_no_name(parsed.value))
    return Parsed(fault=Fault.UNCLEAR) if is_none else parsed


def _reason(found: Read) -> Parsed[str]:
    """What the visit is about; a contact, a yes or "I don't know" tells nothing of it."""
    rest = found.text
    for entity in found.of(PHONE, EMAIL):
        rest = rest.replace(entity.text, " ")
    is_contact = rest != found.text and not any(map(str.isalnum, rest))
    is_number = FEWEST_DIGITS.search(rest) is not None and not any(map(str.isalpha, rest))
    says_nothing = bool(rest.strip()) and _NO_REASON.fullmatch(rest.replace("\u2019", "'"))
    if is_contact or is_number or says_nothing:
        return Parsed(fault=Fault.UNCLEAR)
    return parse_reason(found.text)


def _visit(text: str) -> Parsed[str]:
    # "Ok text me" says yes to something else.
    means: Visit | None = None if names_a_way(text) else "first"
    parsed = parse_visit(text, yes_means=means)
    return Parsed(fault=Fault.UNCLEAR) if parsed.value is None else Parsed(parsed.value)
