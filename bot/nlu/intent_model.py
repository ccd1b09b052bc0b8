"""The classifier itself, free of Rasa: sentence vectors and n-grams in, probabilities out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.held_out import held_out
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
            blind_vectors: The same by an encoder that saw no label of the examples kept aside
                (``held_out``); ``vectors`` when left out, which is fair for an encoder that saw
                no labels at all.

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
        self._axes = _as_stored(principal_axes(vectors, int(self._options["axes"])))
        projected = _as_stored(vectors[order] @ self._axes)
        kernel = self._kernel(projected, shared)
        solver = self._solver(kernel)
        known = len(labels) - int(aside.sum())
        blind, only_known = kernel, solver
        if blind_vectors is not None:
            blind = self._kernel(blind_vectors[order], shared)
            only_known = self._solver(blind[:known, :known])
        accuracy = self._calibrate(blind, only_known, targets, known)
        self._keep(projected, solver.fit(targets, len(self.labels)), grams)
        return accuracy

    def _solver(self, kernel: Floats) -> Solver:
        return Solver(kernel, self._options["ridge"])

    def _kernel(self, vectors: Floats, shared: Floats) -> Floats:
        kernel = rbf(vectors, vectors, self._options["gamma"])
        kernel += shared
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

    def _keep(self, projected: Floats, alpha: Floats, grams: Any) -> None:
        self._vectors = projected
        self._alpha = alpha
        self._gram_weights = _as_stored(np.asarray(grams.T @ alpha))

    def probabilities(self, texts: Sequence[str], vectors: Floats) -> Floats:
        """Calibrated probabilities, texts x labels."""
        projected = vectors @ self._axes
        scores = rbf(projected, self._vectors, self._options["gamma"]) @ self._alpha
        for index, text in enumerate(texts):
            columns, values = self._ngrams.vector(normalise(text))
            scores[index] += values @ self._gram_weights[columns]
        return softmax(scores, self.temperature)

    def save(self, folder: Path) -> None:
        """Writes arrays and JSON; nothing in it can run code when it is read.

        The large arrays are stored in half precision: the archive is packed in half the time.
        """
        self._ngrams.save(folder)
        meta = {"labels": self.labels, "temperature": self.temperature, "options": self._options}
        (folder / "intent_model.json").write_text(json.dumps(meta), encoding="utf-8")
        np.savez(
            folder / "intent_model.npz",
            axes=self._axes.astype(np.float16),
            vectors=self._vectors.astype(np.float16),
            alpha=self._alpha,
            gram_weights=self._gram_weights.astype(np.float16),
        )

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Reads what ``save`` wrote."""
        meta = json.loads((folder / "intent_model.json").read_text(encoding="utf-8"))
        model = cls(meta["options"])
        model._ngrams.load(folder)
        model.labels, model.temperature = meta["labels"], meta["temperature"]
        with np.load(folder / "intent_model.npz", allow_pickle=False) as arrays:
            model._axes = arrays["axes"].astype(np.float32)
            model._vectors = arrays["vectors"].astype(np.float32)
            model._alpha = arrays["alpha"]
            model._gram_weights = arrays["gram_weights"].astype(np.float32)
        return model


def _as_stored(array: Floats) -> Floats:
    """Rounded to half precision at once, so that a loaded model says the same to the last digit."""
    rounded: Floats = np.ascontiguousarray(array.astype(np.float16), np.float32)
    return rounded
