"""The table of real phrasings in docs/booking.md, and what a reader makes of each.

`phrasings.jsonl` holds what patients write and what should be understood, decided beforehand.
`python -m tests.unit.booking.phrasings --write` puts the table into the page.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from actions.booking_desk import doors_of
from bot.booking.answers import Asked, Reading, read_answer
from bot.content import ClinicProfile
from bot.settings import ROOT, Settings

ZONE = "America/Edmonton"
NOW = datetime(2026, 11, 25, 10, tzinfo=ZoneInfo(ZONE))
PAGE = ROOT / "docs" / "booking.md"
FILE = Path(__file__).with_name("phrasings.jsonl")
BEGIN, END = "<!-- phrasings: begin -->", "<!-- phrasings: end -->"
COLUMNS = ("preferred", "name", "contact", "reason", "visit", "consent", "contact_consent", "fault")
LABELS = {"preferred": "when", "contact_consent": "by", "fault": "told"}


@dataclass(frozen=True)
class Phrasing:
    """What a patient writes.

    Attributes:
        text: The message.
        asked: The question it answers; None for a first message.
        kept: What the request held before.
        expect: The fields understood, and the fault that is told.
    """

    text: str
    asked: str | None
    kept: Mapping[str, str]
    expect: Mapping[str, str]


def phrasings() -> list[Phrasing]:
    """All of the file, in its order."""
    rows: list[dict[str, Any]] = [json.loads(line) for line in FILE.open(encoding="utf-8")]
    return [
        Phrasing(row["text"], row.get("asked"), row.get("kept", {}), row["expect"]) for row in rows
    ]


@lru_cache(maxsize=1)
def profile() -> ClinicProfile:
    """The demo clinic's."""
    return ClinicProfile.load(Settings.from_env({}).clinic_profile)


def understood(phrasing: Phrasing) -> dict[str, str]:
    """What the reader makes of it, in the form of ``Phrasing.expect``."""
    asked = Asked(phrasing.asked, False, NOW, ZONE, doors_of(profile()), "AB", None, phrasing.kept)
    return fields_of(read_answer(phrasing.text, asked))


def fields_of(reading: Reading) -> dict[str, str]:
    """The fields that have a value, and the fault."""
    fields = {name: value for name, value in reading.values.items() if value}
    return {**fields, "fault": reading.fault.value} if reading.fault else fields


def table() -> str:
    """The table as it stands in the page."""
    head = ["| patient writes | asked | understood |", "|---|---|---|"]
    return "\n".join([*head, *map(_row, phrasings())])


def _row(phrasing: Phrasing) -> str:
    fields = understood(phrasing)
    said = "; ".join(f"{LABELS.get(c, c)}: {fields[c]}" for c in COLUMNS if c in fields)
    return f"| {_cell(phrasing.text)} | {phrasing.asked or ''} | {_cell(said)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def page_with(rendered: str) -> str:
    """The page with the table between its marks."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{rendered}\n\n{END}{after}"


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    PAGE.write_text(page_with(table()), encoding="utf-8")
