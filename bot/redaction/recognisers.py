"""What is looked for: Canadian numbers and codes, addresses of every kind, names that are given."""

from __future__ import annotations

import re
from collections.abc import Sequence

from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

from bot.reading.contact import find_emails, find_phones
from bot.reading.person import find_people
from bot.reading.signature import unannounced
from bot.redaction.given_names import find_given_names

# Kind, name of the pattern, pattern, how sure it is by itself. Where two overlap the surer wins.
_GAP = r"[ .\-\u2010-\u2015]?"
# Not the beginning of a longer number.
_END = r"(?![ .-]?\d)"
_STREETS = (
    r"(?:street|st|avenue|ave|road|rd|drive|dr|crescent|cres|boulevard|blvd|lane|ln|court|crt|"
    r"place|pl|way|trail|tr|close|cl|gate|terrace|terr|point|pt|bay|green|heights|highway|hwy)"
)
PATTERNS: tuple[tuple[str, str, str, float], ...] = (
    # Canada Post: no D, F, I, O, Q or U; W and Z never come first. O is often typed for 0.
    (
        "CA_POSTAL_CODE",
        "code",
        rf"\b[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]{_GAP}\d[ABCEGHJ-NPRSTV-Z]\d\b",
        0.9,
    ),
    # Quebec: four letters of the name, then the birthday; Ontario: ten digits and two letters.
    ("CA_HEALTH_NUMBER", "Quebec", rf"\b[A-Z]{{3,4}}{_GAP}\d{{4}}{_GAP}\d{{4}}\b{_END}", 0.9),
    (
        "CA_HEALTH_NUMBER",
        "Ontario",
        rf"\b\d{{4}}{_GAP}\d{{3}}{_GAP}\d{{3}}{_GAP}[A-Z]{{2}}\b",
        0.95,
    ),
    ("CA_HEALTH_NUMBER", "British Columbia", rf"\b9\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{3}}\b", 0.5),
    # Alberta, and nine digits however they are parted: no other number of a patient has nine.
    ("CA_HEALTH_NUMBER", "Alberta", rf"\b\d{{5}}{_GAP}\d{{4}}\b{_END}", 0.9),
    ("CA_HEALTH_NUMBER", "nine digits", rf"\b\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{3}}\b{_END}", 0.85),
    ("LONG_NUMBER", "many digits", rf"\b\d(?:{_GAP}\d){{7,18}}\b", 0.3),
    ("WEB_ADDRESS", "address", r"\bhttps?://[^\s<>\"]+|\bwww\.[^\s<>\"]+", 0.8),
    ("WEB_ADDRESS", "handle", r"(?<![\w@.])@[A-Za-z]\w{2,29}\b", 0.6),
    ("EMAIL", "email", r"[^\s<>,;:()\"']+@[^\s<>,;:()\"']+\.[^\W\d_]{2,}", 0.95),
    (
        "BIRTHDAY",
        "birthday",
        r"\b(?:born(?: on)?|d\.?o\.?b\.?|date of birth|birth ?day)\b[\s:is]*"
        r"(?:\d{1,4}[-/. ]\w{1,9}[-/. ]\d{1,4}|\w{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{2,4})",
        0.9,
    ),
    (
        "STREET_ADDRESS",
        "street",
        rf"\b(?:(?:apt|unit|suite|#)\.? ?\d+[a-z]?[\s,-]+)?\d{{1,6}}[a-z]?[ -]"
        rf"(?:[\w']+ ){{0,3}}{_STREETS}\b"
        r"\.?(?: (?:nw|ne|sw|se|north|south|east|west|n|s|e|w)\b)?",
        0.7,
    ),
)
NAME_SURE, NAME_LIKELY = 0.9, 0.6
# A number that is no house's: "10 minute drive", "2 years to court".
_NO_HOUSE = frozenset(
    re.findall(
        r"\w+",
        "min mins minute minutes hour hours hr hrs day days week weeks month months year years "
        "more other times session sessions visit visits needle needles people km",
    )
)


class StreetRecogniser(PatternRecognizer):  # type: ignore[misc]  # Presidio carries no types
    """Streets with a house number, but no "10 minute drive"."""

    def invalidate_result(self, pattern_text: str) -> bool:
        """Whether the words after the number count something else."""
        return not _NO_HOUSE.isdisjoint(pattern_text.lower().replace("-", " ").split())


class NameRecogniser(EntityRecognizer):  # type: ignore[misc]
    """Names as patients give them: "my name is", "it's", before a phone, after "thanks"."""

    def __init__(self) -> None:
        super().__init__(supported_entities=["PERSON"], supported_language="en")

    def load(self) -> None:
        """Needs nothing."""

    def analyze(
        self, text: str, entities: Sequence[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Where names stand."""
        contacts = [(found[0], found[1]) for found in (*find_phones(text), *find_emails(text))]
        found = [(start, end, NAME_SURE) for start, end, _ in find_people(text)]
        found += [(start, end, NAME_LIKELY) for start, end in unannounced(text, contacts)]
        found += [(start, end, NAME_LIKELY) for start, end in find_given_names(text)]
        return [RecognizerResult("PERSON", start, end, score) for start, end, score in found]


def recognisers() -> list[EntityRecognizer]:
    """All of them, for one Presidio registry."""
    made: list[EntityRecognizer] = [PhoneRecognizer(supported_regions=("CA",), leniency=0)]
    kinds = dict.fromkeys(kind for kind, *_ in PATTERNS)
    for kind in kinds:
        patterns = [Pattern(name, regex, score) for k, name, regex, score in PATTERNS if k == kind]
        recogniser = StreetRecogniser if kind == "STREET_ADDRESS" else PatternRecognizer
        made.append(recogniser(supported_entity=kind, patterns=patterns))
    return [*made, NameRecogniser()]
