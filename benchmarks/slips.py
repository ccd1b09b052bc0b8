"""Puts slips of the fingers into labelled messages, to see what misspelling costs.

Reads and writes the JSONL of `bot evaluate`. The labels stay; so does everything but letters.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks._report import note
from bot.errors import BotError, SettingError

SHARE = 0.3
# Shorter words are seldom misspelled, and little can be made of them when they are.
LONGER = 4
# Each message has a draw of its own; no two seeds share one.
SEEDS_APART = 1_000_003
_WORD = re.compile(rf"(?<![\w@.'’])[^\W\d_]{{{LONGER},}}(?![\w@])")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

Slip = Callable[[str, int, random.Random], str]


def main(argv: Sequence[str] | None = None) -> int:
    """Writes the messages with slips."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("jsonl", type=Path, help="labelled messages, such as those in tests/nlu")
    parser.add_argument("--out", type=Path, required=True, help="JSONL to write")
    parser.add_argument(
        "--share", type=float, default=SHARE, help=f"of words of {LONGER} letters and more"
    )
    parser.add_argument("--seed", type=int, default=0, help="which slips")
    arguments = parser.parse_args(argv)
    try:
        rows = _read(arguments.jsonl)
    except BotError as error:
        print(f"slips.py: {error}", file=sys.stderr)
        return 1
    first = arguments.seed * SEEDS_APART
    slipped = [row_with_slips(row, arguments.share, first + i) for i, row in enumerate(rows)]
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in slipped)
    arguments.out.write_text("".join(lines), encoding="utf-8")
    note(f"{arguments.out.name}: {len(rows):,} messages")
    return 0


def row_with_slips(row: dict[str, Any], share: float, seed: int) -> dict[str, Any]:
    """The same labelled message with slips in it and in what came before it."""
    draw = random.Random(seed)
    changed = {**row, "text": with_slips(row["text"], share, draw)}
    if "before" in row:
        changed["before"] = [with_slips(text, share, draw) for text in row["before"]]
    return changed


def with_slips(text: str, share: float, draw: random.Random) -> str:
    """A text in which each longer word has a slip with a probability of ``share``.

    Args:
        text: A message.
        share: 0 leaves it as it is, 1 spoils every longer word.
        draw: Decides which words, and which slips.
    """

    def slipped(found: re.Match[str]) -> str:
        return slip(found[0], draw) if draw.random() < share else found[0]

    return _WORD.sub(slipped, text)


def slip(word: str, draw: random.Random) -> str:
    """One slip at any letter: two swapped, one dropped, doubled, or the key beside it."""
    kind = draw.choice(SLIPS)
    return kind(word, draw.randrange(len(word)), draw)


def _swap(word: str, at: int, draw: random.Random) -> str:
    at = min(at, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _drop(word: str, at: int, draw: random.Random) -> str:
    return word[:at] + word[at + 1 :]


def _double(word: str, at: int, draw: random.Random) -> str:
    return word[: at + 1] + word[at:]


def _beside(word: str, at: int, draw: random.Random) -> str:
    near = _NEIGHBOURS.get(word[at].lower())
    if near is None:
        return _double(word, at, draw)
    key = draw.choice(near)
    return word[:at] + (key.upper() if word[at].isupper() else key) + word[at + 1 :]


SLIPS: tuple[Slip, ...] = (_swap, _drop, _double, _beside)


def _neighbours() -> dict[str, str]:
    """For each letter the keys left, right, above and below; each row stands half a key in."""
    places = {key: (x, y) for y, row in enumerate(_ROWS) for x, key in enumerate(row)}
    near = ((-1, 0), (1, 0), (0, -1), (1, -1), (0, 1), (-1, 1))
    at = {place: key for key, place in places.items()}
    return {
        key: "".join(at[x + i, y + j] for i, j in near if (x + i, y + j) in at)
        for key, (x, y) in places.items()
    }


_NEIGHBOURS = _neighbours()


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
        # Looked up here, so that the fault is named before anything is written.
        return [{**row, "text": str(row["text"])} for row in rows]
    except (OSError, ValueError, LookupError, TypeError):
        raise SettingError(
            f"{path} does not hold labelled messages.", remedy="Give a JSONL file of tests/nlu."
        ) from None


if __name__ == "__main__":
    sys.exit(main())
