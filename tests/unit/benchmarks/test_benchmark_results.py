"""What a run hands out, and the processes it measures."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from benchmarks._labelled import Row
from benchmarks._metrics import Prediction
from benchmarks._processes import Place, ProcessFailed, environment, group_rss_mb, timed
from benchmarks._rasa_nlu import Run
from benchmarks._report import ratios, results_only, table
from benchmarks.nlu import main, result

FIELDS = [
    "system",
    "n_train",
    "n_test",
    "inscope_accuracy",
    "accuracy",
    "best_mcc",
    "best_mcc_threshold",
    "oos_recall_at_best_mcc",
    "inscope_accuracy_at_best_mcc",
    "train_s",
    "p50_ms",
    "p95_ms",
]


def test_a_line_of_the_understanding_benchmark_has_exactly_these_fields() -> None:
    measured = Run([Prediction("a", "a", 0.9), Prediction("oos", "a", 0.1)], 12.34, [3.0, 5.0])
    line = result("project", [Row("hello", "a")] * 3, measured, "oos")
    assert list(line) == FIELDS
    assert (line["n_train"], line["n_test"], line["train_s"]) == (3, 2, 12.3)
    assert (line["inscope_accuracy"], line["accuracy"]) == (1.0, 0.5)
    assert (line["oos_recall_at_best_mcc"], line["p50_ms"]) == (1.0, 4.0)


def test_a_missing_file_is_told_on_standard_error(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["--train", str(tmp_path / "no.csv"), "--test", str(tmp_path / "no.csv")]) == 1
    printed = capfd.readouterr()
    assert printed.out == ""
    assert "no.csv" in printed.err


def test_what_libraries_print_does_not_reach_the_results(capfd: pytest.CaptureFixture[str]) -> None:
    with results_only():
        os.write(1, b"a library\n")
    os.write(1, b"a result\n")
    printed = capfd.readouterr()
    assert printed.out == "a result\n"
    assert printed.err == "a library\n"


def test_ratios_leave_out_what_one_side_did_not_measure() -> None:
    ours = {"messages_per_s": 30.0, "rss_mb": None, "p50_ms": 4.0, "ready_s": 1.0}
    stock = {"messages_per_s": 20.0, "rss_mb": 500.0, "p50_ms": 8.0, "ready_s": 0.0}
    assert ratios(ours, stock, list(ours)) == {"messages_per_s": 1.5, "p50_ms": 0.5}


def test_a_table_has_a_column_for_each_result() -> None:
    shown = table([{"system": "project", "n": 7500}, {"system": "stock", "p50_ms": None}])
    assert [line.split() for line in shown.splitlines()] == [
        ["system", "project", "stock"],
        ["n", "7,500", "-"],
        ["p50_ms", "-", "-"],
    ]


def test_no_setting_of_the_operator_reaches_a_measured_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/clinic")
    monkeypatch.setenv("TURN_DEADLINE", "1")
    env = environment(RATE_LIMIT="9/second")
    assert env["RATE_LIMIT"] == "9/second"
    assert not {"DATABASE_URL", "TURN_DEADLINE"} & set(env)


def test_a_command_that_fails_shows_what_it_printed(tmp_path: Path) -> None:
    place = Place(tmp_path, environment(), tmp_path / "log")
    command = (sys.executable, "-c", "import sys; sys.exit('no such model')")
    with pytest.raises(ProcessFailed, match="no such model"):
        timed(command, place)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="there is no /proc to read it from")
def test_memory_is_that_of_a_process_group() -> None:
    ours = group_rss_mb(os.getpgrp())
    assert ours is not None
    assert ours > 10
    # Process groups are numbered upwards from 1.
    assert group_rss_mb(-1) == 0.0
