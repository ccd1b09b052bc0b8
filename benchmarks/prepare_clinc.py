"""Turns the CLINC150 set, as its authors publish it, into `train.csv` and `test.csv`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks._labelled import Row, write_rows
from benchmarks._report import note
from bot.errors import BotError, SettingError

# The published splits by file. The out-of-scope examples train a class of their own, `oos`.
FILES = {"train": ("train", "oos_train"), "test": ("test", "oos_test")}


def main(argv: Sequence[str] | None = None) -> int:
    """Writes both files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("json", type=Path, help="data_small.json, data_full.json or the like")
    parser.add_argument("--out", type=Path, required=True, help="folder for the two files")
    arguments = parser.parse_args(argv)
    try:
        data = _read(arguments.json)
        for name, splits in FILES.items():
            rows = rows_of(data, splits)
            write_rows(arguments.out / f"{name}.csv", rows)
            note(f"{name}.csv: {len(rows):,} rows")
    except BotError as error:
        print(f"prepare_clinc.py: {error}", file=sys.stderr)
        return 1
    return 0


def rows_of(data: Mapping[str, Any], splits: Sequence[str]) -> list[Row]:
    """The rows of some splits, in their order.

    Raises:
        SettingError: when a split is missing or is no list of `[text, label]`.
    """
    try:
        return [Row(str(text), str(label)) for split in splits for text, label in data[split]]
    except (LookupError, TypeError, ValueError):
        raise SettingError(
            f"The file has no splits {', '.join(splits)} of [text, label] pairs.",
            remedy="Give a JSON file of CLINC150 as published.",
        ) from None


def _read(path: Path) -> Mapping[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise SettingError(
            f"{path} is not a JSON file that can be read.", remedy="Check the path."
        ) from None
    return data if isinstance(data, dict) else {}


if __name__ == "__main__":
    sys.exit(main())
