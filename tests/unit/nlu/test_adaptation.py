"""Adaptation against the exported network: small, with weights drawn at random."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest

from bot.nlu.adaptation import Adapter, Schedule
from bot.nlu.encoder import ADAPTED_FROM, HEADS
from bot.nlu.onnx_export import export_upper

Array = npt.NDArray[np.float32]
WIDTH, INNER, EXAMPLES, LABELS = 24, 32, 60, 3
LAYERS = range(ADAPTED_FROM, 6)
SCHEDULE = Schedule(presentations=3200, rate=2e-3, batch=16)


def _weights() -> dict[str, Array]:
    generator = np.random.default_rng(0)
    weights: dict[str, Array] = {"embeddings.untouched": np.ones(3, np.float32)}

    def linear(name: str, out: int, into: int) -> None:
        weights[f"{name}.weight"] = (0.2 * generator.normal(size=(out, into))).astype(np.float32)
        weights[f"{name}.bias"] = np.zeros(out, np.float32)

    for index in LAYERS:
        layer = f"encoder.layer.{index}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            linear(f"{layer}.attention.{part}", WIDTH, WIDTH)
        linear(f"{layer}.intermediate.dense", INNER, WIDTH)
        linear(f"{layer}.output.dense", WIDTH, INNER)
        for norm in ("attention.output.LayerNorm", "output.LayerNorm"):
            weights[f"{layer}.{norm}.weight"] = np.ones(WIDTH, np.float32)
            weights[f"{layer}.{norm}.bias"] = np.zeros(WIDTH, np.float32)
    return weights


def _states() -> tuple[list[Array], list[str]]:
    """Messages of 2 to 7 tokens; what tells the labels apart is faint and in one token."""
    generator = np.random.default_rng(1)
    signs = generator.normal(size=(LABELS, WIDTH))
    states, labels = [], []
    for index in range(EXAMPLES):
        label = index % LABELS
        state = generator.normal(size=(2 + index % 6, WIDTH))
        state[0] += 1.2 * signs[label]
        states.append(state.astype(np.float32))
        labels.append(f"label {label}")
    return states, labels


def _vectors(weights: dict[str, Array], states: list[Array], folder: Path) -> Array:
    path = folder / "upper.onnx"
    export_upper(weights, LAYERS, HEADS, path)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    middle = np.zeros((1, WIDTH), np.float32)
    rows = []
    for state in states:
        mask = np.ones((1, len(state)), np.int64)
        feed = {"hidden": np.vstack([middle, state])[None], "attention_mask": mask}
        rows.append(session.run(None, feed)[0][0])
    return np.stack(rows)


def _separation(vectors: Array, labels: list[str]) -> float:
    """Mean cosine within a label less that between labels."""
    same = np.array(labels)[:, None] == np.array(labels)[None]
    likeness = vectors @ vectors.T
    return float(likeness[same].mean() - likeness[~same].mean())


def test_the_exported_network_tells_the_labels_further_apart(tmp_path: Path) -> None:
    weights, (states, labels) = _weights(), _states()
    before = _vectors(weights, states, tmp_path)
    adapted = Adapter(weights).adapt(states, before, labels, SCHEDULE)
    after = _vectors(adapted, states, tmp_path)
    assert _separation(after, labels) > 2 * _separation(before, labels)


def test_only_the_last_layers_change(tmp_path: Path) -> None:
    weights, (states, labels) = _weights(), _states()
    kept = {name: value.copy() for name, value in weights.items()}
    adapted = Adapter(weights).adapt(states, _vectors(weights, states, tmp_path), labels, SCHEDULE)
    assert adapted.keys() == weights.keys()
    for name, value in kept.items():
        np.testing.assert_array_equal(weights[name], value)
    np.testing.assert_array_equal(adapted["embeddings.untouched"], kept["embeddings.untouched"])
    changed = "encoder.layer.5.output.dense.weight"
    assert not np.array_equal(adapted[changed], kept[changed])


def test_a_seed_gives_the_same_network(tmp_path: Path) -> None:
    weights, (states, labels) = _weights(), _states()
    vectors = _vectors(weights, states, tmp_path)
    schedule = Schedule(presentations=160, batch=16, seed=3)
    adapter = Adapter(weights)
    one, two = (adapter.adapt(states, vectors, labels, schedule) for _ in range(2))
    for name in one:
        np.testing.assert_allclose(one[name], two[name], atol=1e-6)
    other = Adapter(weights).adapt(states, vectors, labels, Schedule(160, batch=16, seed=4))
    assert any(not np.allclose(one[name], other[name], atol=1e-6) for name in one)


@pytest.mark.parametrize("presentations", [1, 15, 64])
def test_a_short_schedule_is_at_least_one_step(presentations: int, tmp_path: Path) -> None:
    weights, (states, labels) = _weights(), _states()
    vectors = _vectors(weights, states, tmp_path)
    adapted = Adapter(weights).adapt(states, vectors, labels, Schedule(presentations, batch=16))
    assert all(np.isfinite(value).all() for value in adapted.values())
