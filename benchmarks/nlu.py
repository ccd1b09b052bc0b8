"""Understanding: the project's pipeline beside stock Rasa's, on any labelled CSV.

Prints one JSON line for each system on standard output and nothing else.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks._ablations import ABLATIONS
from benchmarks._labelled import LABEL, TEXT, Row, read_rows
from benchmarks._metrics import accuracy, best_mcc, in_scope, percentile
from benchmarks._pipelines import SYSTEMS, chosen_systems, config_of
from benchmarks._rasa_nlu import Run, prepare_rasa, run
from benchmarks._report import note, print_line, results_only, rounded
from bot.errors import BotError

SECONDS_DIGITS = 1


def main(argv: Sequence[str] | None = None) -> int:
    """Trains and tests each system."""
    arguments = _parser().parse_args(argv)
    try:
        _measure(arguments)
    except BotError as error:
        print(f"nlu.py: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--train", type=Path, required=True, help="CSV to train on")
    parser.add_argument("--test", type=Path, required=True, help="CSV to test on")
    parser.add_argument("--text-col", default=TEXT, help="column with the messages")
    parser.add_argument("--label-col", default=LABEL, help="column with the labels")
    parser.add_argument("--oos-label", help="the label for messages outside all others")
    parser.add_argument("--systems", default="project,stock", help="which to measure, in order")
    parser.add_argument("--seed", type=int, default=0, help="random start or order of training")
    parser.add_argument(
        "--stock-epochs", type=int, help="instead of Rasa's own number; for trying things out"
    )
    return parser


def _measure(arguments: argparse.Namespace) -> None:
    systems = chosen_systems(arguments.systems, (*SYSTEMS, *ABLATIONS))
    train = read_rows(arguments.train, arguments.text_col, arguments.label_col)
    test = read_rows(arguments.test, arguments.text_col, arguments.label_col)
    with tempfile.TemporaryDirectory(prefix="bench-nlu-") as name:
        folder = Path(name)
        prepare_rasa(folder)
        for system in systems:
            note(f"{system}: training on {len(train):,} rows, testing on {len(test):,}…")
            config = config_of(system, arguments.seed, arguments.stock_epochs)
            with results_only():
                measured = run(config, train, test, folder / system)
            print_line(result(system, train, measured, arguments.oos_label))


def result(
    system: str, train: Sequence[Row], measured: Run, oos_label: str | None
) -> dict[str, Any]:
    """The JSON line of one system; docs/benchmarks.md explains the fields."""
    rows = measured.predictions
    best = best_mcc(rows, oos_label)
    return {
        "system": system,
        "n_train": len(train),
        "n_test": len(rows),
        "inscope_accuracy": rounded(accuracy(in_scope(rows, oos_label))),
        "accuracy": rounded(accuracy(rows)),
        "best_mcc": rounded(best.mcc),
        "best_mcc_threshold": best.threshold,
        "oos_recall_at_best_mcc": rounded(best.oos_recall),
        "inscope_accuracy_at_best_mcc": rounded(best.inscope_accuracy),
        "train_s": rounded(measured.train_s, SECONDS_DIGITS),
        "p50_ms": percentile(measured.parse_ms, 50),
        "p95_ms": percentile(measured.parse_ms, 95),
    }


if __name__ == "__main__":
    sys.exit(main())
