"""The command line: messages a second of `bot ask --jsonl` once loaded, and `bot --help`.

Prints one JSON line.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks._metrics import percentile
from benchmarks._own_data import questions
from benchmarks._processes import Place, ProcessFailed, environment, timed
from benchmarks._report import note, print_line, rounded
from benchmarks._served import BOT
from bot.errors import BotError
from bot.settings import ROOT

HELP_RUNS = 5
WARM_UP = 20


def main(argv: Sequence[str] | None = None) -> int:
    """Measures both."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--messages", type=int, default=300, help="messages to ask")
    arguments = parser.parse_args(argv)
    try:
        with tempfile.TemporaryDirectory(prefix="bench-ask-") as folder:
            place = Place(ROOT, environment(), Path(folder) / "log")
            # Asking trains when there is no model; that is another benchmark's figure.
            note("Making sure there is a model…")
            timed((BOT, "train"), place)
            note(f"Asking {arguments.messages} messages…")
            result = _ask(questions(), arguments.messages, place)
            helped = [timed((BOT, "--help"), place) for _ in range(HELP_RUNS)]
    except BotError as error:
        print(f"ask.py: {error}", file=sys.stderr)
        return 1
    print_line({**result, "help_s": rounded(statistics.median(helped), 3)})
    return 0


def _ask(texts: Sequence[str], count: int, place: Place) -> dict[str, Any]:
    asked = [texts[i % len(texts)] for i in range(count + WARM_UP)]
    lines, at, started = _answers("".join(json.dumps({"text": t}) + "\n" for t in asked), place)
    if len(lines) != len(asked):
        raise ProcessFailed("bot ask gave too few answers.", remedy=f"It printed:\n{place.tail()}")
    spent = [json.loads(line)["ms"] for line in lines[WARM_UP:]]
    return {
        "messages": count,
        "load_s": rounded(at[0] - started, 1),
        "messages_per_s": rounded(count / (at[-1] - at[WARM_UP - 1]), 1),
        "p50_ms": percentile(spent, 50),
        "p95_ms": percentile(spent, 95),
    }


def _answers(text: str, place: Place) -> tuple[list[bytes], list[float], float]:
    """The lines of `bot ask --jsonl`, when each of them came, and when it was started."""
    source = place.log.with_name("messages.jsonl")
    source.write_text(text, encoding="utf-8")
    started = time.perf_counter()
    lines, at = [], []
    with (
        source.open("rb") as messages,
        place.log.open("ab") as log,
        subprocess.Popen(
            [BOT, "ask", "--jsonl"],
            cwd=place.cwd,
            env=dict(place.env),
            stdin=messages,
            stdout=subprocess.PIPE,
            stderr=log,
        ) as process,
    ):
        for line in process.stdout or ():
            lines.append(line)
            at.append(time.perf_counter())
    return lines, at, started


if __name__ == "__main__":
    sys.exit(main())
