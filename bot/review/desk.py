"""The redactor of one clinic, made when it is first needed, and the copier that uses it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.content import ClinicProfile
from bot.review.copier import Copier
from bot.review.names import Phrases
from bot.storage.database import Database
from bot.storage.review import ReviewRepository
from bot.storage.turns import TurnRepository

if TYPE_CHECKING:
    from bot.redaction import Redactor


@lru_cache(maxsize=4)
def redactor_of(profile: ClinicProfile) -> Redactor:
    """What may stay is the clinic's own phone and addresses; making it takes a second or two."""
    from bot.redaction import Redactor

    own = (profile.phone, profile.email, profile.privacy_contact, profile.address)
    return Redactor(word for word in own if word)


def copier_of(
    database: Database, profile: ClinicProfile, domain: Path, sample: float = 0.0
) -> Copier:
    """The copier over a database.

    Args:
        database: Where everything is kept.
        profile: Whose own phone and addresses may stay.
        domain: The file with what the assistant says around a name.
        sample: The share of messages drawn for review, beside those that have a reason.

    Raises:
        ContentError: when domain.yml cannot be read.
    """
    review, turns = ReviewRepository(database, sample), TurnRepository(database)
    return Copier(review, turns, lambda: redactor_of(profile), Phrases.load(domain))
