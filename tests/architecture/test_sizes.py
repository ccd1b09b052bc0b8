"""Files and functions that a person can read in one go."""

from __future__ import annotations

import ast

from bot.settings import ROOT

from .project import name_of, python_files, tree_of

FILE_LINES = 300
FUNCTION_LINES = 40
FILES = python_files("bot", "actions")
# A migration is one list of steps, read once and never changed afterwards.
MIGRATIONS = ROOT / "bot" / "storage" / "migrations"


def test_files_are_short() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    long = [f"{name_of(path)}: {n} lines" for path, n in lengths.items() if n > FILE_LINES]
    assert not long, f"Split what is over {FILE_LINES} lines:\n" + "\n".join(long)


def test_functions_are_short() -> None:
    functions = [
        (path, node, (node.end_lineno or 0) - node.lineno + 1)
        for path in FILES
        if MIGRATIONS not in path.parents
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = [
        f"{name_of(p)}:{f.lineno} {f.name}: {n} lines"
        for p, f, n in functions
        if n > FUNCTION_LINES
    ]
    assert functions
    assert not long, f"Split what is over {FUNCTION_LINES} lines:\n" + "\n".join(long)
