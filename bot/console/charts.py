"""Where the parts of a picture stand, in its own units. Pure functions.

A picture is stretched to the width of the page, so it is made of upright rectangles alone; words
stand beside it in the page, where they keep their size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

# Units of a bar with the gap after it, of the bar alone, and of the picture's height.
SLOT, BAR, HEIGHT = 10.0, 7.0, 100.0
# On a scale of tens so many lines are enough.
MOST_LINES = 4
STEPS = (1, 2, 4, 6, 8, 10)


@dataclass(frozen=True)
class Box:
    """One rectangle.

    Attributes:
        x: From the left.
        y: From the top.
        width: To the right.
        height: Downwards.
        kind: Names its colour.
    """

    x: float
    y: float
    width: float
    height: float
    kind: str = ""


@dataclass(frozen=True)
class Bar:
    """What is drawn of one day.

    Attributes:
        title: Told by a pointer that rests on it.
        boxes: From below.
    """

    title: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Picture:
    """Bars side by side.

    Attributes:
        bars: From the left.
        width: Of the whole.
        ticks: What stands beside the scale, from its top down to its foot.
        height: Of the whole.
    """

    bars: tuple[Bar, ...]
    width: float
    ticks: tuple[str, ...]
    height: float = HEIGHT

    @property
    def lines(self) -> list[float]:
        """How far down the lines of the scale are."""
        gaps = max(len(self.ticks) - 1, 1)
        return [round(self.height * n / gaps, 2) for n in range(len(self.ticks))]


def stacked(counts: Sequence[tuple[str, Sequence[tuple[str, int]]]]) -> Picture:
    """Bars of counts on top of each other.

    Args:
        counts: For each bar its title and its parts from below: kind and count.
    """
    top = ceiling(max((sum(n for _, n in parts) for _, parts in counts), default=0))
    bars = []
    for index, (title, parts) in enumerate(counts):
        boxes, foot = [], HEIGHT
        for kind, count in parts:
            if count:
                tall = HEIGHT * count / top
                foot -= tall
                boxes.append(Box(_left(index), round(foot, 3), BAR, round(tall, 3), kind))
        bars.append(Bar(title, tuple(boxes)))
    ticks = (f"{top:,}", f"{top // 2:,}", "0")
    return Picture(tuple(bars), _wide(len(counts)), ticks)


def ranges(times: Sequence[tuple[str, tuple[float, float, float] | None]]) -> Picture:
    """Bars from the median to where 95 of 100 are, with a mark at the slowest, on a scale of tens.

    Args:
        times: For each bar its title, and median, 95th percentile and slowest in seconds; None
            where there is nothing.
    """
    known = [one for _, one in times if one is not None]
    scale = Scale.over([value for one in known for value in one])
    bars = []
    for index, (title, one) in enumerate(times):
        bars.append(Bar(title, () if one is None else _range(scale, _left(index), *one)))
    return Picture(tuple(bars), _wide(len(times)), scale.ticks)


def _range(scale: Scale, x: float, median: float, most: float, slowest: float) -> tuple[Box, ...]:
    low, high, top = scale.at(median), scale.at(most), scale.at(slowest)
    thin = BAR / 7
    return (
        Box(round(x + (BAR - thin) / 2, 3), top, round(thin, 3), round(high - top, 3), "slowest"),
        Box(x, high, BAR, round(max(low - high, 1.5), 3), "most"),
        Box(x, round(low - 1.5, 3), BAR, 3.0, "median"),
    )


@dataclass(frozen=True)
class Scale:
    """A scale on which each line is so many times the one below.

    Attributes:
        lowest: The power of ten at the foot.
        step: Powers of ten between two lines.
        gaps: How many gaps there are between lines.
    """

    lowest: int
    step: int
    gaps: int

    @classmethod
    def over(cls, values: Sequence[float]) -> Scale:
        """One on which all of these find a place."""
        logs = [math.log10(max(value, 0.001)) for value in values] or [0.0]
        lowest, highest = math.floor(min(logs)), math.ceil(max(logs))
        wide = max(highest - lowest, 1)
        step = math.ceil(wide / (MOST_LINES - 1))
        return cls(lowest, step, math.ceil(wide / step))

    def at(self, value: float) -> float:
        """How far down a value is."""
        part = (math.log10(max(value, 0.001)) - self.lowest) / (self.step * self.gaps)
        return round(HEIGHT * (1 - min(max(part, 0.0), 1.0)), 3)

    @property
    def ticks(self) -> tuple[str, ...]:
        """What the lines stand for, from the top."""
        powers = [self.lowest + self.step * n for n in range(self.gaps + 1)]
        return tuple(_power(power) for power in reversed(powers))


def _power(power: int) -> str:
    return f"{10**power:,} s" if power >= 0 else f"{10 ** (power + 3)} ms"


def _left(index: int) -> float:
    return round(index * SLOT + (SLOT - BAR) / 2, 3)


def _wide(count: int) -> float:
    return SLOT * max(count, 1)


def ceiling(count: int) -> int:
    """The next round and even number above a count, of which half is a whole one as well."""
    power = 1
    while True:
        for step in STEPS:
            if step * power >= max(count, 2) and step * power % 2 == 0:
                return step * power
        power *= 10


def part_of(count: float, most: float) -> float:
    """How long a lying bar is, of 100; what is there at all can be seen."""
    return round(max(100 * count / most, 0.8), 2) if count and most else 0.0
