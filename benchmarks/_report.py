"""Results for people and for programs: tables, JSON lines, the machine they were made on."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

Result = Mapping[str, Any]

PACKAGES = ("rasa", "tensorflow", "scikit-learn", "onnxruntime", "sanic", "sqlalchemy")
CPU_INFO = Path("/proc/cpuinfo")


def machine() -> dict[str, Any]:
    """What a figure depends on besides the code."""
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 2),
        "os": platform.platform(),
        "python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
    }


def _cpu_model() -> str:
    if CPU_INFO.exists():
        for line in CPU_INFO.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def table(results: Sequence[Result]) -> str:
    """One column for each result, one line for each field: results have many fields."""
    fields = list(dict.fromkeys(field for result in results for field in result))
    lines = [[field, *(_cell(result.get(field)) for result in results)] for field in fields]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def ratios(ours: Result, stock: Result, fields: Sequence[str]) -> dict[str, float]:
    """Ours divided by stock, for the fields that both have and stock's is not zero."""
    return {
        field: round(ours[field] / stock[field], 3)
        for field in fields
        if ours.get(field) is not None and stock.get(field)
    }


def print_line(result: Result) -> None:
    """One JSON object on a line of standard output."""
    print(json.dumps(result, ensure_ascii=False), flush=True)


def note(text: str) -> None:
    """Progress, beside the results and never among them."""
    print(text, file=sys.stderr, flush=True)


def rounded(value: float | None, digits: int = 4) -> float | None:
    """The figure without digits nobody measured."""
    return None if value is None else round(value, digits)


@contextlib.contextmanager
def results_only() -> Iterator[None]:
    """Sends to standard error what libraries, C ones too, print to standard output meanwhile."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
