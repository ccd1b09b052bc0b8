"""Card by card, what each sentence stands on: for a reviewer to read beside the sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bot.content.card import AnswerCard
from bot.content.card_file import read_cards
from bot.content.errors import ContentError
from bot.content.grounds import grounds, is_clinical, needs_source
from bot.content.reading_level import grades
from bot.content.sentences import spoken
from bot.content.topics import Topic, load_topics

ABOUT_CLINIC = "not clinical: about the clinic or the assistant, or mere talk"
UNGROUNDED = "NO SOURCE: run `bot content check`"


def trace(answers_dir: Path, topics_path: Path, ids: Iterable[str] = ()) -> str:
    """The table of sentences and their sources.

    Args:
        answers_dir: Folder of the card files.
        topics_path: Tells which topics are clinical.
        ids: The cards to show; all of them when left out.

    Raises:
        ContentError: a file or card is wrong, or an id has no card.
    """
    topics = load_topics(topics_path)
    cards = {card.id: card for card in read_cards(answers_dir)}
    wanted = list(ids) or list(cards)
    if unknown := [topic for topic in wanted if topic not in cards]:
        raise ContentError(
            f"There is no card {', '.join(unknown)} in {answers_dir}.",
            remedy="Name the id of a card, such as faq/does_it_hurt.",
        )
    return "\n\n".join("\n".join(_lines(cards[topic], topics)) for topic in wanted)


def _lines(card: AnswerCard, topics: Mapping[str, Topic]) -> Iterator[str]:
    yield f"{card.id} (grade: {grades(card)})"
    grounded, clinical = grounds(card), is_clinical(card, topics.get(card.id))
    for sentence, wordings in spoken(card).items():
        yield f"  [{', '.join(wordings)}] {sentence}"
        if sentence in grounded:
            yield from (f"      -> {source}" for source in grounded[sentence])
        elif sentence in card.not_clinical or not needs_source(sentence, clinical):
            yield f"      -- {ABOUT_CLINIC}"
        else:
            yield f"      !! {UNGROUNDED}"
