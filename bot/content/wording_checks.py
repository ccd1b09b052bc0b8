"""Checks on the words of one card: length, alphabet, promises, and the number to call first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.content.card import AnswerCard, Channel, Language
from bot.content.facts import placeholders_in
from bot.content.gsm7 import gsm7_length, outside_gsm7
from bot.content.topics import IN_FRENCH, SAID_TOGETHER

WEB_LENGTH = 600
SMS_LENGTH = 320
# A code is read at a glance, and nobody should pay for two texts: one alone holds so much.
SHORT_SMS = {"other/phone_code": 160}
# A promise of a result, or advice to leave a prescribed medicine: never said to a patient.
BANNED = re.compile(
    r"\b(cur(?:e|es|ed|ing)|guarante(?:e|es|ed|eing)|miracle\w*|pain-free|risk-free"
    r"|(?:stop|quit) taking|come off your|100 ?%)(?!\w)",
    re.IGNORECASE,
)
FIRST_NUMBER = {
    "safety/emergency": "emergency",
    "safety/urgent": "nurse_line",
    "safety/crisis": "crisis",
}
FIRST_SENTENCE = re.compile(r".*?[.!?](?=\s|$)|.+", re.DOTALL)

Fault = tuple[str, str]
Facts = Mapping[str, str | None]


def wording_faults(card: AnswerCard, profiles: Sequence[Facts]) -> Iterator[Fault]:
    """What is wrong with the words of a card, each with its remedy.

    Args:
        card: The card.
        profiles: Facts to fill it with; give both the clinic's and a bare clinic's, since the
            wording for an unset fact can be the longer one.
    """
    yield from _lengths(card, profiles)
    yield from _alphabet(card, profiles)
    yield from _promises(card)
    yield from _number_first(card)
    if card.id in IN_FRENCH and card.fr is None:
        yield "has no French wording.", "Add `fr` with web and sms; mark it `to_be_approved: true`."


def _lengths(card: AnswerCard, profiles: Sequence[Facts]) -> Iterator[Fault]:
    web = max(map(len, _sent(card, "web", profiles)))
    if web > WEB_LENGTH:
        yield f"web text has {web} characters.", f"Shorten it to {WEB_LENGTH}."
    sms = max(map(gsm7_length, _sent(card, "sms", profiles)))
    limit = SHORT_SMS.get(card.id, SMS_LENGTH)
    if sms > limit:
        yield f"sms text has {sms} characters.", f"Shorten it to {limit}."


def _sent(card: AnswerCard, channel: Channel, profiles: Sequence[Facts]) -> list[str]:
    """All that can be sent of a card: its languages each by itself, or as one message."""
    languages: tuple[Language, ...] = ("both",) if card.id in SAID_TOGETHER else ("en", "fr")
    return [card.text(channel, facts, language) for facts in profiles for language in languages]


def _alphabet(card: AnswerCard, profiles: Sequence[Facts]) -> Iterator[Fault]:
    odd = outside_gsm7("".join(_sent(card, "sms", profiles)))
    if odd:
        yield (
            f"sms text has characters a plain text message lacks: {' '.join(odd)}",
            "Use plain letters, straight quotes and hyphens, in the card and in the profile.",
        )


def _promises(card: AnswerCard) -> Iterator[Fault]:
    channels: tuple[Channel, ...] = ("web", "sms")
    said = " ".join([card.title, *(getattr(card, c) for c in channels), *card.unset.values()])
    for promise in sorted({found.group(0).lower() for found in BANNED.finditer(said)}):
        yield f"says “{promise}”.", "Say what may happen; promise nothing, change no medicine."


def _number_first(card: AnswerCard) -> Iterator[Fault]:
    number = FIRST_NUMBER.get(card.id)
    if number is None:
        return
    french = (card.fr.web, card.fr.sms) if card.fr else ()
    for text in (card.web, card.sms, *french):
        first = FIRST_SENTENCE.match(text)
        if first is None or number not in placeholders_in(first.group(0)):
            yield f"does not start with {{{number}}}.", "Put it in the first sentence."
            return
