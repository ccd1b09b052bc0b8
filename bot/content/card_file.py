"""Reads a file of answer cards: the sound cards, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.content.card import AnswerCard
from bot.content.errors import ContentError
from bot.content.problem import Problem
from bot.content.yaml_file import faults, read_mapping


@dataclass(frozen=True)
class CardFile:
    """What one ``data/answers`` file holds."""

    path: Path
    cards: tuple[AnswerCard, ...]
    problems: tuple[Problem, ...]
    # Titles of what is marked `draft: true`: no card yet, never served, and no fault.
    drafts: tuple[str, ...] = ()


def card_paths(answers_dir: Path) -> list[Path]:
    """The card files of a folder, by name.

    Raises:
        ContentError: there are none.
    """
    paths = sorted(answers_dir.glob("*.yml"))
    if not paths:
        raise ContentError(
            f"{answers_dir} holds no answer cards.",
            remedy="Put the cards there as *.yml files, or point ANSWERS_DIR to their folder.",
        )
    return paths


def read_card_file(path: Path) -> CardFile:
    """Reads the cards of one file; a faulty card is reported, the others are kept.

    Raises:
        ContentError: the file cannot be read or has no list of cards.
    """
    entries = read_mapping(path).get("cards")
    if not isinstance(entries, list):
        raise ContentError(f"{path} has no list of cards.", remedy="Start it with `cards:`.")
    drafts = tuple(_draft_title(entry) for entry in entries if _is_draft(entry))
    read = [
        _read(path, position, entry)
        for position, entry in enumerate(entries, start=1)
        if not _is_draft(entry)
    ]
    return CardFile(
        path=path,
        drafts=drafts,
        cards=tuple(card for card in read if isinstance(card, AnswerCard)),
        problems=tuple(p for found in read if isinstance(found, list) for p in found),
    )


def read_cards(answers_dir: Path) -> list[AnswerCard]:
    """Every card of a folder, in the order of its files.

    Raises:
        ContentError: a file or a card is wrong, or two cards have one id; names the place.
    """
    cards: dict[str, AnswerCard] = {}
    for path in card_paths(answers_dir):
        found = read_card_file(path)
        if found.problems:
            raise ContentError("\n".join(map(str, found.problems)))
        for card in found.cards:
            if card.id in cards:
                raise ContentError(
                    f"{path}: a second card {card.id}.", remedy="Keep one of the two."
                )
            cards[card.id] = card
    return list(cards.values())


def draft_notices(answers_dir: Path) -> list[str]:
    """A notice for each draft of a card in a folder.

    Raises:
        ContentError: a file cannot be read.
    """
    return [
        f"“{title}” is a draft and is not served: it needs a topic, its words and an approval."
        for path in card_paths(answers_dir)
        for title in read_card_file(path).drafts
    ]


def awaiting_approval(cards: Iterable[AnswerCard]) -> list[str]:
    """A notice for each French wording that the clinic has yet to approve."""
    return [
        f"French wording of {card.id} awaits the clinic's approval."
        for card in cards
        if card.fr is not None and card.fr.to_be_approved
    ]


def _is_draft(entry: Any) -> bool:
    return isinstance(entry, dict) and entry.get("draft") is True


def _draft_title(entry: dict[str, Any]) -> str:
    return str(entry.get("title") or entry.get("id") or "A card without a title")


def _read(path: Path, position: int, entry: Any) -> AnswerCard | list[Problem]:
    if not isinstance(entry, dict):
        return [Problem(str(path), f"card {position}", "is not named values.", "Indent its lines.")]
    try:
        return AnswerCard(**entry)
    except ValidationError as error:
        return list(_problems(path, str(entry.get("id", f"card {position}")), error))


def _problems(path: Path, card: str, error: ValidationError) -> Iterator[Problem]:
    for fault in faults(error):
        yield Problem(str(path), card, f"{fault}.", "Correct the card.")
