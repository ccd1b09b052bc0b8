from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest

from bot.nlu.intent_model import DEFAULTS, GRAPH_FILE, IntentModel
from bot.nlu.kernel_ridge import Floats
from bot.nlu.ngrams import Ngrams

TEXTS = {
    "faq/does_it_hurt": [
        "does it hurt",
        "is it painful",
        "do the needles hurt",
        "will i feel pain",
    ],
    "clinic/fees": ["how much is it", "what does it cost", "price of a visit", "fees please"],
    "clinic/hours": ["when are you open", "opening hours", "are you open sunday", "closing time"],
}
SAYING_NOTHING = np.eye(1, 16, dtype=np.float32)
EXAMPLES = [(text, topic) for topic, texts in TEXTS.items() for text in texts]


def _vectors(count: int, seed: int = 0) -> Floats:
    """Unit vectors at right angles to ``SAYING_NOTHING``."""
    drawn = np.random.default_rng(seed).normal(size=(count, 16))
    drawn[:, 0] = 0.0
    unit: Floats = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    return unit


def _model() -> IntentModel:
    model = IntentModel(dict(DEFAULTS))
    texts, labels = zip(*EXAMPLES, strict=True)
    model.train(texts, _vectors(len(texts)), labels)
    return model


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return _model()


def test_each_text_gets_a_probability_for_every_label(model: IntentModel) -> None:
    probabilities = model.probabilities(["does it hurt", "???"], _vectors(2, seed=1))
    assert model.labels == sorted(TEXTS)
    assert probabilities.shape == (2, 3)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, rtol=1e-5)


def test_words_decide_when_the_vector_says_nothing(model: IntentModel) -> None:
    texts = ["DOES IT HURTT??", "costs of visit", "open on sundays?"]
    best = model.probabilities(texts, SAYING_NOTHING.repeat(3, axis=0)).argmax(axis=1)
    labels = [model.labels[index] for index in best]
    assert labels == ["faq/does_it_hurt", "clinic/fees", "clinic/hours"]


def test_the_vector_decides_when_the_words_say_nothing(model: IntentModel) -> None:
    vectors = _vectors(len(EXAMPLES))
    best = model.probabilities(["zzzz"] * len(EXAMPLES), vectors).argmax(axis=1)
    assert [model.labels[index] for index in best] == [topic for _, topic in EXAMPLES]


def test_training_is_deterministic(model: IntentModel) -> None:
    texts, vectors = ["is it sore"], _vectors(1, seed=2)
    again = _model()
    assert again.temperature == model.temperature
    np.testing.assert_array_equal(
        again.probabilities(texts, vectors), model.probabilities(texts, vectors)
    )


def test_a_saved_model_says_the_same(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path)
    texts, vectors = ["is it sore", "", "疼吗"], _vectors(3, seed=3)
    np.testing.assert_allclose(
        loaded.probabilities(texts, vectors), model.probabilities(texts, vectors), rtol=1e-5
    )
    assert loaded.labels == model.labels


def test_nothing_in_a_saved_model_can_run_code(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert {Path(name).suffix for name in names} == {".json", ".npy", ".onnx"}
    for path in tmp_path.glob("*.np*"):
        assert np.load(path, allow_pickle=False).dtype != object
    domains = {node.domain for node in onnx.load(tmp_path / GRAPH_FILE).graph.node}
    assert domains == {""}


def test_each_block_of_ngrams_weighs_what_it_was_given() -> None:
    grams = Ngrams(0.3, 0.2)
    fitted = grams.fit(["does it hurt", "how much is it", "does it hurt"])
    kernel = (fitted @ fitted.T).toarray()
    np.testing.assert_allclose(np.diag(kernel), 0.5, rtol=1e-5)
    assert kernel[0, 2] == pytest.approx(0.5, rel=1e-5)
    assert kernel[0, 1] < 0.3


def test_unknown_words_make_an_empty_row() -> None:
    grams = Ngrams(0.3, 0.2)
    grams.fit(["does it hurt"])
    for text in ("疼", ""):
        columns, values = grams.vector(text)
        assert columns.size == values.size == 0


def test_a_single_vector_is_the_row_the_matrix_has() -> None:
    texts = ["does it hurt", "how much is it", "will it hurt a lot, a lot?"]
    grams = Ngrams(0.3, 0.2)
    fitted = grams.fit(texts).toarray()
    for row, text in zip(fitted, texts, strict=True):
        columns, values = grams.vector(text)
        single = np.zeros_like(row)
        single[columns] = values
        np.testing.assert_allclose(single, row, atol=1e-6)
