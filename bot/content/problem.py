"""One thing wrong with the content, told so that the next step is clear."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """A fault in one card of one file; ``card`` is empty when the file itself is at fault."""

    file: str
    card: str
    fault: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.card}" if self.card else self.file
        return f"{place}: {self.fault} {self.remedy}"
