"""Names that nobody introduces: before a phone number, after "thanks", in "its sam lee, ...".

They count only in a request for a visit, whose summary shows them before anything is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.reading.plain_name import has_long_day, is_plain_name
from bot.reading.words import WEEKDAYS, canonical, words

_CAPITAL = r"[^\W\d_a-z][^\W\d_]*(?:['\u2019-][^\W\d_]+)*"
_SMALL = r"(?:af|al|bin|da|de|del|den|der|di|dos|du|el|ibn|la|le|los|van|von|y)"
NAME = rf"(?P<name>{_CAPITAL}(?:(?: {_SMALL}){{0,2}} {_CAPITAL}){{0,3}})"
RELATION = (
    r"(?:son|daughter|wife|husband|partner|mom|mum|mother|dad|father|brother|sister|friend|"
    r"grandma|grandpa|kid|child|boyfriend|girlfriend|spouse)"
)
_BEFORE_CONTACT = re.compile(rf"(?:^|[.,;:!?\n\u2013-]\s*|\b(?i:hi|hello|hey)\s+){NAME}[\s,:(-]*$")
_AFTER_CONTACT = re.compile(rf"^[\s,:)-]*{NAME}[\s.!]*$")
_SIGNED_OFF = re.compile(
    rf"(?:\s[-\u2013\u2014]+\s*|\b(?i:thanks|thank you|thx|cheers|regards|ty)\b[\s,.!-]*|,\s*)"
    rf"{NAME}[\s.!]*$"
)
_HERE = re.compile(
    rf"(?:^\s*|[.!?,\n]\s*|\b(?i:hi|hello|hey)\s+){NAME}\s+(?i:here|speaking)\b(?!\s+(?i:for|on|at))"
)
_FOR_SOMEBODY = re.compile(
    rf"\b(?i:book(?:ing)?|appointment|appt|visit|slot)\s+(?i:for)\s+{NAME}|"
    rf"\b(?i:my)\s+(?i:{RELATION})\s*,?\s+{NAME.replace('<name>', '<relative>')}"
)
# In small letters only where nothing but a name is likely: first of all, or before a phone.
_PLAIN = r"(?P<name>[^\W\d_]+(?:[ '-][^\W\d_]+){0,2}?)"
_INTRO = r"(?:it'?\u2019?s|this\s+is|i'?\u2019?m|i\s+am|name'?s)"
_OPENS = re.compile(
    rf"^\s*(?:(?:hi|hello|hey|yo)\b[\s,.!]*)?(?:it'?\u2019?s|this\s+is)\s+{_PLAIN}(?:\s+here)?"
    r"(?=\s*[,.;!\n]|\s*$)",
    re.IGNORECASE,
)
_INTRODUCED_CONTACT = re.compile(rf"(?:^|[\s.,;!?-]){_INTRO}\s+{_PLAIN}[\s,:(.-]*$", re.IGNORECASE)
_NO_NAME = words("""
    a an the at in on is are am was be been to of for with from by or and but so if not no yes yeah
    ok okay hi hello hey thanks thank thx please pls plz call text phone cell mobile tel number num
    email mail contact name reason my me i i'm im it its this that you your here there today tonight
    tomorrow morning afternoon evening noon night weekday weekend week asap urgent important bad
    sore sick late early free good great fine pretty really very too just still about regarding
    new first visit appointment appt booking book any anytime anyday whenever need want can could
    would do does hurts pain painful awful terrible chronic severe acute hard worse better me the
    sorry available ready done edmonton calgary alberta canada dr doctor monday's re
    """)
_INFLECTED = re.compile(r"\w{3,}(?:ing|ed|ly)$")


def unannounced(text: str, contacts: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where a name stands that no "my name is" announces, likeliest first.

    Args:
        text: The message.
        contacts: Where its phone numbers and emails stand.
    """
    for start, end in contacts:
        for pattern in (_INTRODUCED_CONTACT, _BEFORE_CONTACT):
            yield from _found(pattern.search(text[:start]), 0)
        yield from _found(_AFTER_CONTACT.search(text[end:]), end)
    for pattern in (_OPENS, _HERE, _FOR_SOMEBODY, _SIGNED_OFF):
        yield from _found(pattern.search(text), 0)


def _found(match: re.Match[str] | None, shift: int) -> Iterator[tuple[int, int]]:
    if match is None:
        return
    group = "relative" if match.groupdict().get("relative") else "name"
    if is_name(match[group]):
        yield match.start(group) + shift, match.end(group) + shift


def is_name(said: str) -> bool:
    """Whether words that stand where a name may stand can be one."""
    parts = said.split()
    # Capitals throughout are a way of writing, "TMJ" or "NEED APPT"; "王小明" has no small letters.
    is_shouted = said.isupper() and len(said) > 1
    plain = [part.lower().replace("\u2019", "'") for part in parts]
    inflected = said.islower() and any(map(_INFLECTED.match, plain))
    is_day = any(canonical(part) in WEEKDAYS for part in plain)
    # "Thu Nguyen" has a day in it and is none.
    is_day = is_day and not (len(parts) > 1 and is_plain_name(said) and not has_long_day(said))
    return not (is_shouted or inflected or is_day or any(part in _NO_NAME for part in plain))
