"""Every sentence the assistant may say, read from the files that people approve.

Read apart from the code that serves them: a fault in the serving must not approve itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from bot.content import ClinicProfile
from bot.content.card_file import read_cards
from bot.content.facts import facts_of
from faults.blanks import REFERENCE, Blanks

NAMING = (
    "Cancel my visit {reference}",
    "Change my visit {reference}",
    "Am I booked? {reference}",
)

# What a card is given when it is said, by the form it must have.
GIVEN = {
    "open_until": r"\d{1,2}:\d\d [ap]m",
    "next_opening": r"[A-Z][a-z]+day \d{1,2} [A-Z][a-z]+ 20\d\d at \d{1,2}:\d\d [ap]m",
    "person": r"[\w .'-]+",
}
_END = re.compile(r"(?<=[.!?])\s+")
_INTERNALS = re.compile(
    r"Traceback|\.py\b|\.yml\b|site-packages|utter_|action_|booking_|Error\b|Exception|[{}<>]"
    r"|\b(?:faq|clinic|booking|handoff|smalltalk|other|safety)/[a-z]"
)


class Approved:
    """The approved words of one clinic."""

    def __init__(self, root: Path, profile: ClinicProfile) -> None:
        """Reads the cards and the fixed phrases of the booking form.

        Args:
            root: The project's folder.
            profile: Fills the cards' placeholders.
        """
        paths = sorted((root / "data" / "answers").glob("*.yml"))
        cards = [card for path in paths for card in _yaml(path)["cards"]]
        domain = _yaml(root / "domain.yml")["responses"]
        responses = [response for name in domain for response in domain[name]]
        facts = {**facts_of(profile), **{name: f"<{name}>" for name in GIVEN}}
        self.sentences = {s for card in cards for line in _lines(card, facts) for s in split(line)}
        self.warnings = {
            card["id"].split("/")[1]: {next(split(text)) for text in _wordings(card, facts)}
            for card in cards
            if card["id"].startswith("safety/")
        }
        fixed = [r["text"] for r in responses if not _names(r["text"])]
        self.sentences |= {sentence for text in fixed for sentence in split(text)}
        self._given = [_given_pattern(s) for s in self.sentences if "<" in s]
        self._filled = [_pattern(r["text"]) for r in responses if _names(r["text"])]
        buttons = [button for r in responses for button in r.get("buttons", ())]
        self._choices = {(b["title"], b["payload"]) for b in buttons}
        self._choices |= {(card["title"], card["title"]) for card in cards}
        self._choices |= {("{reference}", text) for text in NAMING}
        self._topics = {card["id"] for card in cards}
        # A source is a line of the card's file, put into words by the card itself.
        self._sources = {
            "; ".join(map(str, card.sources)) for card in read_cards(root / "data" / "answers")
        }
        self._blanks = Blanks(str(profile.hours), profile.phone)

    def faults(self, message: Mapping[str, Any], said: Sequence[str]) -> Iterator[str]:
        """What is wrong with a message to a patient.

        Args:
            message: As a channel sends it.
            said: What the patient has written so far; the form repeats some of it.
        """
        yield from self._unapproved(message["text"], said)
        for choice in message["choices"]:
            # A request is chosen by its reference, which stands in the place of a blank.
            if tuple(_blank(choice[name]) for name in ("title", "text")) not in self._choices:
                yield f"an unknown choice: {choice}"
        if message["source"] not in self._sources:
            yield f"an unknown source: {message['source']!r}"
        if unknown := set(message["answer_ids"]) - self._topics:
            yield f"unknown ids: {sorted(unknown)}"

    def _unapproved(self, text: str, said: Sequence[str]) -> Iterator[str]:
        if not text.strip():
            yield "an empty message"
        for pattern in self._filled:
            if found := pattern.fullmatch(text):
                yield from self._blanks.faults(found.groupdict(), said)
                return
        for sentence in split(text):
            is_given = any(pattern.fullmatch(sentence) for pattern in self._given)
            if sentence not in self.sentences and not is_given:
                yield f"not approved: {sentence!r}"
            if _INTERNALS.search(sentence):
                yield f"internals: {sentence!r}"


def split(text: str) -> Iterator[str]:
    """The sentences of a text."""
    yield from _END.split(" ".join(text.split()))


def _blank(text: str) -> str:
    return REFERENCE.sub("{reference}", text)


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _wordings(card: Mapping[str, Any], facts: Mapping[str, str | None]) -> Iterator[str]:
    french = card.get("fr") or {}
    texts = [card["web"], card["sms"], *card.get("unset", {}).values()]
    for text in [*texts, *(french[name] for name in ("web", "sms") if name in french)]:
        yield " ".join(_filled(text.splitlines(), facts))


def _lines(card: Mapping[str, Any], facts: Mapping[str, str | None]) -> Iterator[str]:
    """Each line by itself: one that needs a fact the clinic left unset is never said."""
    french = card.get("fr") or {}
    texts = [card["web"], card["sms"], *card.get("unset", {}).values()]
    for text in [*texts, *(french[name] for name in ("web", "sms") if name in french)]:
        yield from _filled(text.splitlines(), facts)


def _filled(lines: Iterable[str], facts: Mapping[str, str | None]) -> Iterator[str]:
    for line in filter(None, map(str.strip, lines)):
        if all(facts[name] is not None for name in _names(line)):
            yield line.format_map(facts)


def _names(text: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(text) if name]


def _pattern(text: str) -> re.Pattern[str]:
    """A fixed phrase with a group for each of its blanks; one that comes again is the same."""
    form, known = "", set[str]()
    for fixed, name, _, _ in Formatter().parse(" ".join(text.split())):
        blank = f"(?P={name})" if name in known else f"(?P<{name}>.+?)"
        form += re.escape(fixed) + (blank if name else "")
        known.add(name or "")
    return re.compile(form, re.DOTALL)


def _given_pattern(sentence: str) -> re.Pattern[str]:
    """A sentence of a card with the forms of what it is given."""
    form = re.escape(sentence)
    for name, allowed in GIVEN.items():
        form = form.replace(re.escape(f"<{name}>"), allowed)
    return re.compile(form)
