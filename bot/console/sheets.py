"""Tables that stand behind pictures: shown in the page, and written as a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from bot.booking.formats.csv import guarded
from bot.console.figure_words import day_words, percent, spoken

Kind = Literal["words", "day", "moment", "count", "share", "seconds"]
Value: TypeAlias = str | int | float | date | datetime | None


@dataclass(frozen=True)
class Column:
    """A column.

    Attributes:
        name: Its heading.
        kind: How its values are written.
    """

    name: str
    kind: Kind = "count"

    @property
    def is_number(self) -> bool:
        """Whether it stands to the right."""
        return self.kind in {"count", "share", "seconds"}

    def shown(self, value: Value) -> str:
        """A value as people read it."""
        if self.kind == "seconds":
            return spoken(_number(value))
        if self.kind == "share":
            return percent(_number(value))
        if isinstance(value, date):
            return day_words(value)
        return f"{value:,}" if isinstance(value, int) else "–" if value is None else str(value)

    def written(self, value: Value) -> str:
        """A value as programs read it; words cannot be a formula."""
        if value is None:
            return ""
        if isinstance(value, datetime):
            return value.isoformat(timespec="minutes")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, float):
            return f"{value:.4f}" if self.kind == "share" else f"{value:.3f}"
        return str(value) if isinstance(value, int) else guarded(value)


@dataclass(frozen=True)
class Sheet:
    """A table.

    Attributes:
        name: Its file's, without the ending.
        caption: What it shows.
        columns: From the left.
        rows: One value for each column.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]

    def as_csv(self) -> str:
        """As RFC 4180 has it; times are seconds."""
        sheet = io.StringIO()
        writer = csv.writer(sheet)
        seconds = {"seconds": " (s)"}
        writer.writerow(guarded(c.name + seconds.get(c.kind, "")) for c in self.columns)
        for row in self.rows:
            writer.writerow(
                column.written(value) for column, value in zip(self.columns, row, strict=True)
            )
        return sheet.getvalue()


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) else None
