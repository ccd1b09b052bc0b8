"""Adapts the encoder's last layers to the project's labels, while training, on a CPU.

The layers below stay as they are, so their output is computed once. The loss is cross-entropy over
the cosine to one prototype for each label, divided by a temperature ("cosine softmax": Wang et al.,
"NormFace", 2017); prototypes start at the mean of their examples. Examples that the untouched
encoder already places well are drawn less often, and a fifth of all states is dropped at every step
(Srivastava et al., "Dropout", 2014), so that few examples are not learnt by heart.
The optimiser is AdamW (Loshchilov & Hutter, 2019) with a linear warm-up and decay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.nlu.encoder import ADAPTED_FROM, HEADS, LAYERS, Vectors, Weights
from bot.nlu.onnx_export import LAYER_NORM_EPSILON

Indices = npt.NDArray[np.int64]

TEMPERATURE = 0.05
WEIGHT_DECAY = 0.01
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
GRADIENT_NORM = 1.0
# Prototypes start rough; the layers start good.
PROTOTYPE_RATE = 20.0
WARM_UP = 0.1
# How often an example is drawn that is already placed with certainty; 1 + this for a lost one.
EASY = 0.1
# Share of the states set to nothing at every step.
DROPPED = 0.2
# Batches are cut from this many sorted by length, so that little is padding.
POOL = 8


@dataclass(frozen=True)
class Schedule:
    """How long and how fast.

    Attributes:
        presentations: Examples shown in all, repeats counted.
        rate: Highest learning rate of the layers.
        batch: Examples in a step.
        seed: Fixes the order.
    """

    presentations: int
    rate: float = 3e-4
    batch: int = 64
    seed: int = 0


class Adapter:
    """Trains the last layers; trainings on the same weights share one, and its set-up."""

    def __init__(self, weights: Weights) -> None:
        """Starts every training from the official ``weights``."""
        self._weights = weights
        self._network: _Network | None = None

    def adapt(
        self,
        states: Sequence[Vectors],
        vectors: Vectors,
        labels: Sequence[str],
        schedule: Schedule,
    ) -> dict[str, Vectors]:
        """Trains once, whatever was trained before.

        Args:
            states: Each example's token states below the adapted layers, tokens x width.
            vectors: Each example's sentence vector by the official weights, examples x width.
            labels: Each example's label.
            schedule: How long and how fast.

        Returns:
            All weights, the last layers' changed.
        """
        names = sorted(set(labels))
        index = {name: position for position, name in enumerate(names)}
        targets = np.array([index[label] for label in labels], np.int64)
        prototypes = np.stack([vectors[targets == c].mean(axis=0) for c in range(len(names))])
        chances = _chances(vectors, prototypes, targets)
        network = self._started(prototypes)
        batches = list(_batches([len(s) for s in states], chances, schedule))
        draw = np.random.default_rng(schedule.seed)
        for step, batch in enumerate(batches):
            hidden, mask = _padded([states[i] for i in batch])
            _drop(hidden, draw)
            rate = schedule.rate * _slope(step, len(batches))
            network.learn(hidden, mask, targets[batch], rate, step + 1)
        return {**self._weights, **network.weights()}

    def _started(self, prototypes: Vectors) -> _Network:
        if self._network is None or self._network.labels != len(prototypes):
            self._network = _Network(self._weights, prototypes)
        else:
            self._network.start(self._weights, prototypes)
        return self._network


def _slope(step: int, steps: int) -> float:
    warm = max(1, int(steps * WARM_UP))
    return min((step + 1) / warm, (steps - step) / (steps - warm + 1))


def _chances(vectors: Vectors, prototypes: Vectors, targets: Indices) -> npt.NDArray[np.float64]:
    unit = prototypes / np.maximum(np.linalg.norm(prototypes, axis=1, keepdims=True), 1e-12)
    scores = (vectors @ unit.T).astype(np.float64) / TEMPERATURE
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    placed = scores[np.arange(len(targets)), targets] / scores.sum(axis=1)
    chances: npt.NDArray[np.float64] = 1.0 - placed + EASY
    chances /= chances.sum()
    return chances


def _batches(
    lengths: Sequence[int], chances: npt.NDArray[np.float64], schedule: Schedule
) -> Iterator[Indices]:
    draw = np.random.default_rng(schedule.seed)
    size = np.array(lengths)
    left = max(1, schedule.presentations // schedule.batch)
    while left > 0:
        drawn = draw.choice(len(size), schedule.batch * POOL, p=chances)
        drawn = drawn[np.argsort(size[drawn], kind="stable")]
        pool = np.split(drawn, POOL)
        draw.shuffle(pool)
        yield from pool[:left]
        left -= POOL


def _padded(states: Sequence[Vectors]) -> tuple[Vectors, Vectors]:
    longest = max(len(s) for s in states)
    hidden = np.zeros((len(states), longest, states[0].shape[1]), np.float32)
    mask = np.zeros((len(states), longest), np.float32)
    for row, state in enumerate(states):
        hidden[row, : len(state)] = state
        mask[row, : len(state)] = 1.0
    return hidden, mask


def _drop(hidden: Vectors, draw: np.random.Generator) -> None:
    """Sets states to nothing at random; the others grow so that their sum stays."""
    kept = draw.random(hidden.shape, np.float32) >= DROPPED
    hidden *= kept / np.float32(1.0 - DROPPED)


class _Network:
    """The adapted layers, the pooling and the prototypes as TensorFlow variables.

    TensorFlow is there because Rasa is; it is imported for training only.
    """

    def __init__(self, weights: Weights, prototypes: Vectors) -> None:
        import tensorflow as tf

        self._tf = tf
        prefixes = tuple(f"encoder.layer.{i}." for i in range(ADAPTED_FROM, LAYERS))
        self._layers = {n: tf.Variable(w) for n, w in weights.items() if n.startswith(prefixes)}
        self._prototypes = tf.Variable(prototypes)
        self._variables = [*self._layers.values(), self._prototypes]
        self._first = [tf.Variable(tf.zeros_like(v)) for v in self._variables]
        self._second = [tf.Variable(tf.zeros_like(v)) for v in self._variables]
        width = prototypes.shape[1]
        self._step = tf.function(
            self._learn,
            autograph=False,
            input_signature=[
                tf.TensorSpec([None, None, width], tf.float32),
                tf.TensorSpec([None, None], tf.float32),
                tf.TensorSpec([None], tf.int64),
                tf.TensorSpec([], tf.float32),
                tf.TensorSpec([], tf.float32),
            ],
        )

    @property
    def labels(self) -> int:
        return int(self._prototypes.shape[0])

    def start(self, weights: Weights, prototypes: Vectors) -> None:
        """As newly made, without tracing the step once more, which takes a second."""
        for name, variable in self._layers.items():
            variable.assign(weights[name])
        self._prototypes.assign(prototypes)
        for moment in (*self._first, *self._second):
            moment.assign(self._tf.zeros_like(moment))

    def weights(self) -> dict[str, Vectors]:
        return {name: variable.numpy() for name, variable in self._layers.items()}

    def learn(
        self, hidden: Vectors, mask: Vectors, targets: Indices, rate: float, step: int
    ) -> None:
        self._step(hidden, mask, targets, np.float32(rate), np.float32(step))

    def _learn(self, hidden: Any, mask: Any, targets: Any, rate: Any, step: Any) -> None:
        tf = self._tf
        with tf.GradientTape() as tape:
            for index in range(ADAPTED_FROM, LAYERS):
                hidden = self._layer(hidden, mask, f"encoder.layer.{index}")
            loss = self._loss(hidden, mask, targets)
        gradients = tape.gradient(loss, self._variables)
        gradients, _ = tf.clip_by_global_norm(gradients, GRADIENT_NORM)
        moved = zip(self._variables, gradients, self._first, self._second, strict=True)
        for variable, gradient, first, second in moved:
            first.assign(BETA_1 * first + (1 - BETA_1) * gradient)
            second.assign(BETA_2 * second + (1 - BETA_2) * gradient * gradient)
            mean, spread = first / (1 - BETA_1**step), second / (1 - BETA_2**step)
            change = mean / (tf.sqrt(spread) + EPSILON)
            if variable is self._prototypes:
                variable.assign_sub(PROTOTYPE_RATE * rate * change)
            else:
                variable.assign_sub(rate * (change + WEIGHT_DECAY * variable))

    def _loss(self, hidden: Any, mask: Any, targets: Any) -> Any:
        tf = self._tf
        total = tf.reduce_sum(hidden * mask[..., None], 1)
        vectors = tf.nn.l2_normalize(total / tf.reduce_sum(mask, 1, keepdims=True), -1)
        prototypes = tf.nn.l2_normalize(self._prototypes, -1)
        scores = tf.matmul(vectors, prototypes, transpose_b=True) / TEMPERATURE
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, scores)
        return tf.reduce_mean(losses)

    def _layer(self, hidden: Any, mask: Any, name: str) -> Any:
        tf = self._tf
        shape = tf.shape(hidden)
        flat = tf.reshape(hidden, [-1, hidden.shape[-1]])
        attended = self._attend(flat, mask, shape, name)
        attended = self._linear(attended, f"{name}.attention.output.dense")
        flat = self._norm(flat + attended, f"{name}.attention.output.LayerNorm")
        inner = tf.nn.gelu(self._linear(flat, f"{name}.intermediate.dense"), approximate=False)
        outer = self._linear(inner, f"{name}.output.dense")
        flat = self._norm(flat + outer, f"{name}.output.LayerNorm")
        return tf.reshape(flat, shape)

    def _attend(self, flat: Any, mask: Any, shape: Any, name: str) -> Any:
        tf = self._tf
        width = flat.shape[-1]

        def heads(part: str) -> Any:
            y = self._linear(flat, f"{name}.attention.self.{part}")
            y = tf.reshape(y, [shape[0], shape[1], HEADS, width // HEADS])
            return tf.transpose(y, [0, 2, 1, 3])

        query, key, value = heads("query"), heads("key"), heads("value")
        scores = tf.matmul(query, key, transpose_b=True) * (width // HEADS) ** -0.5
        shares = tf.nn.softmax(scores - 1e4 * (1.0 - mask[:, None, None, :]))
        mixed = tf.transpose(tf.matmul(shares, value), [0, 2, 1, 3])
        return tf.reshape(mixed, [-1, width])

    def _linear(self, x: Any, name: str) -> Any:
        y = self._tf.matmul(x, self._layers[f"{name}.weight"], transpose_b=True)
        return y + self._layers[f"{name}.bias"]

    def _norm(self, x: Any, name: str) -> Any:
        tf = self._tf
        mean, variance = tf.nn.moments(x, -1, keepdims=True)
        scaled = (x - mean) * tf.math.rsqrt(variance + LAYER_NORM_EPSILON)
        return scaled * self._layers[f"{name}.weight"] + self._layers[f"{name}.bias"]
