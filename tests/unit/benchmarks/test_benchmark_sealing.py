from __future__ import annotations

import json

import pytest

from benchmarks.sealing import COMPARED, main


def test_the_same_turns_are_measured_with_encryption_and_without(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--turns", "12", "--rounds", "1"]) == 0
    sealed, clear, ratios = map(json.loads, capsys.readouterr().out.splitlines())
    assert (sealed["system"], clear["system"]) == ("sealed", "clear")
    assert sealed["turns"] == clear["turns"] == 12
    assert set(COMPARED) < set(ratios)
    # Nothing but the encryption differs, and it takes room.
    assert sealed["bytes_a_turn"] >= clear["bytes_a_turn"]
