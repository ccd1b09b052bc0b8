"""The stock side of the comparison: Rasa's own files, and a whole project like a user's."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from benchmarks._own_data import evaluation_rows, nlu_items, questions, training_rows
from benchmarks._pipelines import SEEDED, chosen_systems, project_config, stock_config
from benchmarks._stock_project import plain_name, write_stock_project
from bot.errors import SettingError
from bot.settings import ROOT


def test_the_project_is_measured_with_its_own_configuration_as_it_is() -> None:
    assert project_config() == yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))


def test_the_stock_pipeline_is_the_one_rasa_fills_in() -> None:
    config = stock_config(seed=7)
    names = [component["name"] for component in config["pipeline"]]
    assert names == [
        "WhitespaceTokenizer",
        "RegexFeaturizer",
        "LexicalSyntacticFeaturizer",
        "CountVectorsFeaturizer",
        "CountVectorsFeaturizer",
        "DIETClassifier",
        "EntitySynonymMapper",
        "ResponseSelector",
        "FallbackClassifier",
    ]
    diet = config["pipeline"][5]
    assert (diet["epochs"], diet["random_seed"]) == (100, 7)


def test_epochs_are_changed_only_where_there_are_any() -> None:
    config = stock_config(seed=0, epochs=2)
    changed = {c["name"] for c in [*config["pipeline"], *config["policies"]] if "epochs" in c}
    assert changed == {name for name in SEEDED if not name.startswith("bot.")}


@pytest.mark.parametrize("text", ["projekt", "", "project,diet"])
def test_an_unknown_system_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match="project, stock"):
        chosen_systems(text)


def test_the_stock_project_knows_every_topic_and_every_example(tmp_path: Path) -> None:
    write_stock_project(tmp_path, seed=0)
    read = {p.name: yaml.safe_load(p.read_text(encoding="utf-8")) for p in tmp_path.rglob("*.yml")}
    intents = [plain_name(item["intent"]) for item in nlu_items()]
    assert len(set(intents)) == len(intents)
    assert [item["intent"] for item in read["nlu.yml"]["nlu"]] == intents
    assert read["domain.yml"]["intents"] == intents
    examples = [line for i in read["nlu.yml"]["nlu"] for line in i["examples"].splitlines()]
    assert [line.removeprefix("- ") for line in examples] == [row.text for row in training_rows()]


def test_every_intent_of_the_stock_project_has_a_rule_with_words(tmp_path: Path) -> None:
    write_stock_project(tmp_path, seed=0, per_intent=1)
    domain = yaml.safe_load((tmp_path / "domain.yml").read_text(encoding="utf-8"))
    rules = yaml.safe_load((tmp_path / "data" / "rules.yml").read_text(encoding="utf-8"))["rules"]
    answered = {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in rules}
    assert set(answered) == {*domain["intents"], "nlu_fallback"}
    assert all(domain["responses"][action][0]["text"].strip() for action in answered.values())


def test_the_load_asks_questions_only() -> None:
    booking = {
        row.text for row in evaluation_rows() if row.label.startswith(("booking/", "safety/"))
    }
    assert len(questions()) > len(booking) > 0
    assert not booking & set(questions())
