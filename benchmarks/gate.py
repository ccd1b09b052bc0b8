"""The red-flag gate alone: milliseconds of processor time a message, over labelled messages.

Prints one JSON line.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks._metrics import percentile
from benchmarks._report import print_line
from bot.errors import BotError
from bot.learning.evaluation import read_cases
from bot.safety import Gate
from bot.settings import ROOT

NAMES = (
    "red_flags",
    "red_flags_sixth",
    "red_flags_seventh",
    "red_flags_eighth",
    "red_flags_ninth",
    "safety",
    "harmless_sixth",
    "harmless_seventh",
    "harmless_eighth",
    "harmless_ninth",
    "look_alikes",
    "safety_benign",
    "languages",
)
MS = 1000


def main(argv: Sequence[str] | None = None) -> int:
    """Measures all messages once, after a round that is not counted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    files = [ROOT / "tests" / "nlu" / f"{name}.jsonl" for name in NAMES]
    parser.add_argument("jsonl", nargs="*", type=Path, default=files, help="labelled messages")
    parser.add_argument("--tables", type=Path, default=ROOT / "data" / "safety")
    arguments = parser.parse_args(argv)
    try:
        gate = Gate.load(arguments.tables)
        texts = [case.text for path in arguments.jsonl for case in read_cases(path)]
    except BotError as error:
        print(f"gate.py: {error}", file=sys.stderr)
        return 1
    print_line(measure(gate, texts))
    return 0


def measure(gate: Gate, texts: Sequence[str]) -> dict[str, Any]:
    """How long the gate takes; words seen in the first round are remembered, as when serving."""
    _times(gate, texts)
    spent = _times(gate, texts)
    return {
        "messages": len(spent),
        "p50_ms": percentile(spent, 50),
        "p95_ms": percentile(spent, 95),
        "p99_ms": percentile(spent, 99),
        "max_ms": percentile(spent, 100),
    }


def _times(gate: Gate, texts: Sequence[str]) -> list[float]:
    spent = []
    for text in texts:
        # It waits for nothing: the thread's time is its own, on a busy machine too.
        started = time.thread_time()
        gate.check(text)
        spent.append((time.thread_time() - started) * MS)
    return spent


if __name__ == "__main__":
    sys.exit(main())
