"""Reads one YAML file; whatever is wrong with it is told with the file and the next step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from bot.content.errors import ContentError


def read_mapping(path: Path) -> dict[str, Any]:
    """The mapping that the file holds.

    Raises:
        ContentError: the file is missing, is not YAML, or holds something else.
    """
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(
            f"{path} cannot be read.",
            remedy="Check that the file exists, may be read and is UTF-8 text.",
            extra={"reason": str(error)},
        ) from None
    except yaml.YAMLError as error:
        raise ContentError(
            f"{path} is not valid YAML{_place(error)}.",
            remedy="Correct the line; check its indentation and quotes.",
            extra={"reason": str(error)},
        ) from None
    if not isinstance(found, dict):
        raise ContentError(
            f"{path} does not hold named values.", remedy="Write it as `name: value` lines."
        )
    return found


def faults(error: ValidationError) -> Iterator[str]:
    """Each fault of a model as one phrase, for example ``title: too long``."""
    for fault in error.errors():
        place = ".".join(str(part) for part in fault["loc"] if part != "__root__")
        yield f"{place}: {fault['msg']}" if place else str(fault["msg"])


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f" at line {mark.line + 1}" if mark is not None else ""
