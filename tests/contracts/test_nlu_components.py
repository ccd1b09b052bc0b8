"""What every component of the pipeline in config.yml must do, whatever it computes."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import class_from_module_path

from bot.nlu.decision import SUSPICION
from bot.nlu.intent_classifier import KernelIntentClassifier
from bot.nlu.red_flag_layers import LAYERS_FILE, RECORD_FILE
from bot.settings import ROOT

PIPELINE: list[dict[str, Any]] = yaml.safe_load((ROOT / "config.yml").read_text())["pipeline"]
NAMES = [str(step["name"]) for step in PIPELINE]
EXAMPLES = {
    "faq/does_it_hurt": ["does it hurt", "is it painful?", "do the needles sting", "any pain"],
    "clinic/fees": ["how much is it", "price for one visit", "what do u charge", "cost"],
    "booking/request": ["id like to book", "can i come in friday", "book me in", "appointment pls"],
    "safety/emergency": ["crushing chest pain", "i cant feel my legs", "she passed out"],
    "other/out_of_scope": ["who won the game", "order me a pizza", "weather tomorrow", "sing"],
}
# With so few learned messages the second opinion is not sure of anything.
BAR = 0.5
TEXTS = [
    "does it hurt",
    "HOW MUCH???",
    "hi",
    "",
    "   ",
    "???",
    "😀",
    "疼吗",
    "\u202eabc\u202c e\u0301 \x00",
    "x" * 20_000,
    "does it hurt " * 500,
]


RED_FLAGS = """\
emergency:
  chest_pain: ["crushing chest pain", "my chest hurts so bad", "pressure on my chest"]
urgent:
  night_pain: ["it never eases at night", "the pain keeps on all night"]
