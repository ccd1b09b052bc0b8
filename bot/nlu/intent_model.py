"""The classifier itself, free of Rasa: sentence vectors and n-grams in, probabilities out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.kernel_ridge import Floats, calibrate, fit, rbf, softmax
from bot.nlu.ngrams import Ngrams
from bot.nlu.text import normalise

DEFAULTS: dict[str, float] = {"gamma": 2.0, "characters": 0.3, "words": 0.2, "ridge": 0.1}


class IntentModel:
    """Kernel ridge over an RBF of sentence vectors plus a linear kernel of n-grams."""

    def __init__(self, options: dict[str, float]) -> None:
        self._options = options
        self._ngrams = Ngrams(options["characters"], options["words"])
        self.labels: list[str] = []
        self.temperature = 1.0

    def train(self, texts: Sequence[str], vectors: Floats, labels: Sequence[str]) -> float:
        """Fits and calibrates.

        Args:
            texts: Training messages.
            vectors: Their sentence vectors, texts x hidden, unit length.
            labels: Their intents.

        Returns:
            Accuracy with each example left out.
        """
        self.labels = sorted(set(labels))
        index = {label: position for position, label in enumerate(self.labels)}
        targets = np.array([index[label] for label in labels], np.int64)
        grams = self._ngrams.fit([normalise(text) for text in texts])
        kernel = rbf(vectors, vectors, self._options["gamma"]) + (grams @ grams.T).toarray()
        result = fit(kernel, targets, len(self.labels), self._options["ridge"])
        self.temperature = calibrate(result.held_out, targets)
        self._keep(vectors, result.alpha, grams)
        return float((result.held_out.argmax(axis=1) == targets).mean())

    def _keep(self, vectors: Floats, alpha: Floats, grams: Any) -> None:
        self._vectors = np.ascontiguousarray(vectors, np.float32)
        self._alpha = alpha
        self._gram_weights: Floats = np.asarray(grams.T @ alpha, np.float32)

    def probabilities(self, texts: Sequence[str], vectors: Floats) -> Floats:
        """Calibrated probabilities, texts x labels."""
        scores = rbf(vectors, self._vectors, self._options["gamma"]) @ self._alpha
        for index, text in enumerate(texts):
            columns, values = self._ngrams.vector(normalise(text))
            scores[index] += values @ self._gram_weights[columns]
        return softmax(scores, self.temperature)

    def save(self, folder: Path) -> None:
        """Writes arrays and JSON; nothing in it can run code when it is read."""
        self._ngrams.save(folder)
        meta = {"labels": self.labels, "temperature": self.temperature, "options": self._options}
        (folder / "intent_model.json").write_text(json.dumps(meta), encoding="utf-8")
        arrays = {
            "vectors": self._vectors,
            "alpha": self._alpha,
            "gram_weights": self._gram_weights,
        }
        np.savez(folder / "intent_model.npz", **arrays)

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Reads what ``save`` wrote."""
        meta = json.loads((folder / "intent_model.json").read_text(encoding="utf-8"))
        model = cls(meta["options"])
        model._ngrams.load(folder)
        model.labels, model.temperature = meta["labels"], meta["temperature"]
        with np.load(folder / "intent_model.npz", allow_pickle=False) as arrays:
            model._vectors, model._alpha = arrays["vectors"], arrays["alpha"]
            model._gram_weights = arrays["gram_weights"]
        return model
