"""The classifier itself, free of Rasa: sentence vectors and n-grams in, probabilities out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.held_out import calibration_sample, held_out
from bot.nlu.kernel_graph import KernelGraph, Points, export, rounded
from bot.nlu.kernel_ridge import Floats, Labels, Solver, calibrate, rbf, softmax
from bot.nlu.ngrams import Ngrams, likeness
from bot.nlu.principal_axes import principal_axes
from bot.nlu.text import normalise

DEFAULTS: dict[str, float] = {
    "gamma": 3.0,
    "characters": 0.2,
    "words": 0.15,
    "ridge": 0.1,
    "axes": 256,
}
# With fewer examples kept aside a temperature would be a guess; this one is usual for this model.
MIN_HELD_OUT = 20
UNCALIBRATED = 16.0
GRAPH_FILE = "kernel.int8.onnx"


class IntentModel:
    """Kernel ridge over an RBF of sentence vectors plus a linear kernel of n-grams."""

    def __init__(self, options: dict[str, float]) -> None:
        self._options = options
        self._ngrams = Ngrams(options["characters"], options["words"])
        self.labels: list[str] = []
        self.temperature = UNCALIBRATED

    def train(
        self,
        texts: Sequence[str],
        vectors: Floats,
        labels: Sequence[str],
        blind_vectors: Floats | None = None,
    ) -> float | None:
        """Fits on all examples; calibrates on those kept aside from a fit made for it.

        Args:
            texts: Training messages.
            vectors: Their sentence vectors, texts x hidden, unit length.
            labels: Their intents.
            blind_vectors: Those of ``calibration_sample``, known ones first, by an encoder that
                saw no label of those kept aside; without them ``vectors`` are used, which is fair
                for an encoder that saw no labels.

        Returns:
            Accuracy on the examples kept aside; None when there are too few to calibrate on.
        """
        self.labels = sorted(set(labels))
        # Those kept aside stand last, so that the fit without them is a part of the whole one.
        aside = held_out(labels)
        order = np.argsort(aside, kind="stable")
        index = {label: position for position, label in enumerate(self.labels)}
        targets = np.array([index[labels[i]] for i in order], np.int64)
        grams = self._ngrams.fit([normalise(texts[i]) for i in order])
        shared = likeness(grams)
        known = len(labels) - int(aside.sum())
        axes, points = self._points(vectors[order])
        kernel = self._kernel(points, len(order), shared)
        solver = Solver(kernel, self._options["ridge"])
        self._keep(axes, points, solver.fit(targets, len(self.labels)), grams)
        if blind_vectors is None:
            return self._calibrate(kernel, solver, targets, known)
        del solver, kernel  # Each is hundreds of megabytes.
        sample = calibration_sample(labels)
        known, place = len(sample[0]), np.argsort(order)[np.concatenate(sample)]
        blind = shared[np.ix_(place, place[:known])]
        return self._calibrate_blind(blind_vectors, blind, targets[place], known)

    def _calibrate_blind(
        self, vectors: Floats, shared: Floats, targets: Labels, known: int
    ) -> float | None:
        _, points = self._points(vectors)
        kernel = self._kernel(points, known, shared)
        solver = Solver(kernel[:known], self._options["ridge"])
        return self._calibrate(kernel, solver, targets, known)

    def _points(self, vectors: Floats) -> tuple[Floats, Points]:
        axes = principal_axes(vectors, int(self._options["axes"]))
        return axes, rounded(vectors @ axes)

    def _kernel(self, points: Points, columns: int, shared: Floats) -> Floats:
        """Of all examples and the first of them."""
        numbers = points.floats()
        kernel = rbf(numbers, numbers[:columns], self._options["gamma"])
        kernel += shared[:, :columns]
        return kernel

    def _calibrate(
        self, kernel: Floats, solver: Solver, targets: Labels, known: int
    ) -> float | None:
        if len(targets) - known < MIN_HELD_OUT:
            return None
        alpha = solver.fit(targets[:known], len(self.labels))
        scores = kernel[known:, :known] @ alpha
        self.temperature = calibrate(scores, targets[known:])
        return float((scores.argmax(axis=1) == targets[known:]).mean())

    def _keep(self, axes: Floats, points: Points, alpha: Floats, grams: Any) -> None:
        self._exported = export(axes, points, alpha, self._options["gamma"])
        self._graph = KernelGraph(self._exported)
        self._gram_weights = _as_stored(np.asarray(grams.T @ alpha))

    def probabilities(self, texts: Sequence[str], vectors: Floats) -> Floats:
        """Calibrated probabilities, texts x labels."""
        scores = self._graph.scores(vectors)
        for index, text in enumerate(texts):
            columns, values = self._ngrams.vector(normalise(text))
            scores[index] += values @ self._gram_weights[columns]
        return softmax(scores, self.temperature)

    def save(self, folder: Path) -> None:
        """Writes a graph, arrays and JSON; nothing in it can run code when it is read.

        The n-grams' weights are stored in half precision: it is packed in half the time.
        """
        self._ngrams.save(folder)
        meta = {"labels": self.labels, "temperature": self.temperature, "options": self._options}
        (folder / "intent_model.json").write_text(json.dumps(meta), encoding="utf-8")
        (folder / GRAPH_FILE).write_bytes(self._exported)
        np.save(folder / "gram_weights.npy", self._gram_weights.astype(np.float16))

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Reads what ``save`` wrote."""
        meta = json.loads((folder / "intent_model.json").read_text(encoding="utf-8"))
        model = cls(meta["options"])
        model._ngrams.load(folder)
        model.labels, model.temperature = meta["labels"], meta["temperature"]
        model._exported = (folder / GRAPH_FILE).read_bytes()
        model._graph = KernelGraph(model._exported)
        weights = np.load(folder / "gram_weights.npy", allow_pickle=False)
        model._gram_weights = weights.astype(np.float32)
        return model


def _as_stored(array: Floats) -> Floats:
    """Rounded to half precision at once, so that a loaded model says the same to the last digit."""
    rounded: Floats = np.ascontiguousarray(array.astype(np.float16), np.float32)
    return rounded
