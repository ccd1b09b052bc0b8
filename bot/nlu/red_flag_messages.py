"""The messages that the second opinion on red flags learns from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.errors import SettingError

RED_FLAGS, LOOK_ALIKES = "red_flags.yml", "look_alikes.yml"
NONE = "none"

Labelled = list[tuple[str, str]]
# Five times as fast as the one in Python, for thousands of lines.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_messages(folder: Path) -> Labelled:
    """Reads both files.

    Args:
        folder: Holds ``red_flags.yml``, messages by level and sign, and ``look_alikes.yml``,
            harmless ones by kind.

    Returns:
        Messages with their labels: ``emergency/chest_pain``, or ``none``.

    Raises:
        SettingError: names the file and the remedy.
    """
    return [*_flagged(folder), *((text, NONE) for text, _ in _harmless(folder))]


def read_kinds(folder: Path) -> Labelled:
    """As ``read_messages``, but each kind of harmless message has its label: ``none/idiom``."""
    return [*_flagged(folder), *((text, f"{NONE}/{kind}") for text, kind in _harmless(folder))]


def _flagged(folder: Path) -> Iterator[tuple[str, str]]:
    for level, signs in _read(folder / RED_FLAGS).items():
        for text, sign in _texts(folder / RED_FLAGS, signs):
            yield text, f"{level}/{sign}"


def _harmless(folder: Path) -> Iterator[tuple[str, str]]:
    return _texts(folder / LOOK_ALIKES, _read(folder / LOOK_ALIKES))


def _texts(path: Path, lists: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(lists, Mapping):
        raise _wrong(path)
    for name, texts in lists.items():
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise _wrong(path)
        yield from ((text, str(name)) for text in texts)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except (OSError, yaml.YAMLError) as error:
        raise SettingError(
            f"{path} cannot be read: {error}", remedy="Restore or correct it."
        ) from None
    if not isinstance(content, Mapping):
        raise _wrong(path)
    return content


def _wrong(path: Path) -> SettingError:
    return SettingError(
        f"{path} does not hold lists of messages by name.",
        remedy="Write each message in quotes, under its sign.",
    )
