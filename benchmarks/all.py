"""Every benchmark, ours beside stock: a table, and JSON lines under `benchmarks/results/`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from benchmarks._labelled import read_rows, write_rows
from benchmarks._own_data import OOS_LABEL, evaluation_rows, training_rows
from benchmarks._pipelines import SYSTEMS
from benchmarks._report import machine, note, table
from benchmarks.sample_banking import sample
from bot.errors import BotError
from bot.settings import ROOT

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
# Public sets that the operator has put there; docs/benchmarks.md tells how.
PUBLIC_SETS = ROOT / "var" / "bench"
PUBLIC_OOS_LABEL = "oos"
QUICK_ROWS = 4


@dataclass(frozen=True)
class Benchmark:
    """One script with its arguments.

    Attributes:
        name: As in the results.
        command: The script's file name and its arguments.
    """

    name: str
    command: tuple[str, ...]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs them one after the other; one that fails does not keep the others from running.

    Returns:
        0, or 1 when one of them failed.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--systems", default="project,stock", help="which to measure, in order")
    parser.add_argument("--quick", action="store_true", help="only show that everything works")
    arguments = parser.parse_args(argv)
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / f"{datetime.now(timezone.utc):%Y%m%dT%H%M%SZ}.jsonl"
    _append(target, {"benchmark": "machine", **_header(argv)})
    failed = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for benchmark in _benchmarks(Path(folder), arguments.systems, arguments.quick):
            if not _run(benchmark, target):
                failed.append(benchmark.name)
    print(f"Written to {target.relative_to(ROOT)}")
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _header(argv: Sequence[str] | None) -> dict[str, Any]:
    given = sys.argv[1:] if argv is None else argv
    return {"command": " ".join(["benchmarks/all.py", *given]), **machine()}


def _benchmarks(folder: Path, systems: str, quick: bool) -> Iterator[Benchmark]:
    yield Benchmark("ask", ("ask.py", *(("--messages", "40") if quick else ())))
    yield Benchmark("gate", ("gate.py",))
    short = ("--turns", "20", "--rounds", "1") if quick else ()
    yield Benchmark("sealing", ("sealing.py", *short))
    few = ("--messages", "2000", "--rounds", "3") if quick else ()
    yield Benchmark("console", ("console.py", *few))
    epochs = ("--stock-epochs", "1") if quick else ()
    for name, train, test, oos in _sets(folder, quick):
        outside = ("--oos-label", oos) if _has_label(test, oos) else ()
        files = ("--train", str(train), "--test", str(test))
        yield Benchmark(f"nlu/{name}", ("nlu.py", *files, *outside, "--systems", systems, *epochs))
    served = ",".join(name for name in systems.split(",") if name in SYSTEMS)
    yield Benchmark("serve", ("serve.py", "--systems", served, *(("--quick",) if quick else ())))


def _sets(folder: Path, quick: bool) -> list[tuple[str, Path, Path, str]]:
    """Name, training file, test file and out-of-scope label of each labelled set."""
    train, test = folder / "own_train.csv", folder / "own_test.csv"
    rows = training_rows(), evaluation_rows()
    train_rows, asked = (sample(r, QUICK_ROWS, seed=0) for r in rows) if quick else rows
    write_rows(train, train_rows)
    write_rows(test, asked)
    own = ("own", train, test, OOS_LABEL)
    return [own] if quick else [own, *_public_sets()]


def _public_sets() -> list[tuple[str, Path, Path, str]]:
    trains = sorted(PUBLIC_SETS.glob("*_train.csv"))
    names = [path.name.removesuffix("_train.csv") for path in trains]
    tests = [path.with_name(f"{name}_test.csv") for name, path in zip(names, trains, strict=True)]
    found = zip(names, trains, tests, strict=True)
    return [(*files, PUBLIC_OOS_LABEL) for files in found if files[2].is_file()]


def _has_label(path: Path, label: str) -> bool:
    """Whether a set has such rows; a file that cannot be read is told of by its own benchmark."""
    try:
        return any(row.label == label for row in read_rows(path))
    except BotError:
        return False


def _run(benchmark: Benchmark, target: Path) -> bool:
    note(f"== {benchmark.name}")
    script, *arguments = benchmark.command
    done = subprocess.run(
        [sys.executable, HERE / script, *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    results = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    for result in results:
        _append(target, {"benchmark": benchmark.name, **result})
    print(f"{benchmark.name}\n{table(results)}\n", flush=True)
    return done.returncode == 0


def _append(target: Path, result: dict[str, Any]) -> None:
    with target.open("a", encoding="utf-8") as file:
        file.write(json.dumps(result, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
