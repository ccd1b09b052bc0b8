"""Examples that staff taught the assistant, in a file of their own beside the shipped data.

The folder is laid out as the model's fingerprint and the training read it: ``nlu/learned.yml``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.learning.fingerprint import TAUGHT
from bot.review.sameness import folded

FILE = "learned.yml"
HEAD = """\
# Examples that staff taught the assistant in the console, beside those in data/nlu.
# It is written anew with each promotion; `bot review export` shows it as a change of data/nlu.
version: "3.1"

nlu:
"""
ROW = "    - "


@dataclass(frozen=True)
class Taught:
    """Examples by topic; neither order nor repetition counts."""

    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Taught:
        """From topics with a text each; of texts that say the same the first one stays."""
        found: dict[str, dict[str, str]] = {}
        for topic, text in pairs:
            found.setdefault(topic, {}).setdefault(folded(text), text)
        return cls({topic: tuple(sorted(found[topic].values())) for topic in sorted(found)})

    @property
    def pairs(self) -> Iterator[tuple[str, str]]:
        """Each topic with each of its texts."""
        return ((topic, text) for topic, texts in self.examples.items() for text in texts)

    def __len__(self) -> int:
        return sum(map(len, self.examples.values()))


def read_taught(folder: Path) -> Taught:
    """What a folder holds; nothing when there is no such folder."""
    return Taught.of(examples_in(folder / TAUGHT))


def write_taught(folder: Path, taught: Taught) -> None:
    """Writes it in one step; whoever reads meanwhile sees the old or the new.

    Without an example there is no file, as if nothing had ever been taught.
    """
    path = folder / TAUGHT / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    if not len(taught):
        path.unlink(missing_ok=True)
        return
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    unfinished.write_text(HEAD + "\n".join(_blocks(taught)), encoding="utf-8")
    unfinished.replace(path)


def _blocks(taught: Taught) -> Iterator[str]:
    for topic, texts in taught.examples.items():
        rows = "".join(f"{ROW}{text}\n" for text in texts)
        yield f"- intent: {topic}\n  examples: |\n{rows}"


def examples_in(folder: Path) -> list[tuple[str, str]]:
    """Topic and text of each example in a folder of training data, by file."""
    return [pair for path in sorted(folder.glob("*.yml")) for pair in _read(path)]


def _read(path: Path) -> Iterator[tuple[str, str]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content = yaml.load(path.read_text(encoding="utf-8"), loader)  # noqa: S506 - a safe loader
    for entry in content.get("nlu") or []:
        for line in str(entry.get("examples") or "").splitlines():
            if text := line.removeprefix("- ").strip():
                yield str(entry["intent"]), text
