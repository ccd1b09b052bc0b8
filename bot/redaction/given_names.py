"""Common given names with a capital letter, in the middle of a sentence or after a word for kin.

The list is the census list that zxcvbn carries for judging passwords. It is a net with wide meshes:
names that are also words ("Will", "May", "Rose") count only after "my husband", "Dr." and the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

# As many as make up nearly everybody in the census; rarer ones are words of all kinds.
COMMON = 900
_KIN = (
    r"(?:son|daughter|wife|husband|partner|mom|mum|mother|dad|father|brother|sister|friend|aunt|"
    r"uncle|cousin|niece|nephew|grandma|grandpa|grandmother|grandfather|kid|child|boyfriend|"
    r"girlfriend|spouse|doctor|physio|physiotherapist|chiropractor|therapist)"
)
_CAPITAL = r"[^\W\d_a-z][^\W\d_]*(?:['\u2019-][^\W\d_]+)*"
_TITLED = re.compile(
    rf"\b(?i:dr|mr|mrs|ms|miss|mme)\b\.?\s+(?P<name>{_CAPITAL}(?:\s+{_CAPITAL}){{0,2}})|"
    rf"\b(?i:my|his|her|our)\s+(?i:{_KIN})(?:'s name is|,|\s+is called|\s+named)?\s+"
    rf"(?P<kin>{_CAPITAL}(?:\s+{_CAPITAL}){{0,2}})"
)
_WORD = re.compile(rf"\b{_CAPITAL}\b")
_NEXT = re.compile(rf"(?:\s+{_CAPITAL})?")


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# In the list, and a word, a place or a month as well.
_AMBIGUOUS = _listed("""
    will may mark grace hope faith joy art bill rose rich frank drew pat sue june april august
    summer dawn chance chase grant gene guy jack miles ray rob sky van wade penny patience iris
    my an do you so see long young king price page cash case chi in ok le dee ally angel autumn
    amber ruby crystal destiny earnest forest cliff dale dean glen heath jean lane lee mercy
    norm olive pearl reed rusty sage stone sunny terry victoria virginia georgia florence paris
    sydney charlotte madison savannah austin dallas houston jordan israel chad kenya china india
    ivy holly heather daisy violet jasmine rosemary ginger basil carol christian christmas buddy
    bud junior doc major baby misty stormy windy sandy rocky star melody harmony princess prince
    duke earl lord love lucky honey candy cherry max tab tai chu shu su ha hai ho man minh nick
    ned rod roy wes abe ali al ed ty cy vi jan mac mel val kit lin sol ana era eve fay gay ida
    ike joe lou alberta edmonton calgary canada health trinity genesis nova cross blue claim
    tens
""")


def find_given_names(text: str) -> Iterator[tuple[int, int]]:
    """Where such names stand in a text."""
    for match in _TITLED.finditer(text):
        group = "name" if match["name"] else "kin"
        # "My doctor MRI'd me": letters that stand for words are no name.
        if not match[group][1:2].isupper():
            yield match.span(group)
    if text.isupper():
        return
    known = _names()
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if word in known and not match[0].isupper():
            surname = _NEXT.match(text, match.end())
            yield match.start(), surname.end() if surname else match.end()


@cache
def _names() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    listed = (FREQUENCY_LISTS[kind][:COMMON] for kind in ("female_names", "male_names"))
    return frozenset(name for names in listed for name in names) - _AMBIGUOUS
