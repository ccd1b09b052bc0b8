"""A channel is on when all that it needs is set, off when nothing is, and never in between."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import SettingError
from bot.settings import Settings


def all_or_none(settings: Settings, names: Sequence[str], what: str) -> list[str] | None:
    """The values of settings that belong together.

    Args:
        settings: The process's.
        names: Of the fields.
        what: What they turn on, for a person to read.

    Returns:
        None when none of them is set.

    Raises:
        SettingError: names those that are missing when others are set.
    """
    values = [getattr(settings, name) for name in names]
    missing = [n.upper() for n, value in zip(names, values, strict=True) if not value]
    if not missing:
        return values
    if len(missing) == len(names):
        return None
    present = [name.upper() for name in names if name.upper() not in missing]
    raise SettingError(
        f"{what} are only half set up: {_listed(missing)} missing.",
        remedy=f"Set what is missing too, or unset {', '.join(present)}.",
    )


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"
