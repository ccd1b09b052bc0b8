"""A person of the clinic takes a conversation over, answers in it, and gives it back.

Where a conversation stands is kept in the database, beside Rasa's record and not in it: it outlives
a restart and the end of a session, and every process sees the same.
"""

from bot.handoff.model import (
    MAX_WORDS,
    OPEN,
    Asked,
    BadWords,
    Handoff,
    HandoffNotFound,
    HandoffOver,
    HeldByOther,
    State,
    is_readable,
)
from bot.handoff.ports import Deed, HandoffRepository
from bot.handoff.service import HandoffDesk
from bot.handoff.words import STAFF_MESSAGE, HandoffWords

__all__ = [
    "MAX_WORDS",
    "OPEN",
    "STAFF_MESSAGE",
    "Asked",
    "BadWords",
    "Deed",
    "Handoff",
    "HandoffDesk",
    "HandoffNotFound",
    "HandoffOver",
    "HandoffRepository",
    "HandoffWords",
    "HeldByOther",
    "State",
    "is_readable",
]
