from __future__ import annotations

import numpy as np
import pytest

from bot.nlu import ngrams
from bot.nlu.ngrams import Ngrams, likeness

TEXTS = ["does it hurt", "does it sting", "how much is it", "how much", "parking nearby"]


@pytest.mark.parametrize("frequent", [0.0, 0.3, 1.0])
def test_likeness_is_the_product_whatever_counts_as_frequent(
    frequent: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ngrams, "FREQUENT", frequent)
    grams = Ngrams(0.2, 0.15).fit(TEXTS)
    np.testing.assert_allclose(likeness(grams), (grams @ grams.T).toarray(), atol=1e-6)


def test_each_text_is_as_like_itself_as_the_weights_say() -> None:
    np.testing.assert_allclose(np.diag(likeness(Ngrams(0.2, 0.15).fit(TEXTS))), 0.35, atol=1e-6)
