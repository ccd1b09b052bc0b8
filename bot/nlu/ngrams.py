"""TF-IDF of character and word n-grams, saved as plain JSON and arrays, never as a pickle."""

from __future__ import annotations

import json
import math
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

Columns = npt.NDArray[np.int64]
Values = npt.NDArray[np.float32]
Count = Callable[[str], Mapping[str, int]]

# Two models read the same message one after the other; its n-grams are counted once.
REMEMBERED = 8

CHARACTERS: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (2, 5)}
WORDS: dict[str, Any] = {"ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"}


# Above this share of the texts a column is handled as dense: a hundredth of the n-grams are so
# frequent, and nearly all the work of a sparse product would be theirs.
FREQUENT = 0.04
# The rows of the sparse product that are made together.
_ROWS = 512


_analyse_characters = TfidfVectorizer(**CHARACTERS).build_analyzer()
_analyse_words = TfidfVectorizer(**WORDS).build_analyzer()


@lru_cache(REMEMBERED)
def _characters(text: str) -> Mapping[str, int]:
    return Counter(_analyse_characters(text))


@lru_cache(REMEMBERED)
def _words(text: str) -> Mapping[str, int]:
    return Counter(_analyse_words(text))


def likeness(grams: Any) -> Values:
    """The linear kernel of the rows of a CSR matrix, texts x texts."""
    columns = grams.tocsc()
    frequent = np.diff(columns.indptr) > FREQUENT * grams.shape[0]
    dense = columns[:, frequent].toarray()
    rare = columns[:, ~frequent].tocsr()
    kernel: Values = dense @ dense.T
    other = rare.T.tocsr()

    def add(start: int) -> None:
        rows = slice(start, start + _ROWS)
        kernel[rows] += (rare[rows] @ other).toarray()

    # SciPy releases the interpreter while it multiplies.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(add, range(0, len(kernel), _ROWS)))
    return kernel


class Ngrams:
    """Characters catch typos, words catch set phrases; each block is L2-normalised, then weighed.

    The linear kernel of the stacked blocks is the weighed sum of their cosines. Training uses
    scikit-learn's matrices; a single message takes a shorter way to the same numbers, since a
    vectoriser's own call costs more than the sentence encoder.
    """

    def __init__(self, characters: float, words: float) -> None:
        """Sets the blocks' weights in the kernel (not in the vectors)."""
        self._blocks = [
            _Block(TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **options), weight, count)
            for options, weight, count in (
                (CHARACTERS, characters, _characters),
                (WORDS, words, _words),
            )
        ]

    def fit(self, texts: Sequence[str]) -> Any:
        """Learns the vocabulary; returns the CSR matrix, texts x features."""
        return sparse.hstack([block.fit(texts) for block in self._blocks], format="csr")

    def vector(self, text: str) -> tuple[Columns, Values]:
        """One text's non-zero columns in the matrix of ``fit``, and their values."""
        columns, values, offset = [], [], 0
        for block in self._blocks:
            here, value = block.vector(text)
            columns.append(here + offset)
            values.append(value)
            offset += len(block.idf)
        return np.concatenate(columns), np.concatenate(values)

    def save(self, folder: Path) -> None:
        """Writes the vocabularies and inverse document frequencies."""
        for index, block in enumerate(self._blocks):
            terms = json.dumps(list(block.vocabulary))
            (folder / f"terms_{index}.json").write_text(terms, encoding="utf-8")
            np.save(folder / f"idf_{index}.npy", block.idf, allow_pickle=False)

    def load(self, folder: Path) -> None:
        """Reads what ``save`` wrote."""
        for index, block in enumerate(self._blocks):
            terms = json.loads((folder / f"terms_{index}.json").read_text(encoding="utf-8"))
            block.vocabulary = {term: column for column, term in enumerate(terms)}
            block.idf = np.load(folder / f"idf_{index}.npy", allow_pickle=False)


class _Block:
    """One kind of n-gram: sublinear TF-IDF, L2-normalised, times the root of its weight."""

    def __init__(self, vectoriser: TfidfVectorizer, weight: float, count: Count) -> None:
        self._vectoriser = vectoriser
        self._count = count
        self._scale = math.sqrt(weight)
        self.vocabulary: dict[str, int] = {}
        self.idf: Values = np.zeros(0, np.float32)

    def fit(self, texts: Sequence[str]) -> Any:
        matrix = self._vectoriser.fit_transform(texts) * self._scale
        terms = self._vectoriser.get_feature_names_out()
        self.vocabulary = {str(term): column for column, term in enumerate(terms)}
        self.idf = self._vectoriser.idf_
        return matrix

    def vector(self, text: str) -> tuple[Columns, Values]:
        vocabulary = self.vocabulary
        known = [(vocabulary[t], n) for t, n in self._count(text).items() if t in vocabulary]
        columns = np.array([column for column, _ in known], np.int64)
        counts = np.array([count for _, count in known], np.float32)
        values = (1.0 + np.log(counts)) * self.idf[columns]
        norm = float(np.linalg.norm(values)) or 1.0
        return columns, (values * (self._scale / norm)).astype(np.float32)
