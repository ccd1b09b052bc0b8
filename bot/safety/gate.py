"""The gate: the English tables over every message, the French ones where there is French in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.safety.marks import Marks
from bot.safety.model import Assessment, Flag, MarksFile, Sign
from bot.safety.one_language import OneLanguage, read
from bot.safety.text import Token

FRENCH = "french"


class Gate:
    """Finds red flags in a message. Make it with :meth:`load`; it is safe to share.

    Args:
        english: The tables that read every message.
        french: The tables that read a message with a French word in it.
        marks: Tells the two languages apart.
    """

    def __init__(self, english: OneLanguage, french: OneLanguage, marks: MarksFile) -> None:
        self.tables = {"English": english.signs, "French": french.signs}
        self._english = english
        self._french = french
        self._marks = Marks(french.words, marks)

    @classmethod
    def load(cls, folder: Path) -> Gate:
        """Reads and checks the tables.

        Args:
            folder: Holds the English tables, and under ``french`` those in French.

        Raises:
            SettingError: names the file, the fault and the remedy. A gate is never half loaded.
        """
        return cls(
            OneLanguage.load(folder),
            OneLanguage.load(folder / FRENCH, elides=True),
            read(folder / FRENCH / "marks.yml", MarksFile),
        )

    @property
    def signs(self) -> tuple[Sign, ...]:
        """Every row, of either language."""
        return tuple(sign for signs in self.tables.values() for sign in signs)

    def check(self, text: str) -> Assessment:
        """Judges one message; never raises, never keeps or logs it.

        Args:
            text: As the patient sent it, of any length.
        """
        tokens = self._english.tokens(text)
        english = self._english.check(text, tokens)
        if not self._marks.any(tokens):
            return english
        words = self._french.tokens(text)
        french = self._french.check(text, list(words))
        if self._marks.is_french(words):
            return self._in_french(english, french, words)
        # "Suicide" in an English message is for the English tables, which can read its "no".
        flags = tuple(flag for flag in french.flags if self._marks.knows_alone(flag, words))
        return _joined(english, english.flags, flags)

    def _in_french(
        self, english: Assessment, french: Assessment, words: Sequence[Token]
    ) -> Assessment:
        """The opinion on a French message: where the French tables have one, it goes before.

        "Pas de suicide" holds a word that both languages have and only one can read the no of.
        What the message says in words that are English alone still counts.
        """
        flags = english.flags
        if french.flags or french.weighed:
            flags = tuple(flag for flag in flags if not self._marks.knows_all(flag, words))
        joined = _joined(english, flags, french.flags)
        # What is left of it is French as well, which nothing here can answer.
        left = "" if joined.flags else joined.remainder
        return replace(
            joined,
            remainder=left,
            weighed=french.weighed,
            is_hint=False,
            language="fr",
        )


def _joined(english: Assessment, own: Sequence[Flag], french: Sequence[Flag]) -> Assessment:
    """Both opinions in one; a sign that both find in one place is told once."""
    told = {(flag.sign, flag.end): flag for flag in (*french, *own)}
    found = tuple(sorted(told.values(), key=lambda flag: (flag.level.rank, flag.start)))
    level = found[0].level if found else None
    return replace(
        english,
        flags=found,
        level=level,
        weighed=english.weighed and not found,
        # Hints are read in English alone.
        is_hint=english.is_hint and not french,
    )
