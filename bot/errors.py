"""The one base error: what the caller may see, what only the log may see, and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class BotError(Exception):
    """An error this project raises on purpose.

    Attributes:
        code: Stable machine-readable name, shown to clients as ``error.code``.
        status: HTTP status that fits the error.
        is_told: Whether a client hears the message though the fault is not its own.
        message: Sentence a client or an operator may see; never holds patient text.
        remedy: What the operator can do about it; not shown to patients.
        extra: Details for the log only.
    """

    code = "error"
    status = 500
    is_told = False

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.extra = dict(extra or {})

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class SettingError(BotError):
    """A setting or a file the operator owns is missing or wrong."""

    code = "bad_setting"
