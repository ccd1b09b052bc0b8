"""TF-IDF of character and word n-grams, saved as plain JSON and arrays, never as a pickle."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

CHARACTERS: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (2, 5)}
WORDS: dict[str, Any] = {"ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"}


class Ngrams:
    """Characters catch typos, words catch set phrases; each block is L2-normalised, then weighed.

    The linear kernel of the stacked blocks is the weighed sum of their cosines.
    """

    def __init__(self, characters: float, words: float) -> None:
        """Sets the blocks' weights in the kernel (not in the vectors)."""
        self._blocks = [
            (TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **options), np.sqrt(weight))
            for options, weight in ((CHARACTERS, characters), (WORDS, words))
        ]

    def fit(self, texts: Sequence[str]) -> Any:
        """Learns the vocabulary; returns the CSR matrix, texts x features."""
        return sparse.hstack(
            [block.fit_transform(texts) * weight for block, weight in self._blocks], format="csr"
        )

    def transform(self, texts: Sequence[str]) -> Any:
        """The CSR matrix, texts x features."""
        return sparse.hstack(
            [block.transform(texts) * weight for block, weight in self._blocks], format="csr"
        )

    def save(self, folder: Path) -> None:
        """Writes the vocabularies and inverse document frequencies."""
        for index, (block, _) in enumerate(self._blocks):
            terms = [str(term) for term in block.get_feature_names_out()]
            (folder / f"terms_{index}.json").write_text(json.dumps(terms), encoding="utf-8")
            np.save(folder / f"idf_{index}.npy", block.idf_, allow_pickle=False)

    def load(self, folder: Path) -> None:
        """Reads what ``save`` wrote."""
        for index, (block, _) in enumerate(self._blocks):
            terms = json.loads((folder / f"terms_{index}.json").read_text(encoding="utf-8"))
            block.vocabulary = {term: column for column, term in enumerate(terms)}
            block.idf_ = np.load(folder / f"idf_{index}.npy", allow_pickle=False)
