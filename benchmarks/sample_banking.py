"""Takes the same number of rows for each label of a CSV: BANKING77 with ten shots, for example."""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from benchmarks._labelled import LABEL, TEXT, Row, read_rows, write_rows
from benchmarks._report import note
from bot.errors import BotError


def main(argv: Sequence[str] | None = None) -> int:
    """Writes the sample."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("csv", type=Path, help="the training file, such as banking77_train.csv")
    parser.add_argument("--out", type=Path, required=True, help="CSV to write")
    parser.add_argument("--per-intent", type=int, default=10, help="rows for each label")
    parser.add_argument("--seed", type=int, default=0, help="which sample")
    parser.add_argument("--text-col", default=TEXT, help="column with the messages")
    parser.add_argument("--label-col", default=LABEL, help="column with the labels")
    arguments = parser.parse_args(argv)
    try:
        rows = read_rows(arguments.csv, arguments.text_col, arguments.label_col)
    except BotError as error:
        print(f"sample_banking.py: {error}", file=sys.stderr)
        return 1
    chosen = sample(rows, arguments.per_intent, arguments.seed)
    write_rows(arguments.out, chosen)
    note(f"{arguments.out.name}: {len(chosen):,} rows")
    return 0


def sample(rows: Sequence[Row], per_label: int, seed: int) -> list[Row]:
    """Draws rows without replacement.

    Args:
        rows: The whole set.
        per_label: How many of each label; a label with fewer gives all it has.
        seed: The same seed gives the same rows.

    Returns:
        The rows by label, labels in alphabetical order.
    """
    by_label: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_label[row.label].append(row)
    draw = random.Random(seed)
    return [
        row
        for label in sorted(by_label)
        for row in draw.sample(by_label[label], min(per_label, len(by_label[label])))
    ]


if __name__ == "__main__":
    sys.exit(main())
