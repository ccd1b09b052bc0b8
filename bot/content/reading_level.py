"""How many years of school the words of a card ask for: the Flesch-Kincaid grade, by textstat.

textstat counts syllables by the hyphenation rules that come with it; nothing is fetched.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from bot.content.card import AnswerCard, Channel
from bot.content.card_file import read_cards
from bot.content.facts import ALWAYS_SET, PLACEHOLDERS, SAMPLES

HIGHEST_GRADE = 8.0
# Facts, names and numbers of a clinic are not the card's doing: a short word stands for each.
STATED: dict[str, str | None] = dict.fromkeys([*PLACEHOLDERS, *SAMPLES], "it")
UNSET = {name: None if name in PLACEHOLDERS - ALWAYS_SET else "it" for name in STATED}
WORDINGS: tuple[Channel, ...] = ("web", "sms")

Fault = tuple[str, str]


def grade(card: AnswerCard, channel: Channel) -> float:
    """The grade of a wording; of two, with the facts stated and unset, the harder one."""
    return max(_grade(card.text(channel, facts)) for facts in (STATED, UNSET))


def grades(card: AnswerCard) -> str:
    """Both grades in a few words."""
    return ", ".join(f"{channel} {grade(card, channel):.1f}" for channel in WORDINGS)


def grade_table(answers_dir: Path) -> str:
    """A line for each card with both grades, the hardest card first.

    Raises:
        ContentError: a file or a card is wrong.
    """
    cards = read_cards(answers_dir)
    rows = [(grade(card, "web"), grade(card, "sms"), card.id) for card in cards]
    lines = [f"{web:5.1f} {sms:5.1f}  {topic}" for web, sms, topic in sorted(rows, key=_hardest)]
    return "\n".join(["  web   sms  card (Flesch-Kincaid grade)", *lines])


def grade_faults(card: AnswerCard) -> Iterator[Fault]:
    """Wordings that are too hard to read."""
    for channel in WORDINGS:
        found = grade(card, channel)
        if found > HIGHEST_GRADE:
            yield (
                f"{channel} text reads at grade {found:.1f}.",
                f"Use shorter words and sentences, up to grade {HIGHEST_GRADE:.0f}.",
            )


def _hardest(row: tuple[float, float, str]) -> float:
    return -max(row[:2])


@cache
def _grade(text: str) -> float:
    return float(_textstat().flesch_kincaid_grade(text))


@cache
def _textstat() -> Any:
    # Imported late, as it takes a third of a second; its use of pkg_resources is not ours to mend.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", UserWarning)
        import textstat

    return textstat
