"""Labelled messages in CSV files, and names that Rasa takes for labels of any form."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SettingError

TEXT, LABEL = "text", "category"


@dataclass(frozen=True)
class Row:
    """A message and its right label."""

    text: str
    label: str


def read_rows(path: Path, text_col: str = TEXT, label_col: str = LABEL) -> list[Row]:
    """Reads a CSV file with a header line, in UTF-8.

    Raises:
        SettingError: when the file, a column or a label is missing, or there is no row.
    """
    if not path.is_file():
        raise SettingError(f"There is no file {path}.", remedy="Give a CSV file.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(_rows(path, csv.DictReader(file), text_col, label_col))
    if not rows:
        raise SettingError(f"{path} holds no rows.", remedy="Give at least one labelled message.")
    return rows


def _rows(path: Path, reader: csv.DictReader[str], text_col: str, label_col: str) -> Iterator[Row]:
    columns = reader.fieldnames or []
    for column in (text_col, label_col):
        if column not in columns:
            raise SettingError(
                f"{path} has no column {column!r}; it has {', '.join(columns)}.",
                remedy="Name the columns with --text-col and --label-col.",
            )
    for row in reader:
        if not row[label_col]:
            raise SettingError(
                f"{path}:{reader.line_num} has no label.", remedy="Label it or take it out."
            )
        yield Row(row[text_col] or "", row[label_col])


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Writes a CSV file that `read_rows` reads with its own defaults."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((TEXT, LABEL))
        writer.writerows((row.text, row.label) for row in rows)


_NO_WORD = re.compile(r"[^A-Za-z0-9]+")


class LabelNames:
    """Plain names for labels, still readable: to Rasa a slash splits an intent, a space ends it."""

    def __init__(self, labels: Iterable[str]) -> None:
        """Goes through the labels in alphabetical order: names do not hang on row order."""
        self._names: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        for label in sorted(set(labels)):
            plain = _NO_WORD.sub("_", label).strip("_") or "label"
            plain = f"_{plain}" if plain[0].isdigit() else plain
            while plain in self._labels:
                plain += "_"
            self._names[label] = plain
            self._labels[plain] = label

    def name(self, label: str) -> str:
        """The plain name of a label."""
        return self._names[label]

    def label(self, name: str) -> str | None:
        """The label of a plain name; None for a name that is none of ours."""
        return self._labels.get(name)
