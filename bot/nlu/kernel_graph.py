"""Kernel scores of one message as a small int8 ONNX graph.

A message is compared with every training example: ten thousand products of 256 numbers, which is
memory traffic more than arithmetic. In int8 there is a quarter of it. The examples are rounded
before anything is fitted to them, so that training and serving see the same points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from bot.nlu.kernel_ridge import Floats

# Seven bits: with eight, two products can overflow the sixteen bits they are added up in where
# the processor knows no VNNI.
LARGEST = 63
OPSET = 20
IR_VERSION = 9


@dataclass(frozen=True)
class Points:
    """Examples, each rounded to whole numbers times a scale of its own.

    Attributes:
        whole: int8, examples x axes, from -63 to 63.
        scales: float32, one for each example.
    """

    whole: npt.NDArray[np.int8]
    scales: Floats

    def floats(self) -> Floats:
        """The numbers the rounded ones stand for, examples x axes."""
        numbers: Floats = self.whole * self.scales[:, None]
        return numbers


def rounded(vectors: Floats) -> Points:
    """Rounds each row by its largest number."""
    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-12).astype(np.float32) / LARGEST
    whole = np.rint(vectors / scales[:, None]).astype(np.int8)
    return Points(whole, scales.astype(np.float32))


def export(axes: Floats, points: Points, alpha: Floats, gamma: float) -> bytes:
    """Writes ``exp(gamma (cos - 1)) @ alpha`` of one sentence vector and the points.

    Needs the `train` dependency group; serving does not.

    Args:
        axes: Projection of a sentence vector, hidden x axes.
        points: The training examples, projected.
        alpha: Dual weights, examples x labels.
        gamma: Sharpness of the Gaussian kernel.

    Returns:
        An ONNX model from ``vector`` (1 x hidden) to ``scores`` (1 x labels), float32.
    """
    from onnx import TensorProto, checker, helper, numpy_helper

    constants: dict[str, npt.NDArray[Any]] = {
        "axes": axes,
        "points": np.ascontiguousarray(points.whole.T),
        "scales": (points.scales * np.float32(gamma)).astype(np.float32),
        "gamma": np.array(gamma, np.float32),
        "alpha": alpha,
    }
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, width])
        for name, width in (("vector", axes.shape[0]), ("scores", alpha.shape[1]))
    ]
    held = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(_nodes(), "kernel_scores", ends[:1], ends[1:], held)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = IR_VERSION
    checker.check_model(model)
    written: bytes = model.SerializeToString()
    return written


def _nodes() -> list[Any]:
    from onnx import TensorProto
    from onnx.helper import make_node

    return [
        make_node("MatMul", ["vector", "axes"], ["projected"]),
        make_node("DynamicQuantizeLinear", ["projected"], ["whole", "scale", "zero"]),
        make_node("MatMulInteger", ["whole", "points", "zero"], ["products"]),
        make_node("Cast", ["products"], ["floats"], to=TensorProto.FLOAT),
        make_node("Mul", ["floats", "scale"], ["by_message"]),
        make_node("Mul", ["by_message", "scales"], ["cosines"]),
        make_node("Sub", ["cosines", "gamma"], ["exponents"]),
        make_node("Exp", ["exponents"], ["kernel"]),
        make_node("MatMul", ["kernel", "alpha"], ["scores"]),
    ]


class KernelGraph:
    """Runs what ``export`` wrote, on one thread."""

    def __init__(self, graph: bytes) -> None:
        """Loads the graph."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        providers = ["CPUExecutionProvider"]
        self._session = onnxruntime.InferenceSession(graph, options, providers=providers)

    def scores(self, vectors: Floats) -> Floats:
        """Scores, vectors x labels; each by itself, since a batch would share one int8 scale."""
        rows = [self._session.run(None, {"vector": vector[None]})[0] for vector in vectors]
        stacked: Floats = np.concatenate(rows)
        return stacked
