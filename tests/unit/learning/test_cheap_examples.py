from __future__ import annotations

import copy
from pathlib import Path

from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.learning.cheap_examples import cheap_examples

NLU = """
nlu:
- intent: faq/cost
  examples: |
    - how much
    - how much
    - on [friday](date)
- intent: faq/time
  examples: |
    - how much
    - how long
"""


def test_rasa_gathers_the_same_examples(tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_text(NLU, encoding="utf-8")
    plainly = _gathered(tmp_path)
    with cheap_examples():
        cheaply = _gathered(tmp_path)
    assert cheaply.fingerprint() == plainly.fingerprint()
    assert [e.data for e in cheaply.training_examples] == [
        e.data for e in plainly.training_examples
    ]
    assert len([e for e in cheaply.intent_examples if e.get("text") == "how much"]) == 2


def test_a_copy_shares_nothing_that_can_change() -> None:
    example = Message({"text": "on friday", "entities": [{"entity": "date"}]}, {"text"})
    with cheap_examples():
        twin = copy.deepcopy(example)
    twin.data["entities"][0]["entity"] = "time"
    twin.set("intent", "booking/request", add_to_output=True)
    assert example.data == {"text": "on friday", "entities": [{"entity": "date"}]}
    assert "intent" not in example.output_properties


def test_rasa_is_as_it_was_afterwards() -> None:
    before = Message.__hash__
    with cheap_examples():
        assert Message.__hash__ is not before
    assert Message.__hash__ is before
    assert not hasattr(Message, "__deepcopy__")


def _gathered(folder: Path) -> TrainingData:
    data: TrainingData = TrainingDataImporter.load_from_dict(
        {"language": "en"}, training_data_paths=[str(folder)]
    ).get_nlu_data()
    return data
