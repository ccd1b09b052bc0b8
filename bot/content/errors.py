"""Errors of the content room: a file that is wrong, and a card that may not be served."""

from __future__ import annotations

from bot.errors import BotError, SettingError


class ContentError(SettingError):
    """A card, profile or topic file is missing or wrong; the message names the file."""

    code = "bad_content"


class CardUnavailable(BotError):
    """No approved, in-date card exists for a topic, so nothing may be said on it."""

    code = "card_unavailable"
    status = 404
