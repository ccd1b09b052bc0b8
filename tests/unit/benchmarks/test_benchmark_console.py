"""The benchmark of the console's pages, over few messages."""

from __future__ import annotations

import json
from argparse import Namespace

import pytest

from benchmarks import console


async def test_times_every_kind_of_page(capsys: pytest.CaptureFixture[str]) -> None:
    await console.run(Namespace(messages=60, seed=0, rounds=2, figures=False, postgres=None))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["page"] for line in lines} >= {"counting a day", *console.LISTS, *console.FIGURES}
    assert all(line["p95_ms"] > 0 and line["messages"] == 60 for line in lines)
