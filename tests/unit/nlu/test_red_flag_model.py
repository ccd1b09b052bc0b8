from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu import red_flag_model
from bot.nlu.kernel_ridge import Floats
from bot.nlu.red_flag_messages import NONE
from bot.nlu.red_flag_model import Examples, RedFlagModel

CHEST, NIGHT, TOPIC, IDIOM = np.eye(4, 16, dtype=np.float32)
CLASSES = ((CHEST, "emergency/chest_pain"), (NIGHT, "urgent/night_pain"), (IDIOM, NONE))


def _near(centre: Floats, count: int, seed: int) -> Floats:
    noise = np.random.default_rng(seed).normal(scale=0.1, size=(count, 16))
    rows = centre + noise
    unit: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def _model() -> RedFlagModel:
    texts = [f"{label} {i}" for _, label in CLASSES for i in range(12)]
    vectors = np.concatenate([_near(c, 12, seed) for seed, (c, _) in enumerate(CLASSES)])
    labels = [label for _, label in CLASSES for _ in range(12)]
    harmless = Examples([f"topic {i}" for i in range(40)], _near(TOPIC, 40, 9), ())
    return RedFlagModel.train(Examples(texts, vectors, labels), harmless)


def test_level_and_sign_are_those_of_the_likeliest() -> None:
    model = _model()
    for centre, label in CLASSES[:2]:
        found = model.suspect("zzz", centre)
        assert f"{found.level}/{found.sign}" == label
        assert 0.5 < found.confidence <= 1.0


def test_topics_and_look_alikes_are_not_suspected() -> None:
    model = _model()
    assert max(model.suspect("zzz", centre).confidence for centre in (TOPIC, IDIOM)) < 0.1


def test_a_saved_model_says_the_same(tmp_path: Path) -> None:
    model = _model()
    model.save(tmp_path)
    assert RedFlagModel.load(tmp_path).suspect("zzz", NIGHT) == model.suspect("zzz", NIGHT)


def test_topics_messages_that_look_like_a_flag_are_learnt_from_first() -> None:
    vectors = np.concatenate([_near(TOPIC, 30, 1), _near(CHEST, 3, 2), _near(TOPIC, 30, 3)])
    _, chosen = red_flag_model._hardest(np.stack([CHEST]), vectors)
    rest = [i for i in chosen if i % red_flag_model.ONE_IN]
    assert set(rest[:2]) <= {30, 31, 32}
    assert sorted(chosen) == list(range(63))


def test_red_flags_that_look_harmless_are_learnt_from_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(red_flag_model, "HARDEST_FLAGS", 3)
    flags = np.concatenate([_near(CHEST, 10, 1), _near(TOPIC, 3, 2), _near(CHEST, 10, 3)])
    hardest, _ = red_flag_model._hardest(flags, _near(TOPIC, 40, 4))
    assert hardest == [10, 11, 12]
