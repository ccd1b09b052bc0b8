"""The second opinion on red flags itself, free of Rasa: which sign a message tells of, if any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.nlu.intent_model import DEFAULTS, IntentModel
from bot.nlu.kernel_ridge import Floats, Labels, Solver, rbf
from bot.nlu.principal_axes import principal_axes
from bot.nlu.red_flag_messages import NONE

# Weights of the n-grams are twice the topics': a red flag hangs on single words more often.
OPTIONS: dict[str, float] = {**DEFAULTS, "characters": 0.4, "words": 0.3, "axes": 256}
# Of the harmless messages: every so many are taken blindly, and as many more of those that look
# most like a red flag. All of them would take four times the memory and tell no more.
ONE_IN = 24
HARDEST = 5000
# Of the red flags as many as look most harmless.
HARDEST_FLAGS = 5500
# The first model, which only finds those, learns from every so many red flags and harmless ones.
GLANCED_FLAGS, GLANCED_HARMLESS = 4, 8


@dataclass(frozen=True)
class Suspicion:
    """What a message may tell of.

    Attributes:
        level: ``emergency``, ``crisis`` or ``urgent``.
        sign: Id of the most likely sign of that level.
        confidence: Probability of the most likely sign of all, against being harmless. Vague fears
            of many signs together would count for more than they tell.
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
        """Fits on the red flags, and on those of the harmless messages that help most.

        Args:
            examples: Red flags and look-alikes.
            harmless: Messages of the topics; their labels are not read.
        """
        is_flag = np.array([label != NONE for label in examples.labels])
        flags, own = np.flatnonzero(is_flag), np.flatnonzero(~is_flag)
        texts = [*(examples.texts[i] for i in own), *harmless.texts]
        vectors = np.concatenate([examples.vectors[own], harmless.vectors])
        hardest, chosen = _hardest(examples.vectors[flags], vectors)
        flags = flags[hardest]
        model = IntentModel(OPTIONS)
        model.train(
            [*(examples.texts[i] for i in flags), *(texts[i] for i in chosen)],
            np.concatenate([examples.vectors[flags], vectors[chosen]]),
            [*(examples.labels[i] for i in flags), *[NONE] * len(chosen)],
        )
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
        best = max(float(probabilities[c].max()) for c in self._columns.values())
        harmless = float(probabilities[self._model.labels.index(NONE)])
        return Suspicion(
            level, self._model.labels[sign].split("/", 1)[1], best / max(best + harmless, 1e-12)
        )

    def save(self, folder: Path) -> None:
        """Writes the classifier."""
        self._model.save(folder)

    @classmethod
    def load(cls, folder: Path) -> RedFlagModel:
        """Reads what ``save`` wrote."""
        return cls(IntentModel.load(folder))


def _hardest(flags: Floats, harmless: Floats) -> tuple[list[int], list[int]]:
    """The messages to learn from, by the fear of a first model that saw some of each.

    Returns:
        The red flags that it fears least; a plain sample of the harmless, and those it fears most.
    """
    sample = np.arange(0, len(harmless), ONE_IN)
    rest = np.setdiff1d(np.arange(len(harmless)), sample)
    known = np.concatenate([flags[::GLANCED_FLAGS], harmless[::GLANCED_HARMLESS]])
    axes = principal_axes(known, int(OPTIONS["axes"]))
    known = known @ axes
    flagged = np.zeros(len(known), np.int64)
    flagged[: len(flags[::GLANCED_FLAGS])] = 1
    alpha = Solver(rbf(known, known, OPTIONS["gamma"]), OPTIONS["ridge"]).fit(flagged, 2)[:, 1]

    def order(vectors: Floats) -> Labels:
        feared = rbf(vectors @ axes, known, OPTIONS["gamma"]) @ alpha
        return np.argsort(feared, kind="stable")

    least = np.sort(order(flags)[:HARDEST_FLAGS])
    most = rest[order(harmless[rest])[::-1][:HARDEST]]
    return least.tolist(), [*sample.tolist(), *most.tolist()]
