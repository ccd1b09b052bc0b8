"""How long something took, of many times: enough of each to tell medians of any sum of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

# Each class of times is so much wider than the one before: what is told is true within 2.5 %.
GROWTH = 1.05
SMALLEST = 0.001


@dataclass
class Spread:
    """Counts of times by class.

    Attributes:
        classes: How many by the number of their class.
        slowest: In seconds; exact.
    """

    classes: Counter[int] = field(default_factory=Counter)
    slowest: float = 0.0

    @classmethod
    def of(cls, seconds: Iterable[float]) -> Spread:
        """Of these times."""
        spread = cls()
        for one in seconds:
            spread.add(one)
        return spread

    @property
    def count(self) -> int:
        """How many times there are."""
        return sum(self.classes.values())

    def add(self, seconds: float) -> None:
        """Counts one; a clock that was set back in between makes it nothing, not less."""
        self.classes[round(math.log(max(seconds, SMALLEST) / SMALLEST, GROWTH))] += 1
        self.slowest = max(self.slowest, seconds)

    def share(self, part: float) -> float | None:
        """The time within which this part of them was over; None where there are none.

        Args:
            part: As 0.5 for the median.
        """
        wanted, seen = math.ceil(part * self.count), 0
        for number in sorted(self.classes):
            seen += self.classes[number]
            if seen >= max(wanted, 1):
                return min(SMALLEST * GROWTH**number, self.slowest or SMALLEST)
        return None

    def __add__(self, other: Spread) -> Spread:
        """Both together."""
        return Spread(self.classes + other.classes, max(self.slowest, other.slowest))

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        classes = {str(number): count for number, count in sorted(self.classes.items())}
        return {"classes": classes, "slowest": round(self.slowest, 3)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Spread:
        """From what was kept."""
        classes = Counter({int(number): count for number, count in kept["classes"].items()})
        return cls(classes, kept["slowest"])
