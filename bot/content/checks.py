"""The content check: everything that must hold before the cards meet a patient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from pathlib import Path

from bot.content.card import AnswerCard
from bot.content.card_file import CardFile, card_paths, read_card_file
from bot.content.errors import ContentError
from bot.content.facts import SAMPLES, facts_of
from bot.content.grounds import ground_faults
from bot.content.problem import Problem
from bot.content.profile import ClinicProfile
from bot.content.reading_level import grade_faults
from bot.content.topics import SPECIAL_CARDS, Topic, load_topics
from bot.content.wording_checks import Facts, Fault, wording_faults

CARE_KINDS = frozenset({"external", "care_principle"})
# By what a topic must rest on: kinds of which its card names at least one, and all it may name.
SOURCE_KINDS = {
    "article": (frozenset({"article"}), CARE_KINDS | {"article"}),
    "clinic": (frozenset({"clinic"}), frozenset({"clinic"})),
    "care": (CARE_KINDS, CARE_KINDS | {"article"}),
}


def check_content(
    answers_dir: Path, profile_path: Path, topics_path: Path, today: date
) -> list[Problem]:
    """Looks for everything wrong with the cards, at once.

    Args:
        answers_dir: Folder of the card files.
        profile_path: The clinic profile that fills the cards.
        topics_path: The list of topics that need a card.
        today: The date that review dates are held against.

    Returns:
        The problems, by file and card; empty when all is well. A file that cannot be read is a
        problem too, not an error.
    """
    problems: list[Problem] = []
    try:
        profile = ClinicProfile.load(profile_path)
        topics = load_topics(topics_path)
        paths = card_paths(answers_dir)
    except ContentError as error:
        return [_of_error(error, profile_path.parent)]
    files = list(_readable(paths, problems))
    placed = [(file.path, card) for file in files for card in file.cards]
    facts = _extremes(profile)
    # A card with a fault of form is present all the same: one fault, one problem.
    present = {card.id for _, card in placed} | {problem.card for problem in problems}
    for path, card in placed:
        found = [
            *_card_faults(card, topics, present, today),
            *ground_faults(card, topics.get(card.id)),
            *wording_faults(card, facts),
            *grade_faults(card),
        ]
        problems += [Problem(str(path), card.id, fault, remedy) for fault, remedy in found]
    problems += _repeated(placed)
    problems += _missing(answers_dir, [*topics, *sorted(SPECIAL_CARDS)], present)
    return sorted(problems)


def _readable(paths: Sequence[Path], problems: list[Problem]) -> Iterator[CardFile]:
    for path in paths:
        try:
            file = read_card_file(path)
        except ContentError as error:
            problems.append(_of_error(error, path))
        else:
            problems.extend(file.problems)
            yield file


def _of_error(error: ContentError, path: Path) -> Problem:
    return Problem(str(path), "", error.message, error.remedy)


def _extremes(profile: ClinicProfile) -> tuple[Facts, Facts]:
    bare = ClinicProfile(
        name=profile.name, phone=profile.phone, emergency_numbers=profile.emergency_numbers
    )
    return {**facts_of(profile), **SAMPLES}, {**facts_of(bare), **SAMPLES}


def _card_faults(
    card: AnswerCard, topics: Mapping[str, Topic], present: Set[str], today: date
) -> Iterator[Fault]:
    if card.id not in topics and card.id not in SPECIAL_CARDS:
        yield "is on no known topic.", "Correct the id, or add the topic to data/topics.yml."
    if card.given and card.id not in SPECIAL_CARDS:
        named = ", ".join(sorted(card.given))
        yield f"needs {named}, which is not known there.", "Use the clinic's own facts only."
    yield from _approval(card, today)
    yield from _sources(card, topics.get(card.id))
    for choice in card.choices:
        if choice not in present or choice == card.id:
            yield f"offers {choice}, which is no other card.", "Offer the id of another card."


def _approval(card: AnswerCard, today: date) -> Iterator[Fault]:
    if not card.is_approved():
        yield "is not approved.", "Have the clinic review it; fill approved_by and approved_on."
    if card.review_by is None:
        yield "has no review date.", "Fill review_by."
    elif not card.is_in_date(today):
        yield f"expired on {card.review_by}.", "Have the clinic review it and renew the dates."


def _sources(card: AnswerCard, topic: Topic | None) -> Iterator[Fault]:
    if topic is None or topic.source is None:
        return
    kinds = {source.kind for source in card.sources}
    needed, allowed = SOURCE_KINDS[topic.source]
    if not kinds & needed or not kinds <= allowed:
        yield (
            f"rests on {', '.join(sorted(kinds)) or 'no source'}.",
            f"Name a source of kind {' or '.join(sorted(needed))}, "
            f"and none but {', '.join(sorted(allowed))}.",
        )


def _repeated(placed: Sequence[tuple[Path, AnswerCard]]) -> Iterator[Problem]:
    ids = Counter(card.id for _, card in placed)
    titles = Counter(card.title.casefold() for _, card in placed)
    for path, card in placed:
        if ids[card.id] > 1:
            yield Problem(str(path), card.id, "stands more than once.", "Keep one of them.")
        elif titles[card.title.casefold()] > 1:
            fault = f"shares the title “{card.title}” with another card."
            yield Problem(str(path), card.id, fault, "Give each its own; patients choose by it.")


def _missing(answers_dir: Path, needed: Iterable[str], present: Set[str]) -> Iterator[Problem]:
    for topic in needed:
        if topic not in present:
            yield Problem(
                str(answers_dir), topic, "has no card.", "Write one and have it approved."
            )
