"""What the console is made of, put together once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.console.address import Address
from bot.console.pages import Pages
from bot.content import ClinicProfile
from bot.learning.office import Learning
from bot.services import Services
from bot.staff.office import Office
from bot.staff.seal import Seal
from bot.storage.turns import TurnRepository


@dataclass(frozen=True)
class Desk:
    """The parts.

    Attributes:
        services: The domain services.
        office: Users, sessions and the audit trail.
        address: Where the console is reached.
        pages: Fills templates.
        forms: Makes the tokens of forms.
        turns: What was said.
        learning: What is learned from labels.
    """

    services: Services
    office: Office
    address: Address
    pages: Pages
    forms: Seal
    turns: TurnRepository
    learning: Learning

    @property
    def profile(self) -> ClinicProfile:
        """The clinic's own facts."""
        return self.services.profile

    def csrf(self, token: str) -> str:
        """What a form of this browser must carry."""
        return self.forms.mark(token)
