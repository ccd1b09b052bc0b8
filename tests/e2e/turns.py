"""Named turns of a conversation, and what their replies must hold."""

from __future__ import annotations

from dataclasses import dataclass

from e2e.booking_talk import ASKS, CONSENT, CONTACT, NAME, REASON, VISIT, WHEN
from e2e.patient import Reply

REQUEST = ("booking/request",)


@dataclass(frozen=True)
class Turn:
    """One message and what its reply must hold.

    Attributes:
        says: What the patient writes.
        ids: The answer ids of the reply, in order; empty: any.
        text: Words that the reply holds.
        lacks: Words that it does not hold.
    """

    says: str
    ids: tuple[str, ...] = ()
    text: str = ""
    lacks: str = ""

    def check(self, reply: Reply) -> None:
        """Fails when the reply is another."""
        if self.ids:
            assert tuple(reply.ids) == self.ids, f"{self.says}: {reply.text}"
        assert self.text in reply.text, f"{self.says}: {reply.text}"
        assert not self.lacks or self.lacks not in reply.text, f"{self.says}: {reply.text}"


STARTS = Turn(ASKS, REQUEST, "Which days and times")
SAYS_WHEN = Turn(WHEN, REQUEST, "What name")
SAYS_NAME = Turn(NAME, REQUEST, "phone number or email")
SAYS_CONTACT = Turn(CONTACT, REQUEST, "what would you like help with")
SAYS_REASON = Turn(REASON, REQUEST, "first visit?")
SAYS_FIRST = Turn(VISIT, REQUEST, "Robin; weekday mornings; sore lower back")
SENDS = Turn(CONSENT, REQUEST, "Your reference is B")
BOOKS = (STARTS, SAYS_WHEN, SAYS_NAME, SAYS_CONTACT, SAYS_REASON, SAYS_FIRST, SENDS)
