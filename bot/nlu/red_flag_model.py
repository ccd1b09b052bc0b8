"""The second opinion on red flags itself, free of Rasa: which sign a message tells of, if any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.nlu.intent_model import DEFAULTS, IntentModel
from bot.nlu.kernel_ridge import Floats, Solver, rbf
from bot.nlu.principal_axes import principal_axes
from bot.nlu.red_flag_messages import NONE

# Weights of the n-grams are twice the topics': a red flag hangs on single words more often.
OPTIONS: dict[str, float] = {**DEFAULTS, "characters": 0.4, "words": 0.3, "axes": 256}
# Of the topics' messages: every so many are taken blindly, and then as many of those that
# look most like a red flag.
ONE_IN = 10
HARDEST = 2000
# The first model, which only finds those, learns from every so many messages.
GLANCED = 3


@dataclass(frozen=True)
class Suspicion:
    """What a message may tell of.

    Attributes:
        level: ``emergency``, ``crisis`` or ``urgent``.
        sign: Id of the most likely sign of that level.
        confidence: Probability that there is a red flag at all.
    """

    level: str
    sign: str
    confidence: float


@dataclass(frozen=True)
class Examples:
    """Messages with their vectors and, but for the topics', labels.

    Attributes:
        texts: The messages.
        vectors: One row for each, unit length.
        labels: ``level/sign`` or ``none``.
    """

    texts: Sequence[str]
    vectors: Floats
    labels: Sequence[str]


class RedFlagModel:
    """A classifier of signs; the levels' probabilities are sums over their signs."""

    def __init__(self, model: IntentModel) -> None:
        """Wraps a classifier trained on ``level/sign`` and ``none``."""
        self._model = model
        self._levels = sorted({label.split("/")[0] for label in model.labels} - {NONE})
        self._columns = {
            level: [i for i, label in enumerate(model.labels) if label.startswith(f"{level}/")]
            for level in self._levels
        }

    @classmethod
    def train(cls, examples: Examples, harmless: Examples) -> RedFlagModel:
        """Fits on the examples, and on those of the topics' messages that help most.

        Args:
            examples: Red flags and look-alikes.
            harmless: Messages of the topics; their labels are not read.
        """
        chosen = _hardest(examples, harmless)
        texts = [*examples.texts, *(harmless.texts[i] for i in chosen)]
        vectors = np.concatenate([examples.vectors, harmless.vectors[chosen]])
        model = IntentModel(OPTIONS)
        model.train(texts, vectors, [*examples.labels, *[NONE] * len(chosen)])
        return cls(model)

    def suspect(self, text: str, vector: Floats) -> Suspicion:
        """What one message may tell of.

        Args:
            text: The message.
            vector: Its sentence vector, unit length.
        """
        probabilities = self._model.probabilities([text], vector[None, :])[0]
        totals = {level: float(probabilities[c].sum()) for level, c in self._columns.items()}
        level = max(totals, key=lambda name: totals[name])
        sign = max(self._columns[level], key=lambda column: float(probabilities[column]))
        return Suspicion(
            level, self._model.labels[sign].split("/", 1)[1], min(1.0, sum(totals.values()))
        )

    def save(self, folder: Path) -> None:
        """Writes the classifier."""
        self._model.save(folder)

    @classmethod
    def load(cls, folder: Path) -> RedFlagModel:
        """Reads what ``save`` wrote."""
        return cls(IntentModel.load(folder))


def _hardest(examples: Examples, harmless: Examples) -> list[int]:
    """The topics' messages to learn from: a plain sample, and what a first model fears most.

    The first model knows the vectors of every third message only; fitting all of them would take
    half a minute.
    """
    count = len(harmless.texts)
    sample = list(range(0, count, ONE_IN))
    rest = np.setdiff1d(np.arange(count), sample)
    known = np.concatenate([examples.vectors, harmless.vectors[sample]])
    axes = principal_axes(known, int(OPTIONS["axes"]))
    known = known[::GLANCED] @ axes
    flagged = [label != NONE for label in examples.labels] + [False] * len(sample)
    kernel = rbf(known, known, OPTIONS["gamma"])
    alpha = Solver(kernel, OPTIONS["ridge"]).fit(np.array(flagged[::GLANCED], np.int64), 2)[:, 1]
    feared = rbf(harmless.vectors[rest] @ axes, known, OPTIONS["gamma"]) @ alpha
    return [*sample, *rest[np.argsort(-feared, kind="stable")[:HARDEST]].tolist()]
