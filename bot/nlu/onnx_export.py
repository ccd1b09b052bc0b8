"""Writes a MiniLM-style BERT encoder as two int8 ONNX graphs, without torch.

The lower graph takes ``input_ids`` and ``attention_mask`` (both int64, batch x tokens) and gives
``hidden`` (float32, batch x (1 + tokens) x width): first the message's middle vector, then the
states of its tokens after the first layers. The middle vector is their mean a layer or more below,
less the centre that all messages share, L2-normalised. The upper graph takes ``hidden`` and
``attention_mask`` and gives ``embedding`` (float32, batch x width): mean-pooled over
the attended tokens and L2-normalised, as sentence-transformers does for all-MiniLM-L6-v2. With the
middle vector beside it, it is twice as wide and their likenesses are mixed.
The cut lies where adaptation begins: what stands below it is the same for every project.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Array = npt.NDArray[np.float32]
OPSET = 20
IR_VERSION = 9
LAYER_NORM_EPSILON = 1e-12
HIDDEN = "hidden"
MASK = "attention_mask"


@dataclass
class _Graph:
    """Collects nodes and weights; every ``op`` returns the name of its output."""

    weights: Mapping[str, Array]
    nodes: list[Any] = field(default_factory=list)
    constants: dict[str, npt.NDArray[Any]] = field(default_factory=dict)

    def constant(self, name: str, value: npt.NDArray[Any]) -> str:
        self.constants.setdefault(name, value)
        return name

    def op(self, kind: str, *inputs: str, outputs: int = 1, **attributes: Any) -> Any:
        names = [f"{kind}_{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names[0] if outputs == 1 else names

    def op_named(self, kind: str, source: str, name: str, **attributes: Any) -> None:
        self.nodes.append(helper.make_node(kind, [source], [name], name=name, **attributes))

    def linear(self, x: str, *layers: str) -> Any:
        """Applies one or several linear layers side by side; the outputs are concatenated."""
        weight = np.concatenate([self.weights[f"{name}.weight"] for name in layers]).T
        bias = np.concatenate([self.weights[f"{name}.bias"] for name in layers])
        w = self.constant(f"{layers[0]}.w", np.ascontiguousarray(weight))
        b = self.constant(f"{layers[0]}.b", bias)
        return self.op("Add", self.op("MatMul", x, w), b)

    def linear_by_token(self, x: str, name: str) -> Any:
        """As ``linear`` of one layer, each token first divided by its largest number.

        All tokens of a message share one int8 scale; the largest number of any of them would
        round the others away.
        """
        last = self.constant("last", np.array([2], np.int64))
        least = self.constant("least", np.array(1e-6, np.float32))
        largest = self.op("ReduceMax", self.op("Abs", x), last, keepdims=1)
        largest = self.op("Max", largest, least)
        weight = self.constant(f"{name}.w", np.ascontiguousarray(self.weights[f"{name}.weight"].T))
        scaled = self.op("MatMul", self.op("Div", x, largest), weight)
        bias = self.constant(f"{name}.b", self.weights[f"{name}.bias"])
        return self.op("Add", self.op("Mul", scaled, largest), bias)

    def norm(self, x: str, name: str) -> Any:
        scale = self.constant(f"{name}.scale", self.weights[f"{name}.weight"])
        bias = self.constant(f"{name}.bias", self.weights[f"{name}.bias"])
        return self.op("LayerNormalization", x, scale, bias, epsilon=LAYER_NORM_EPSILON)


@dataclass(frozen=True)
class Middle:
    """Where a message's middle vector is taken.

    Attributes:
        layers: After how many transformer layers.
        centre: What is subtracted from the mean of its tokens' states, width numbers.
    """

    layers: int
    centre: Array


def export_lower(
    weights: Mapping[str, Array], layers: int, heads: int, target: Path, middle: Middle
) -> None:
    """Writes the word table and the first layers.

    Args:
        weights: The state dict of a Hugging Face ``BertModel``, float32.
        layers: How many transformer layers.
        heads: Number of attention heads.
        target: Where the float32 ONNX file goes.
        middle: Where the middle vector is taken, at most after the last of the layers.
    """
    graph = _Graph(weights)
    hidden = _embed(graph)
    bias = _attention_bias(graph)
    for index in range(layers):
        if index == middle.layers:
            vector = _middle(graph, hidden, middle.centre)
        hidden = _layer(graph, hidden, bias, f"encoder.layer.{index}", heads)
    if layers == middle.layers:
        vector = _middle(graph, hidden, middle.centre)
    hidden = graph.op("Concat", vector, hidden, axis=1)
    graph.op_named("Identity", hidden, HIDDEN)
    onnx.save(_model(graph, [_tokens("input_ids"), _tokens(MASK)], _states(HIDDEN)), str(target))


def export_upper(
    weights: Mapping[str, Array],
    layers: range,
    heads: int,
    target: Path,
    middle_share: float = 0.0,
) -> None:
    """Writes the last layers and the pooling.

    Args:
        weights: As for ``export_lower``; only these layers' are read.
        layers: Indices of the transformer layers.
        heads: Number of attention heads.
        target: Where the float32 ONNX file goes.
        middle_share: How much the middle vector counts in the cosine of two messages; 0 leaves it
            out.
    """
    graph = _Graph(weights)
    middle, tokens = _parts(graph)
    bias = _attention_bias(graph)
    for index in layers:
        tokens = _layer(graph, tokens, bias, f"encoder.layer.{index}", heads)
    vector = graph.op("LpNormalization", _mean(graph, tokens), axis=-1, p=2)
    if middle_share > 0:
        beside = _scaled(graph, middle, "middle.share", middle_share)
        vector = _scaled(graph, vector, "share", 1.0 - middle_share)
        vector = graph.op("Concat", vector, beside, axis=-1)
    graph.op_named("Identity", vector, "embedding")
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", "width"])
    onnx.save(_model(graph, [_states(HIDDEN), _tokens(MASK)], output), str(target))


def quantize(source: Path, target: Path) -> None:
    """Turns the matrix weights and the word embeddings of an ONNX file into int8."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # It advises a clean-up of the graph that this exporter's graphs have no need of.
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        quantize_dynamic(
            str(source),
            str(target),
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
        )
    finally:
        logging.disable(before)


