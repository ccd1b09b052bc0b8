"""The tables of one language: read once, then messages are judged as a pure function."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bot.errors import SettingError
from bot.safety.context import View
from bot.safety.language import Lexicon, Pattern
from bot.safety.matcher import Scene
from bot.safety.model import (
    Assessment,
    ConceptFile,
    ContextFile,
    Flag,
    Sign,
    SignFile,
    SpellingFile,
)
from bot.safety.remainder import remainder
from bot.safety.rules import Finding, Rule, by_anchor, findings
from bot.safety.spelling import Speller
from bot.safety.surroundings import Context
from bot.safety.text import Token, tokenise

SIGN_FILES = ("emergency.yml", "crisis.yml", "urgent.yml")
Table = TypeVar("Table", bound=BaseModel)


class OneLanguage:
    """Finds red flags in a message of one language. Make it with :meth:`load`; safe to share.

    Args:
        elides: Whether short words lose their vowel before an apostrophe, as in French.
        signs: All rows, of all levels.
        concepts: Named lists of words.
        context: Negations, history, questions, figures of speech.
        spelling: Shorthand and ordinary words.
    """

    def __init__(
        self,
        signs: Sequence[Sign],
        concepts: ConceptFile,
        context: ContextFile,
        spelling: SpellingFile,
        elides: bool = False,
    ) -> None:
        self._elides = elides
        self.signs = tuple(sorted(signs, key=lambda sign: sign.level.rank))
        self._lexicon = Lexicon(concepts.concepts, spelling.skip, context.negates_between)
        self._context = Context(context, Lexicon(concepts.concepts, spelling.skip, ()))
        rules = [self._rule(sign) for sign in self.signs]
        self._by_anchor = by_anchor(rules)
        self._alone = {words: sign for sign in reversed(self.signs) for words in sign.alone}
        vocabulary = self._lexicon.vocabulary | self._context.lexicon.vocabulary
        self._speller = Speller(vocabulary, spelling)
        self.words = frozenset(vocabulary | spelling.shorthand.keys())

    @classmethod
    def load(cls, folder: Path, elides: bool = False) -> OneLanguage:
        """Reads and checks the tables.

        Args:
            folder: Holds ``emergency.yml``, ``crisis.yml``, ``urgent.yml``, ``concepts.yml``,
                ``context.yml`` and ``spelling.yml``.
            elides: As above.

        Raises:
            SettingError: names the file, the fault and the remedy. Tables are never half loaded.
        """
        signs = [sign for name in SIGN_FILES for sign in read(folder / name, SignFile).signs]
        ids = [sign.id for sign in signs]
        twice = sorted({sign for sign in ids if ids.count(sign) > 1})
        if twice:
            raise SettingError(
                f"Sign ids stand twice in {folder}: {', '.join(twice)}.",
                remedy="Give each sign an id of its own.",
            )
        return cls(
            signs,
            read(folder / "concepts.yml", ConceptFile),
            read(folder / "context.yml", ContextFile),
            read(folder / "spelling.yml", SpellingFile),
            elides,
        )

    def tokens(self, text: str) -> list[Token]:
        """The words of a message, as it is written."""
        return tokenise(text, self._context.leads, self._elides)

    def check(self, text: str, tokens: list[Token]) -> Assessment:
        """Judges one message; never raises, never keeps or logs it.

        Args:
            text: As the patient sent it, of any length.
            tokens: Its words, from :meth:`tokens`.
        """
        scene = Scene(self._speller.read(tokens), self._lexicon)
        if cry := self._alone.get(" ".join(scene.tokens[i].word for i in scene.reduced)):
            return Assessment((Flag(cry.level, cry.id, 0, len(text)),), cry.level, "")
        likely = self._likely(scene)
        if not likely:
            return Assessment((), None, text)
        view = View(self._context, scene)
        idioms = view.places("idioms")
        if idioms:
            scene = scene.without(idioms)
        found = [
            finding for rule, pattern in likely for finding in findings(rule, pattern, scene, view)
        ]
        if not found:
            return Assessment((), None, text, weighed=True)
        flags = _flags(found, scene)
        return Assessment(
            flags,
            flags[0].level,
            remainder(text, view.scene, found, self._context),
            is_hint=all(finding.is_hint for finding in found),
        )

    def _likely(self, scene: Scene) -> list[tuple[Rule, Pattern]]:
        """The patterns all of whose words are somewhere in the message."""
        present = scene.hits.keys()
        return [
            (rule, pattern)
            for element in present
            for rule, pattern in self._by_anchor.get(element, ())
            if pattern.needs <= present
        ]

    def _rule(self, sign: Sign) -> Rule:
        plain = map(self._lexicon.pattern, sign.patterns)
        hints = (self._lexicon.pattern(line, is_hint=True) for line in sign.hints)
        return Rule(
            sign,
            (*plain, *hints),
            tuple(map(self._context.lexicon.exception, sign.unless)),
        )


def _flags(found: Sequence[Finding], scene: Scene) -> tuple[Flag, ...]:
    flags: dict[tuple[str, int], Flag] = {}
    for sign, span, *_ in sorted(found, key=lambda item: (item.sign.level.rank, item.span)):
        start, end = scene.tokens[span.first].start, scene.tokens[span.last].end
        flags.setdefault(
            (sign.id, scene.sentence[span.first]), Flag(sign.level, sign.id, start, end)
        )
    return tuple(flags.values())


def read(path: Path, form: type[Table]) -> Table:
    """Reads and checks one table.

    Raises:
        SettingError: names the file, the fault and the remedy.
    """
    try:
        # BaseLoader: every value stays text, so that the words "no" and "on" are not booleans.
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
        return form.parse_obj(content)
    except FileNotFoundError:
        raise SettingError(
            f"{path} is missing.", remedy="Restore it; SAFETY_DIR names the folder of the tables."
        ) from None
    except yaml.YAMLError as error:
        raise SettingError(f"{path} is not valid YAML: {error}", remedy="Correct it.") from None
    except ValidationError as error:
        raise SettingError(f"{path} is wrong: {error}", remedy="Correct the rows named.") from None
