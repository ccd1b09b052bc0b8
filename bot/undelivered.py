"""What becomes of a letter that cannot be delivered: another way to the patient, or staff."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.messenger_sender import WindowClosed
from bot.channels.sms_sender import CHANNEL as SMS
from bot.channels.sms_sender import OptedOut
from bot.continuing import CODE
from bot.outbox import REPLY, Letter, Outgoing
from bot.storage.alerts import AlertRepository
from bot.storage.live_requests import LiveRequests
from bot.storage.outbox import OutboxRepository


@dataclass(frozen=True)
class Undelivered:
    """Told of each letter that is given up.

    Attributes:
        alerts: What staff must look at.
        requests: Know who agreed to texts, and at which number.
        outbox: Keeps the same letter for another channel.
        has_sms: Whether texts can be sent.
    """

    alerts: AlertRepository
    requests: LiveRequests
    outbox: OutboxRepository
    has_sms: bool

    async def __call__(self, letter: Letter) -> None:
        """Sends a letter by text where the patient agreed to that; else staff have to call."""
        if letter.fault == WindowClosed.code and await self._is_sent_by_text(letter):
            return
        if letter.kind == CODE:
            # Whoever waits for a code asks for another; nobody has to call a number not proved.
            return
        if letter.fault == OptedOut.code and letter.kind == REPLY:
            # The patient wrote STOP right after a question, and means it.
            return
        await self.alerts.add("outbox", "undelivered", letter.kind, letter.conversation_id)

    async def _is_sent_by_text(self, letter: Letter) -> bool:
        phone = await self.requests.phone_for_texts(letter.conversation_id)
        if phone is None or not self.has_sms:
            return False
        await self.outbox.add(
            Outgoing(
                idempotency_key=f"{letter.idempotency_key}/{SMS}",
                channel=SMS,
                conversation_id=letter.conversation_id,
                kind=letter.kind,
                body=letter.body,
                detail={"to": phone},
            )
        )
        return True
