"""CSV files as they are published, and labels of any form on their way through Rasa."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks._labelled import LabelNames, Row, read_rows, write_rows
from benchmarks._metrics import Prediction
from benchmarks._rasa_nlu import prediction
from benchmarks.prepare_clinc import rows_of
from benchmarks.sample_banking import sample
from bot.errors import SettingError

LABELS = ["faq/does it hurt?", "faq", "Café", "a/b/c", "oos", "#1"]


def test_rows_come_back_as_they_were_written(tmp_path: Path) -> None:
    rows = [Row('two "quotes", a comma\nand a line', "a/b"), Row("ça va", "smalltalk")]
    write_rows(tmp_path / "new" / "rows.csv", rows)
    assert read_rows(tmp_path / "new" / "rows.csv") == rows


def test_columns_may_have_other_names_and_the_file_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("intent,id,utterance\nhours,7,when are you open\n", encoding="utf-8-sig")
    assert read_rows(path, "utterance", "intent") == [Row("when are you open", "hours")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("text,label\na,b\n", "no column 'category'"),
        ("text,category\n", "holds no rows"),
        ("text,category\nhello,\n", ":2 has no label"),
        ("", "no column 'text'"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingError, match=told) as caught:
        read_rows(path)
    assert str(path) in caught.value.message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"absent\.csv"):
        read_rows(tmp_path / "absent.csv")


def test_every_label_gets_a_plain_name_and_comes_back() -> None:
    names = LabelNames([*LABELS, *LABELS])
    plain = [names.name(label) for label in LABELS]
    assert len(set(plain)) == len(LABELS)
    assert all(name.isidentifier() and name.isascii() for name in plain)
    assert [names.label(name) for name in plain] == LABELS


def test_a_name_can_still_be_read() -> None:
    names = LabelNames(["card arrival", "card/arrival", "2fa", "???"])
    assert names.name("card arrival") == "card_arrival"
    assert names.name("2fa") == "_2fa"
    assert {names.name("card/arrival"), names.name("???")} == {"card_arrival_", "label"}


def test_names_do_not_depend_on_the_order_of_rows() -> None:
    assert LabelNames(LABELS).name("oos") == LabelNames(LABELS[::-1]).name("oos")


def test_a_prediction_reads_the_ranking_not_the_intent() -> None:
    names = LabelNames(["hours", "fees"])
    ranking = [
        {"name": "nlu_fallback", "confidence": 0.7},
        {"name": names.name("fees"), "confidence": 0.25},
        {"name": names.name("hours"), "confidence": 0.2},
    ]
    parsed = {"intent": {"name": "nlu_fallback", "confidence": 0.7}, "intent_ranking": ranking}
    assert prediction("hours", parsed, names) == Prediction("hours", "fees", 0.25)


@pytest.mark.parametrize("parsed", [{}, {"intent_ranking": []}])
def test_no_ranking_is_no_prediction(parsed: dict[str, object]) -> None:
    assert prediction("hours", parsed, LabelNames(["hours"])) == Prediction("hours", None, 0.0)


def test_a_sample_has_so_many_rows_of_each_label() -> None:
    rows = [Row(f"{label} {n}", label) for n in range(30) for label in ("b", "a")]
    chosen = sample([*rows, Row("only one", "c")], per_label=10, seed=0)
    assert [row.label for row in chosen] == ["a"] * 10 + ["b"] * 10 + ["c"]
    assert len(set(chosen)) == len(chosen)


def test_the_seed_decides_the_sample() -> None:
    rows = [Row(str(n), "a") for n in range(1000)]
    assert sample(rows, 10, seed=3) == sample(rows, 10, seed=3)
    assert sample(rows, 10, seed=3) != sample(rows, 10, seed=4)


def test_clinc_splits_are_joined_in_order() -> None:
    data = {"train": [["set an alarm", "alarm"]], "oos_train": [["who am i", "oos"]]}
    rows = [Row("set an alarm", "alarm"), Row("who am i", "oos")]
    assert rows_of(data, ("train", "oos_train")) == rows


@pytest.mark.parametrize("data", [{}, {"train": [["no label"]]}, {"train": 7}])
def test_another_json_file_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(SettingError, match="CLINC150"):
        rows_of(data, ("train",))