def _embed(graph: _Graph) -> Any:
    table = graph.constant("words", graph.weights["embeddings.word_embeddings.weight"])
    positions = graph.constant("positions", graph.weights["embeddings.position_embeddings.weight"])
    kind = graph.constant("kind", graph.weights["embeddings.token_type_embeddings.weight"][0])
    words = graph.op("Gather", table, "input_ids")
    length = graph.op("Shape", "input_ids", start=1, end=2)
    zero = graph.constant("zero", np.array([0], np.int64))
    here = graph.op("Slice", positions, zero, length, zero)
    summed = graph.op("Add", graph.op("Add", words, here), kind)
    return graph.norm(summed, "embeddings.LayerNorm")


def _attention_bias(graph: _Graph) -> Any:
    """0 where a token is attended, a large negative number where it is padding."""
    mask = graph.op("Cast", MASK, to=TensorProto.FLOAT)
    axes = graph.constant("axes", np.array([1, 2], np.int64))
    one = graph.constant("one", np.array(1.0, np.float32))
    low = graph.constant("low", np.array(-1e4, np.float32))
    return graph.op("Mul", graph.op("Sub", one, graph.op("Unsqueeze", mask, axes)), low)


def _layer(graph: _Graph, x: str, bias: str, name: str, heads: int) -> Any:
    attended = graph.linear(_attend(graph, x, bias, name, heads), f"{name}.attention.output.dense")
    x = graph.norm(graph.op("Add", x, attended), f"{name}.attention.output.LayerNorm")
    inner = graph.op("Gelu", graph.linear_by_token(x, f"{name}.intermediate.dense"))
    outer = graph.linear_by_token(inner, f"{name}.output.dense")
    return graph.norm(graph.op("Add", x, outer), f"{name}.output.LayerNorm")


def _attend(graph: _Graph, x: str, bias: str, name: str, heads: int) -> Any:
    parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    size = graph.weights[f"{parts[0]}.bias"].shape[0]
    scale = graph.constant("scale", np.array((size / heads) ** -0.5, np.float32))
    split = graph.constant("split", np.array([0, 0, heads, size // heads], np.int64))
    merge = graph.constant("merge", np.array([0, 0, size], np.int64))
    q, k, v = (
        graph.op("Transpose", graph.op("Reshape", part, split), perm=perm)
        for part, perm in zip(
            graph.op("Split", graph.linear(x, *parts), outputs=3, axis=-1, num_outputs=3),
            ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]),
            strict=True,
        )
    )
    scores = graph.op("Add", graph.op("Mul", graph.op("MatMul", q, k), scale), bias)
    mixed = graph.op("MatMul", graph.op("Softmax", scores, axis=-1), v)
    return graph.op("Reshape", graph.op("Transpose", mixed, perm=[0, 2, 1, 3]), merge)


def _middle(graph: _Graph, x: str, centre: Array) -> Any:
    """A row of its own before the tokens': batch x 1 x width."""
    mean = graph.op("Sub", _mean(graph, x), graph.constant("centre", centre))
    axis = graph.constant("row", np.array([1], np.int64))
    return graph.op("Unsqueeze", graph.op("LpNormalization", mean, axis=-1, p=2), axis)


def _parts(graph: _Graph) -> tuple[Any, Any]:
    """The middle vector, batch x width, and the tokens' states."""
    axis = graph.constant("row", np.array([1], np.int64))
    first = graph.constant("first", np.array([0], np.int64))
    second = graph.constant("second", np.array([1], np.int64))
    end = graph.constant("end", np.array([np.iinfo(np.int64).max], np.int64))
    row = graph.op("Slice", HIDDEN, first, second, axis)
    return graph.op("Squeeze", row, axis), graph.op("Slice", HIDDEN, second, end, axis)


def _scaled(graph: _Graph, vector: Any, name: str, share: float) -> Any:
    """So long that the product of two such vectors is ``share`` of their cosine."""
    return graph.op("Mul", vector, graph.constant(name, np.array(share**0.5, np.float32)))


def _mean(graph: _Graph, x: str) -> Any:
    """Over the attended tokens: batch x width."""
    mask = graph.op("Cast", MASK, to=TensorProto.FLOAT)
    last = graph.constant("last", np.array([2], np.int64))
    time = graph.constant("time", np.array([1], np.int64))
    mask = graph.op("Unsqueeze", mask, last)
    total = graph.op("ReduceSum", graph.op("Mul", x, mask), time, keepdims=0)
    return graph.op("Div", total, graph.op("ReduceSum", mask, time, keepdims=0))


def _tokens(name: str) -> Any:
    return helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])


def _states(name: str) -> Any:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", "rows", "width"])


def _model(graph: _Graph, inputs: Sequence[Any], output: Any) -> Any:
    body = helper.make_graph(
        graph.nodes,
        "sentence_encoder",
        list(inputs),
        [output],
        [numpy_helper.from_array(value, name) for name, value in graph.constants.items()],
    )
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = IR_VERSION
    onnx.checker.check_model(model)
    return model
