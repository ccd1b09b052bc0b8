"""One value found in a text, and a text with the values found in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

DATE, TIME, DAY_PART = "date", "time", "day_part"
PERSON, PHONE, EMAIL = "person", "phone", "email"
KINDS = (DATE, TIME, DAY_PART, PERSON, PHONE, EMAIL)
# The kinds that say when somebody would like to come.
WHEN = frozenset({DATE, TIME, DAY_PART})
EXCLUDED = "excluded"


@dataclass(frozen=True)
class Entity:
    """A value and where it stands in the text.

    Attributes:
        kind: One of ``KINDS``.
        start: The first character.
        end: Past the last character.
        text: The patient's own words.
        value: ``2026-11-27`` or a range ``2026-11-30/2026-12-06`` (``..`` for an open end) of a
            date; ``14:30``, ``17:00-`` or ``09:00-12:00`` of a time; the same, or days of the
            week such as ``mon-fri``, of a day part; E.164 of a phone. None when the words could
            mean more than one thing.
        role: ``excluded`` for "not friday"; else None.
        info: What else is known, such as the ``candidates`` of an uncertain date.
    """

    kind: str
    start: int
    end: int
    text: str
    value: str | None
    role: str | None = None
    info: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_excluded(self) -> bool:
        """Whether the patient does not want it."""
        return self.role == EXCLUDED

    def as_dict(self) -> dict[str, Any]:
        """The form of an entity in Rasa's parse data."""
        found: dict[str, Any] = {
            "entity": self.kind,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "value": self.value,
            "additional_info": dict(self.info),
        }
        return {**found, "role": self.role} if self.role else found

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Entity:
        """The entity that ``as_dict`` wrote."""
        return cls(
            row["entity"],
            row["start"],
            row["end"],
            row["text"],
            row["value"],
            row.get("role"),
            row.get("additional_info") or {},
        )


@dataclass(frozen=True)
class Read:
    """A text and what was found in it, in the order of the text."""

    text: str
    entities: tuple[Entity, ...] = ()

    def part(self, start: int, end: int | None = None) -> Read:
        """The text between two places, with what stands wholly in it."""
        stop = len(self.text) if end is None else end
        inside = (e for e in self.entities if start <= e.start and e.end <= stop)
        moved = (replace(e, start=e.start - start, end=e.end - start) for e in inside)
        return Read(self.text[start:stop], tuple(moved))

    def without_start(self, length: int) -> Read:
        """Without its first characters; what begins among them begins after them."""
        whole = tuple(replace(e, start=max(e.start, length)) for e in self.entities)
        shorter = tuple(replace(e, text=self.text[e.start : e.end]) for e in whole)
        return Read(self.text, shorter).part(length)

    def of(self, *kinds: str) -> tuple[Entity, ...]:
        """The entities of these kinds."""
        return tuple(e for e in self.entities if e.kind in kinds)

    def value(self, kind: str) -> str | None:
        """The first value of a kind."""
        return next((e.value for e in self.entities if e.kind == kind and e.value), None)

    @classmethod
    def joined(cls, parts: Sequence[Read], by: str = ", ") -> Read:
        """The parts as one text, with everything found in them."""
        entities: list[Entity] = []
        at = 0
        for part in parts:
            entities += (replace(e, start=e.start + at, end=e.end + at) for e in part.entities)
            at += len(part.text) + len(by)
        return cls(by.join(part.text for part in parts), tuple(entities))

    def stripped(self, characters: str | None = None) -> Read:
        """Without these characters, or white space, at both ends."""
        start = len(self.text) - len(self.text.lstrip(characters))
        return self.part(start, max(start, len(self.text.rstrip(characters))))

    @classmethod
    def from_dicts(cls, text: str, rows: Iterable[Mapping[str, Any]]) -> Read | None:
        """Reads parse data.

        Returns:
            None when the rows were not found in this very text, so that it must be read again.
        """
        ours = [row for row in rows if row.get("entity") in KINDS and "text" in row]
        entities = tuple(map(Entity.from_dict, ours))
        if any(text[e.start : e.end] != e.text for e in entities):
            return None
        return cls(text, entities)
