"""What the assistant may say: approved answer cards, filled with the clinic's own facts."""

from bot.content.card import AnswerCard, Language
from bot.content.errors import CardUnavailable, ContentError
from bot.content.library import CardLibrary, RenderedAnswer
from bot.content.profile import ClinicProfile

__all__ = [
    "AnswerCard",
    "CardLibrary",
    "CardUnavailable",
    "ClinicProfile",
    "ContentError",
    "Language",
    "RenderedAnswer",
]
