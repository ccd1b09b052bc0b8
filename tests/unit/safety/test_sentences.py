"""Every example sentence of the tables, and two larger lists kept beside this file."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.safety import Gate, Level

HERE = Path(__file__).parent
GATE = Gate.load(HERE.parents[2] / "data" / "safety")


def _listed(name: str) -> list[tuple[str, str]]:
    groups = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return [(group, text) for group, texts in groups.items() for text in texts]


POSITIVE = [(sign.id, text) for sign in GATE.signs for text in sign.positive]
NEGATIVE = [text for sign in GATE.signs for text in sign.negative]
RED_FLAGS = _listed("red_flags.yml")
BENIGN = _listed("benign.yml")


@pytest.mark.parametrize(("sign", "text"), POSITIVE)
def test_a_positive_example_raises_its_sign(sign: str, text: str) -> None:
    assert sign in {flag.sign for flag in GATE.check(text).flags}


@pytest.mark.parametrize("text", NEGATIVE)
def test_a_negative_example_raises_nothing(text: str) -> None:
    assert GATE.check(text).flags == ()


@pytest.mark.parametrize(("level", "text"), RED_FLAGS)
def test_a_red_flag_raises_its_level(level: str, text: str) -> None:
    assert GATE.check(text).level == Level(level)


@pytest.mark.parametrize(("reason", "text"), BENIGN)
def test_a_look_alike_raises_nothing(reason: str, text: str) -> None:
    assert GATE.check(text).flags == (), reason


@pytest.mark.parametrize(
    "frame",
    [
        "hi, how much is it and {}",
        "{} do you take blue cross",
        "no idea why but {}",
        "i had acupuncture in 2019. {}",
        "is it normal that {}",
        "i just want to know. {}",
        "my dog had an allergic reaction last year. {}",
        "the form says to tell you {}",
        "my mri was normal. {}",
        "{} what does it mean",
        "{} the form asked",
        "{} have you ever seen this",
        "{} same pain i had before",
    ],
)
def test_words_run_on_around_it_never_hide_a_grave_sign(frame: str) -> None:
    grave = {Level.EMERGENCY.value, Level.CRISIS.value}
    levels = {sign.id: sign.level.value for sign in GATE.signs}
    told = [(levels[sign], text) for sign, text in POSITIVE] + RED_FLAGS
    missed = [
        text
        for level, text in told
        if level in grave
        and level not in {flag.level for flag in GATE.check(frame.format(text)).flags}
    ]
    assert missed == []


def test_the_lists_are_as_large_as_promised_and_share_nothing() -> None:
    raising = {text for _, text in POSITIVE} | {text for _, text in RED_FLAGS}
    harmless = set(NEGATIVE) | {text for _, text in BENIGN}
    assert len(raising) >= 150
    assert len(harmless) >= 250
    assert raising.isdisjoint(harmless)
