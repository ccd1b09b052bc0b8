"""The exported graphs against the same network written down in NumPy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from bot.nlu.onnx_export import Middle, _Graph, _model, export_lower, export_upper, quantize

Array = npt.NDArray[np.float32]
HIDDEN, INNER, HEADS, LAYERS, WORDS, POSITIONS = 16, 32, 4, 3, 30, 12
CUT = 2
MIDDLE = 1
CENTRE = np.full(HIDDEN, 0.1, np.float32)


def _weights() -> dict[str, Array]:
    generator = np.random.default_rng(0)

    def draw(*shape: int) -> Array:
        return (0.3 * generator.normal(size=shape)).astype(np.float32)

    weights = {
        "embeddings.word_embeddings.weight": draw(WORDS, HIDDEN),
        "embeddings.position_embeddings.weight": draw(POSITIONS, HIDDEN),
        "embeddings.token_type_embeddings.weight": draw(2, HIDDEN),
    }
    norms = ["embeddings.LayerNorm"]
    linears: dict[str, tuple[int, int]] = {}
    for index in range(LAYERS):
        layer = f"encoder.layer.{index}"
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            linears[f"{layer}.attention.{part}"] = (HIDDEN, HIDDEN)
        linears[f"{layer}.intermediate.dense"] = (INNER, HIDDEN)
        linears[f"{layer}.output.dense"] = (HIDDEN, INNER)
    for name in norms:
        weights |= {f"{name}.weight": 1 + draw(HIDDEN), f"{name}.bias": draw(HIDDEN)}
    for name, (out, into) in linears.items():
        weights |= {f"{name}.weight": draw(out, into), f"{name}.bias": draw(out)}
    return weights


class Reference:
    """One sentence at a time, without padding."""

    def __init__(self, weights: dict[str, Array]) -> None:
        self._weights = weights

    def encode(self, ids: list[int]) -> Array:
        return _unit(self._states(ids, LAYERS).mean(axis=0))

    def middle(self, ids: list[int]) -> Array:
        return _unit(self._states(ids, MIDDLE).mean(axis=0) - CENTRE)

    def _states(self, ids: list[int], layers: int) -> Array:
        words = self._weights["embeddings.word_embeddings.weight"][ids]
        places = self._weights["embeddings.position_embeddings.weight"][: len(ids)]
        kind = self._weights["embeddings.token_type_embeddings.weight"][0]
        x = self._norm(words + places + kind, "embeddings.LayerNorm")
        for index in range(layers):
            x = self._layer(x, f"encoder.layer.{index}")
        return x

    def _layer(self, x: Array, name: str) -> Array:
        q, k, v = (
            self._linear(x, f"{name}.attention.self.{part}").reshape(len(x), HEADS, -1)
            for part in ("query", "key", "value")
        )
        scores = np.einsum("qhd,khd->hqk", q, k) / np.sqrt(HIDDEN / HEADS)
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        mixed = np.einsum("hqk,khd->qhd", shares, v).reshape(len(x), HIDDEN)
        attended = self._linear(mixed, f"{name}.attention.output.dense")
        x = self._norm(x + attended, f"{name}.attention.output.LayerNorm")
        inner = self._linear(x, f"{name}.intermediate.dense")
        outer = self._linear(_gelu(inner), f"{name}.output.dense")
        return self._norm(x + outer, f"{name}.output.LayerNorm")

    def _linear(self, x: Array, name: str) -> Array:
        y: Array = x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return y

    def _norm(self, x: Array, name: str) -> Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
        y: Array = scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return y


def _unit(x: Array) -> Array:
    y: Array = x / np.linalg.norm(x)
    return y


def _gelu(x: Array) -> Array:
    from scipy.special import erf

    y: Array = (0.5 * x * (1 + erf(x / np.sqrt(2)))).astype(np.float32)
    return y


def _run(folder: Path, ids: list[list[int]], mask: list[list[int]]) -> Array:
    lower, upper = (
        onnxruntime.InferenceSession(str(folder / name), providers=["CPUExecutionProvider"])
        for name in ("lower.onnx", "upper.onnx")
    )
    attended = {"attention_mask": np.array(mask, np.int64)}
    hidden = lower.run(None, {"input_ids": np.array(ids, np.int64), **attended})[0]
    vectors: Array = upper.run(None, {"hidden": hidden, **attended})[0]
    return vectors


@pytest.fixture(scope="module")
def weights() -> dict[str, Array]:
    return _weights()


@pytest.fixture(scope="module")
def graph(weights: dict[str, Array], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("onnx")
    export_lower(weights, CUT, HEADS, folder / "lower.onnx", Middle(MIDDLE, CENTRE))
    export_upper(weights, range(CUT, LAYERS), HEADS, folder / "upper.onnx")
    return folder


@pytest.mark.parametrize("ids", [[3], [1, 2], [5, 9, 2, 7, 7, 0], list(range(12))])
def test_the_graph_is_the_network(graph: Path, weights: dict[str, Array], ids: list[int]) -> None:
    (vector,) = _run(graph, [ids], [[1] * len(ids)])
    np.testing.assert_allclose(vector, Reference(weights).encode(ids), atol=1e-5)


def test_padding_changes_nothing(graph: Path, weights: dict[str, Array]) -> None:
    short, long = _run(graph, [[1, 2, 0, 0], [4, 5, 6, 7]], [[1, 1, 0, 0], [1, 1, 1, 1]])
    np.testing.assert_allclose(short, Reference(weights).encode([1, 2]), atol=1e-4)
    np.testing.assert_allclose(long, Reference(weights).encode([4, 5, 6, 7]), atol=1e-5)


def test_the_middle_vector_and_the_last_mix_their_cosines(
    graph: Path, weights: dict[str, Array], tmp_path: Path
) -> None:
    (tmp_path / "lower.onnx").write_bytes((graph / "lower.onnx").read_bytes())
    ids, mask = [[5, 9, 2, 7], [1, 3, 8, 6]], [[1] * 4, [1] * 4]
    alone = _run(graph, ids, mask)
    middle = np.stack([Reference(weights).middle(row) for row in ids])
    export_upper(weights, range(CUT, LAYERS), HEADS, tmp_path / "upper.onnx", 0.25)
    both = _run(tmp_path, ids, mask)
    expected = 0.75 * alone @ alone.T + 0.25 * middle @ middle.T
    np.testing.assert_allclose(both @ both.T, expected, atol=1e-5)
    width = alone.shape[1]
    np.testing.assert_allclose(both[:, :width], 0.75**0.5 * alone, atol=1e-5)


def test_int8_stays_close(graph: Path, tmp_path: Path) -> None:
    for name in ("lower.onnx", "upper.onnx"):
        quantize(graph / name, tmp_path / name)
    ids, mask = [[5, 9, 2, 7]], [[1] * 4]
    (exact,), (rounded,) = _run(graph, ids, mask), _run(tmp_path, ids, mask)
    assert float(exact @ rounded) > 0.99
    assert float(np.linalg.norm(rounded)) == pytest.approx(1.0, abs=1e-5)


def _linear_in_int8(x: Array, folder: Path, by_token: bool) -> Array:
    weights = {"w.weight": np.eye(HIDDEN, dtype=np.float32), "w.bias": np.zeros(HIDDEN, np.float32)}
    graph = _Graph(weights)
    y = graph.linear_by_token("x", "w") if by_token else graph.linear("x", "w")
    graph.op_named("Identity", y, "y")
    ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, None, HIDDEN]) for n in "xy"]
    onnx.save(_model(graph, ends[:1], ends[1]), str(folder / "float.onnx"))
    quantize(folder / "float.onnx", folder / "int8.onnx")
    session = onnxruntime.InferenceSession(str(folder / "int8.onnx"))
    result: Array = session.run(None, {"x": x[None]})[0][0]
    return result


def test_a_token_of_large_numbers_does_not_round_the_others_away(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(3, HIDDEN)).astype(np.float32)
    x[1] *= 500.0
    alone, together = (_linear_in_int8(x, tmp_path, by_token) for by_token in (True, False))
    np.testing.assert_allclose(alone[0], x[0], atol=0.03)
    assert np.abs(together[0] - x[0]).max() > 0.5


def test_a_token_of_nothing_stays_nothing(tmp_path: Path) -> None:
    x = np.zeros((2, HIDDEN), np.float32)
    x[1] = 1.0
    np.testing.assert_array_equal(_linear_in_int8(x, tmp_path, by_token=True)[0], x[0])
