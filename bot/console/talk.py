"""Who answers a conversation, as its page shows it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bot.console.visit import Visit
from bot.handoff import Handoff, State
from bot.staff.roles import Permission
from bot.storage.consents import ConsentRepository

# How often the page of a talk looks for something new; the others look less often.
LOOK_MS = 2000
OPTED_OUT = (
    "This patient opted out of text messages: nothing you write here reaches them. Please "
    "call; the number stands under “Uncover what was written”."
)


@dataclass(frozen=True)
class Talk:
    """Who answers.

    Attributes:
        handoff: The open one; None where the assistant answers and nobody asked for a person.
        is_mine: Whether the user has it.
        form: Names the form that words are typed in.
        typed: Words that were typed and not sent.
        obstacle: Why nothing can be sent; empty when it can.
    """

    handoff: Handoff | None
    is_mine: bool
    form: str
    typed: str = ""
    obstacle: str = ""

    @property
    def look_ms(self) -> int | None:
        """How often the page looks, in milliseconds; None: as often as any."""
        return LOOK_MS if self.handoff and self.handoff.state is State.TAKEN else None


async def talk_of(visit: Visit, conversation_id: str, typed: str = "") -> Talk:
    """Who answers a conversation now."""
    services = visit.desk.services
    handoff = await services.handoffs.of_conversation(conversation_id)
    is_mine = handoff is not None and handoff.is_held_by(visit.user.actor)
    obstacle = ""
    if is_mine and await ConsentRepository(services.database).is_out(conversation_id):
        obstacle = OPTED_OUT
    may = visit.user.may(Permission.HANDOFF)
    return Talk(handoff, is_mine and may, secrets.token_urlsafe(12), typed, obstacle)
