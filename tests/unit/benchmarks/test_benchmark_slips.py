from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from benchmarks.slips import SLIPS, main, row_with_slips, slip, with_slips

TEXT = "does acupuncture help with shoulder pain"


def test_the_same_seed_gives_the_same_slips() -> None:
    row = {"text": TEXT, "expect": "faq/who_benefits"}
    assert row_with_slips(row, 0.5, 1) == row_with_slips(row, 0.5, 1)
    assert row_with_slips(row, 0.5, 1) != row_with_slips(row, 0.5, 2)


def test_the_share_says_how_many_words_are_spoiled() -> None:
    assert with_slips(TEXT, 0.0, random.Random(0)) == TEXT
    words = [TEXT] * 500
    text = " ".join(words)
    spoiled = with_slips(text, 0.3, random.Random(0)).split()
    changed = sum(a != b for a, b in zip(text.split(), spoiled, strict=True))
    assert 0.25 < changed / len(spoiled) < 0.33


def test_short_words_numbers_and_addresses_stay() -> None:
    text = "i am 45 at 555-0123 or sam@example.com don't"
    assert with_slips(text, 1.0, random.Random(0)) == text


@pytest.mark.parametrize("kind", SLIPS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("at", range(4))
def test_a_slip_changes_the_length_by_one_at_most(kind: object, at: int) -> None:
    assert callable(kind)
    assert abs(len(kind("pain", at, random.Random(0))) - 4) <= 1


def test_a_letter_without_a_key_is_doubled() -> None:
    assert {slip("éééé", random.Random(seed)) for seed in range(20)} <= {"ééé", "éééé", "ééééé"}


def test_labels_stay_and_what_came_before_slips_too(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    row = {"before": [TEXT], "text": TEXT, "expect": ["faq/who_benefits"], "offer": True}
    source.write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert main([str(source), "--out", str(target), "--share", "1"]) == 0
    written = json.loads(target.read_text(encoding="utf-8"))
    assert written["text"] != TEXT
    assert written["before"] != [TEXT]
    assert {k: written[k] for k in ("expect", "offer")} == {k: row[k] for k in ("expect", "offer")}


def test_a_file_of_something_else_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"expect": "faq/who_benefits"}\n', encoding="utf-8")
    assert main([str(source), "--out", str(tmp_path / "out.jsonl")]) == 1
    assert "does not hold labelled messages" in capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()
