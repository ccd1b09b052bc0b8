"""Redacts texts: Presidio's analyzer finds, its anonymizer replaces."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

import spacy
from presidio_analyzer import AnalyzerEngine, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig

from bot.reading.english import encodable
from bot.redaction.recognisers import recognisers

# What stands in the place of each kind.
MARKS = {
    "PERSON": "[name]",
    "PHONE_NUMBER": "[phone]",
    "EMAIL": "[email]",
    "CA_POSTAL_CODE": "[postal code]",
    "CA_HEALTH_NUMBER": "[health number]",
    "LONG_NUMBER": "[number]",
    "WEB_ADDRESS": "[web address]",
    "BIRTHDAY": "[birthday]",
    "STREET_ADDRESS": "[address]",
}
LEAST_SCORE = 0.3
# As long as a patient's message may be; Presidio takes it whole.
SHORTEST_KNOWN = 3
_WORD = re.compile(r"\w+")


class _NoModel(SpacyNlpEngine):  # type: ignore[misc]
    """Presidio asks for tokens; these come without any trained model."""

    def __init__(self) -> None:
        # Nothing is mapped, since nothing is recognised here; said, so that Presidio does not warn.
        super().__init__(
            ner_model_configuration=NerModelConfiguration(
                model_to_presidio_entity_mapping={"PERSON": "PERSON"},
                low_score_entity_names=["PERSON"],
                labels_to_ignore=["O"],
            )
        )
        self.nlp = {"en": spacy.blank("en")}

    def load(self) -> None:
        """Is loaded already."""


class Redactor:
    """Replaces what tells who somebody is by what kind of thing it was."""

    def __init__(self, own: Iterable[str] = ()) -> None:
        """Reads nothing and fetches nothing.

        Args:
            own: What may stay though it looks private: the clinic's own phone and email.
        """
        self._own = [word for word in own if word]
        registry = RecognizerRegistry(recognizers=recognisers(), supported_languages=["en"])
        self._analyzer = AnalyzerEngine(registry, _NoModel(), supported_languages=["en"])
        self._anonymizer = AnonymizerEngine()
        self._marks = {
            kind: OperatorConfig("replace", {"new_value": mark}) for kind, mark in MARKS.items()
        }

    def redact(self, text: str, known: Collection[str] = ()) -> str:
        """The text with marks such as ``[phone]`` in it.

        Args:
            text: As it was written.
            known: Names that are known from elsewhere, such as a booking of the same conversation.
        """
        # Half a surrogate pair stops spaCy.
        whole = encodable(text)
        found = self._analyzer.analyze(
            whole,
            "en",
            score_threshold=LEAST_SCORE,
            allow_list=self._own,
            ad_hoc_recognizers=_of_names(known),
        )
        made = self._anonymizer.anonymize(whole, found, self._marks)
        return str(made.text)


def name_parts(names: Collection[str]) -> list[str]:
    """Names and each longer part of them, longest first: "Sam Example", "Example", "Sam"."""
    parts = {part for name in names for part in (name.strip(), *_WORD.findall(name))}
    kept = (part for part in parts if len(part) >= SHORTEST_KNOWN and not part.isdigit())
    return sorted(kept, key=lambda part: (-len(part), part))


def _of_names(known: Collection[str]) -> list[PatternRecognizer]:
    parts = name_parts(known)
    if not parts:
        return []
    return [PatternRecognizer("PERSON", deny_list=parts, deny_list_score=1.0)]
