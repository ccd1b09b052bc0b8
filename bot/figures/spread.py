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

    def shares(self, *parts: float) -> tuple[float, ...] | None:
        """The times within which these parts of them were over; None where there are none.

        Args:
            *parts: As 0.5 for the median, ascending.
        """
        count, seen = self.count, 0
        found: list[float] = []
        if not count:
            return None
        wanted = [max(math.ceil(part * count), 1) for part in parts]
        for number in sorted(self.classes):
            seen += self.classes[number]
            while len(found) < len(wanted) and seen >= wanted[len(found)]:
                found.append(min(SMALLEST * GROWTH**number, self.slowest or SMALLEST))
        return tuple(found)

    def update(self, other: Spread) -> None:
        """Adds all times of another one."""
        self.classes.update(other.classes)
        self.slowest = max(self.slowest, other.slowest)

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        classes = {str(number): count for number, count in sorted(self.classes.items())}
        return {"classes": classes, "slowest": round(self.slowest, 3)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Spread:
        """From what was kept."""
        classes = Counter({int(number): count for number, count in kept["classes"].items()})
        return cls(classes, kept["slowest"])
