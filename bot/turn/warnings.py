"""The warnings in every channel's and language's wording, made before anything can be broken."""

from __future__ import annotations

from bot.content import CardLibrary
from bot.safety import Assessment, Language, Level
from bot.turn.reply import ReplyMessage

CHANNELS = ("web", "sms", "messenger")
LANGUAGES: tuple[Language, ...] = ("en", "fr")


def levels_of(found: Assessment) -> list[Level]:
    """The levels to warn of: a crisis and an emergency each have a number of their own."""
    levels = list(dict.fromkeys(flag.level for flag in found.flags))
    grave: list[Level] = [level for level in levels if level is not Level.URGENT]
    return grave or levels


def warnings_of(library: CardLibrary) -> dict[tuple[Level, str, Language], ReplyMessage]:
    """Every warning, by level, channel and language.

    Raises:
        CardUnavailable: when one is missing or not approved.
    """
    return {
        (level, channel, language): _warning(library, level, channel, language)
        for level in Level
        for channel in CHANNELS
        for language in LANGUAGES
    }


def _warning(library: CardLibrary, level: Level, channel: str, language: Language) -> ReplyMessage:
    card = library.render(f"safety/{level.value}", channel, language)
    # Without its sources: nobody should have to read past references to find the number.
    return ReplyMessage(card.text, (card.topic,), outcome=level.value)