"""
LOOK_ALIKES = """\
idiom: ["this pain is killing me", "i almost died laughing"]
"""


@dataclass
class Step:
    """One component of the pipeline with what it needs to be made again."""

    name: str
    config: dict[str, Any]
    storage: LocalModelStorage
    folder: Path

    @property
    def kind(self) -> Any:
        return class_from_module_path(self.name)

    @property
    def is_trainable(self) -> bool:
        return hasattr(self.kind, "train")

    @property
    def resource(self) -> Resource:
        return Resource(self.name)

    def create(self) -> Any:
        return self.kind.create(self.config, self.storage, self.resource, self._context())

    def load(self, storage: LocalModelStorage | None = None) -> Any:
        return self.kind.load(self.config, storage or self.storage, self.resource, self._context())

    def _context(self) -> ExecutionContext:
        return ExecutionContext(GraphSchema({}), node_name=self.name)


@dataclass
class Pipeline:
    """All steps, trained in order on the same small data."""

    steps: list[Step]
    components: list[Any]

    def run(self, text: str, components: Sequence[Any] | None = None) -> Message:
        message = Message.build(text)
        for component in components or self.components:
            (message,) = component.process([message])
        return message

    def with_other(self, index: int, component: Any) -> list[Any]:
        return [*self.components[:index], component, *self.components[index + 1 :]]


def _training_data() -> TrainingData:
    pairs = [(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    return TrainingData([Message.build(text, intent=intent) for text, intent in pairs])


def _trained(folder: Path) -> Pipeline:
    data, steps, components = _training_data(), [], []
    (folder / "red_flags.yml").write_text(RED_FLAGS)
    (folder / "look_alikes.yml").write_text(LOOK_ALIKES)
    for name in (LAYERS_FILE, RECORD_FILE):
        shutil.copyfile(ROOT / "data" / "safety" / "learned" / name, folder / name)
    for index, configured in enumerate(PIPELINE):
        name = str(configured["name"])
        given = {key: value for key, value in configured.items() if key != "name"}
        config = {**class_from_module_path(name).get_default_config(), **given}
        if "messages" in config:
            config["messages"] = str(folder)
        place = folder / str(index)
        place.mkdir()
        step = Step(name, config, LocalModelStorage.create(place), place)
        component = step.create()
        if step.is_trainable:
            assert component.train(data) == step.resource
        if hasattr(component, "process_training_data"):
            data = component.process_training_data(data)
        steps.append(step)
        components.append(component)
    return Pipeline(steps, components)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return _trained(tmp_path_factory.mktemp("trained"))


@pytest.fixture(params=range(len(PIPELINE)), ids=[name.rsplit(".", 1)[1] for name in NAMES])
def index(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def step(pipeline: Pipeline, index: int) -> Step:
    return pipeline.steps[index]


def _output(message: Message) -> str:
    """Everything a component may have put on a message."""
    features = [np.asarray(f.features, np.float64).round(5).tolist() for f in message.features]
    tokens = [(token.text, token.start, token.end) for token in message.get("text_tokens") or []]
    rounded = json.loads(
        json.dumps(message.as_dict(only_output_properties=True), default=str),
        parse_float=lambda number: round(float(number), 5),
    )
    return json.dumps([features, tokens, rounded], sort_keys=True)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_the_same_text_gives_the_same_output(pipeline: Pipeline, text: str) -> None:
    assert _output(pipeline.run(text)) == _output(pipeline.run(text))


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_any_text_ends_in_a_decision(pipeline: Pipeline, text: str) -> None:
    parsed = pipeline.run(text).as_dict(only_output_properties=True)
    assert parsed["decision"]["outcome"]
    assert parsed["intent"]["name"]
    assert 0.0 <= parsed["decision"]["confidence"] <= 1.0


def test_what_was_learned_is_known(pipeline: Pipeline) -> None:
    for intent, texts in EXAMPLES.items():
        for text in texts:
            ranking = pipeline.run(text).get("intent_ranking")
            assert ranking[0]["name"] == intent, text
            assert [row["confidence"] for row in ranking] == sorted(
                (row["confidence"] for row in ranking), reverse=True
            )


def test_a_message_in_company_is_understood_as_alone(pipeline: Pipeline) -> None:
    together = [Message.build(text) for text in TEXTS]
    for component in pipeline.components:
        together = component.process(together)
    alone = [_output(pipeline.run(text)) for text in TEXTS]
    assert [_output(message) for message in together] == alone


@pytest.mark.parametrize("words", [140, 260])
def test_a_red_flag_behind_a_long_story_is_suspected(pipeline: Pipeline, words: int) -> None:
    story = " ".join(["do the needles sting and what do u charge"] * (words // 9))
    assert pipeline.run(story).get(SUSPICION)["confidence"] < BAR
    found = pipeline.run(f"{story}. {' '.join(['crushing chest pain'] * 20)}").get(SUSPICION)
    assert (found["level"], found["confidence"] > BAR) == ("emergency", True)


def test_training_again_gives_the_same_model(
    pipeline: Pipeline, tmp_path_factory: pytest.TempPathFactory
) -> None:
    again = _trained(tmp_path_factory.mktemp("again"))
    for text in TEXTS:
        assert _output(again.run(text)) == _output(pipeline.run(text))


def test_a_loaded_component_does_what_the_trained_one_did(
    pipeline: Pipeline, step: Step, index: int
) -> None:
    loaded = pipeline.with_other(index, step.load())
    for text in TEXTS:
        assert _output(pipeline.run(text, loaded)) == _output(pipeline.run(text))


def test_its_defaults_are_enough(step: Step) -> None:
    assert isinstance(step.kind.get_default_config(), dict)
    assert step.kind.create(
        step.kind.get_default_config(), step.storage, step.resource, step._context()
    )


def test_what_it_needs_stands_before_it(step: Step, index: int) -> None:
    before = [class_from_module_path(name) for name in NAMES[:index]]
    for needed in step.kind.required_components():
        assert any(issubclass(kind, needed) for kind in before), needed


def test_its_packages_are_installed(step: Step) -> None:
    from importlib.util import find_spec

    for package in step.kind.required_packages():
        assert find_spec(package), package


def test_untrained_it_leaves_messages_alone(pipeline: Pipeline, step: Step, index: int) -> None:
    untrained = pipeline.with_other(index, step.create())
    for text in TEXTS:
        message = pipeline.run(text, untrained)
        assert message.get("text") == text
        if step.is_trainable:
            assert message.get("decision")["outcome"] in {"decline", "clarify", "answer"}


def test_without_a_stored_model_it_warns_and_goes_on(
    pipeline: Pipeline,
    step: Step,
    index: int,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING, "bot.nlu"):
        component = step.load(LocalModelStorage.create(tmp_path))
    warned = [record for record in caplog.records if step.kind.__name__ in record.getMessage()]
    assert bool(warned) == step.is_trainable
    assert pipeline.run("does it hurt", pipeline.with_other(index, component)).get("decision")


def test_a_classifier_without_examples_says_nothing(pipeline: Pipeline, tmp_path: Path) -> None:
    (step,) = (one for one in pipeline.steps if issubclass(one.kind, KernelIntentClassifier))
    storage = LocalModelStorage.create(tmp_path)
    component = step.kind.create(step.config, storage, step.resource, step._context())
    component.train(TrainingData([]))
    for classifier in (component, step.load(storage)):
        message = pipeline.run(
            "does it hurt", pipeline.with_other(pipeline.steps.index(step), classifier)
        )
        assert message.get("intent_ranking") is None
        assert message.get("decision") == {"outcome": "decline", "topics": [], "confidence": 0.0}


def test_nothing_it_keeps_can_run_code(step: Step) -> None:
    kept = [path for path in step.folder.rglob("*") if path.is_file()]
    assert bool(kept) == step.is_trainable
    for path in kept:
        assert path.suffix in {".json", ".npy", ".npz", ".onnx"}, path.name
        assert not path.read_bytes().startswith(b"\x80"), f"{path.name} is a pickle"
        if path.suffix in {".npy", ".npz"}:
            np.load(path, allow_pickle=False)
