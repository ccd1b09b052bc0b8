"""Which sentences of a card are clinical, and what each of those stands on.

A sentence is named word for word under its source. Whoever changes a sentence therefore has to
look at its source again: the old words are no longer in the card, and the new ones stand on
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.content.card import AnswerCard
from bot.content.sentences import spoken
from bot.content.sources import CarePrinciple, Source
from bot.content.topics import Topic

CLINICAL_SOURCES = frozenset({"article", "care"})
CLINICAL_GROUP = "safety/"
# On a card about the clinic, a sentence with one of these may be about health.
HEALTH = re.compile(
    r"\b(acupuncture|needl\w*|pains?|painful|painless|painkill\w*|ach(?:e|es|ing)|sore\w*|hurts?"
    r"|stiff\w*|muscles?|nerves?|posture|sciatica|stress|sleep|injur\w*|symptoms?|conditions?"
    r"|ill|illness\w*|diseases?|heal(?:s|ing|ed)?|health\w*|reli(?:ef|eves?)|eas(?:es?|ing)"
    r"|recover\w*|relax\w*|medic\w*|drugs?|dos(?:e|es|age)|treat(?:s|ed|ing|ments?)?|therap\w*"
    r"|cupping|massage|diagnos\w*|risks?|safe(?:ty|ly)?|side effects?|bleed\w*|bruis\w*|pregnan\w*"
    r"|effective|evidence|studies|research)\b",
    re.IGNORECASE,
)
# A care principle is advice; what is claimed about health needs a source that can be read.
ADVICE = re.compile(
    r"\b(ask|bring|call|do not|have (?:a|the)|keep|replace|see (?:a|how)|take it easy|tell|talk"
    r"|you can|cannot advise|to decide|your (?:doctor|practitioner))\b",
    re.IGNORECASE,
)
_COPY = "Name the sentence word for word, as the card says it, or take it out of the list."

Fault = tuple[str, str]


def is_clinical(card: AnswerCard, topic: Topic | None) -> bool:
    """Whether every sentence of a card counts as clinical until it is said not to be."""
    by_topic = topic is not None and topic.source in CLINICAL_SOURCES
    return by_topic or card.id.startswith(CLINICAL_GROUP)


def needs_source(sentence: str, clinical: bool) -> bool:
    """Whether a sentence has to be grounded, on a card that is ``clinical`` or is not."""
    return clinical or HEALTH.search(sentence) is not None


def grounds(card: AnswerCard) -> dict[str, list[Source]]:
    """The sentences that stand on a source, with each source they are named under."""
    found: dict[str, list[Source]] = {}
    for source in card.sources:
        for sentence in source.grounded:
            found.setdefault(sentence, []).append(source)
    return found


def ground_faults(card: AnswerCard, topic: Topic | None) -> Iterator[Fault]:
    """Clinical sentences that stand on nothing, and names of sentences that are not there."""
    said, grounded = spoken(card), grounds(card)
    clinical = is_clinical(card, topic)
    for sentence in said:
        named = sentence in grounded or sentence in card.not_clinical
        if needs_source(sentence, clinical) and not named:
            yield (
                f"“{sentence}” stands on no source.",
                "Put the sentence under `says` of its source; under `not_clinical` if it is about "
                "the clinic alone, or mere talk.",
            )
    for name, listed in (("says", grounded), ("not_clinical", card.not_clinical)):
        for sentence in listed:
            if sentence not in said:
                yield f"{name} names “{sentence}”, which the card does not say.", _COPY
    for sentence in grounded.keys() & set(card.not_clinical):
        yield f"“{sentence}” stands under a source and under not_clinical.", "Keep one of them."
    yield from _claims(card)
    yield from _idle(card, clinical)


def _claims(card: AnswerCard) -> Iterator[Fault]:
    for source in card.sources:
        if not isinstance(source, CarePrinciple):
            continue
        for sentence in source.grounded:
            if not ADVICE.search(sentence):
                yield (
                    f"“{sentence}” stands on a care principle and gives no advice.",
                    "Name the article's section or the publication that says so.",
                )


def _idle(card: AnswerCard, clinical: bool) -> Iterator[Fault]:
    """Sources that carry nothing: the patient would be shown a source for words it never backed."""
    for source in card.sources:
        if clinical and not source.grounded:
            yield f"no sentence stands on {source}.", "Name its sentences under `says`, or drop it."
