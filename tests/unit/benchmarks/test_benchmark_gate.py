from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.gate import main


def test_it_times_each_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = tmp_path / "asked.jsonl"
    row = {"text": "my chest hurts", "expect": "safety/emergency"}
    asked.write_text(f"{json.dumps(row)}\n" * 3, encoding="utf-8")
    assert main([str(asked)]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["messages"] == 3
    assert 0 <= result["p50_ms"] <= result["p99_ms"] <= result["max_ms"]


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.jsonl")]) == 1
    assert "none.jsonl" in capsys.readouterr().err
