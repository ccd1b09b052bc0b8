from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.charts import HEIGHT, Scale, ceiling, part_of, ranges, stacked
from bot.console.figure_words import KINDS, percent, spoken
from bot.console.notices import OUTCOME_WORDS
from bot.settings import ROOT

COUNTS = st.lists(st.lists(st.integers(0, 10_000), min_size=3, max_size=3), max_size=90)
SECONDS = st.floats(0, 1_000_000)


@given(COUNTS)
def test_bars_stand_on_each_other_and_inside(counts: list[list[int]]) -> None:
    picture = stacked([("day", list(zip("abc", one, strict=True))) for one in counts])
    assert len(picture.bars) == len(counts)
    for bar, one in zip(picture.bars, counts, strict=True):
        assert len(bar.boxes) == sum(count > 0 for count in one)
        foot = HEIGHT
        for box in bar.boxes:
            assert box.y + box.height == pytest.approx(foot, abs=0.01)
            assert -0.01 <= box.y <= HEIGHT
            assert 0 <= box.x <= picture.width - box.width
            foot = box.y


@given(st.lists(st.tuples(SECONDS, SECONDS, SECONDS).map(sorted), max_size=90))
def test_times_stand_inside_the_scale(times: list[list[float]]) -> None:
    picture = ranges([("day", (one[0], one[1], one[2])) for one in times] + [("none", None)])
    assert picture.bars[-1].boxes == ()
    assert 2 <= len(picture.ticks) <= 4
    for bar in picture.bars:
        for box in bar.boxes:
            assert box.height >= 0
            assert -2 <= box.y <= HEIGHT


def test_a_scale_of_tens_says_what_its_lines_are() -> None:
    scale = Scale.over([0.03, 20.0])
    assert scale.ticks == ("100 s", "1 s", "10 ms")
    assert [scale.at(value) for value in (100, 1, 0.01)] == [0, 50, 100]


@given(st.integers(0, 10**9))
def test_a_scale_ends_at_a_round_even_number(count: int) -> None:
    top = ceiling(count)
    assert top >= count
    assert top % 2 == 0
    assert top <= max(2 * count, 2) or count < 2


def test_what_is_there_can_be_seen() -> None:
    assert part_of(0, 1000) == 0
    assert 0 < part_of(1, 1_000_000) < 1
    assert part_of(5, 5) == 100


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (0.0342, "34 ms"),
        (0.9999, "1.0 s"),
        (1.25, "1.2 s"),
        (59.9, "1 min"),
        (75, "1 min 15 s"),
        (3599.9, "1 h"),
        (7800, "2 h 10 min"),
        (90_000, "1 d 1 h"),
    ],
)
def test_times_are_written_as_people_say_them(seconds: float | None, words: str) -> None:
    assert spoken(seconds) == words


def test_shares_are_written_as_people_say_them() -> None:
    assert [percent(p) for p in (None, 0, 0.004, 0.5, 1)] == ["–", "0 %", "0.4 %", "50 %", "100 %"]


def test_every_outcome_is_in_the_picture_once() -> None:
    counted = [outcome for _, outcomes in KINDS.values() for outcome in outcomes]
    assert sorted(counted) == sorted(OUTCOME_WORDS)


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_colour_stands_out_from_the_card(scheme: int) -> None:
    static = ROOT / "bot" / "console" / "static"
    cards = re.findall(r"--card: (#\w{6})", (static / "console.css").read_text("utf-8"))
    blocks = (static / "figures.css").read_text("utf-8").split(":root")[1:]
    colours = dict(re.findall(r"--c-(\w+): (#\w{6})", blocks[scheme]))
    assert set(colours) == set(KINDS)
    for name, colour in colours.items():
        assert _contrast(colour, cards[scheme]) >= 3, name
