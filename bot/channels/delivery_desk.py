"""Takes providers' reports on messages: kept, counted, and put before staff when one failed."""

from __future__ import annotations

from bot.channels.sms_sender import OPTED_OUT, PREFIX, address_of
from bot.continuing import CODE
from bot.metrics import DELIVERIES
from bot.outbox import Letter
from bot.storage.alerts import AlertRepository
from bot.storage.consents import ConsentRepository
from bot.storage.deliveries import LOST, DeliveryRepository
from bot.storage.outbox import OutboxRepository

CHANNEL = "sms"
KNOWN = frozenset({"accepted", "scheduled", "queued", "sending", "sent", "delivered", "read"})
MAX_STATUS, MAX_ERROR = 32, 16


class DeliveryDesk:
    """The desk for reports on texts."""

    def __init__(
        self,
        deliveries: DeliveryRepository,
        outbox: OutboxRepository,
        consents: ConsentRepository,
        alerts: AlertRepository,
    ) -> None:
        """Opens the desk.

        Args:
            deliveries: Keep the reports.
            outbox: Knows what was sent.
            consents: Are told of who opted out.
            alerts: What staff must look at.
        """
        self._deliveries = deliveries
        self._outbox = outbox
        self._consents = consents
        self._alerts = alerts

    async def take(self, provider_id: str, status: str, error: str | None) -> None:
        """Keeps a report; the same one again changes nothing."""
        status = status.strip().lower()[:MAX_STATUS]
        is_known = status in KNOWN | LOST
        DELIVERIES.labels(CHANNEL, status if is_known else "other").inc()
        code = error[:MAX_ERROR] if error else None
        if not await self._deliveries.add(provider_id, status, code) or status not in LOST:
            return
        letter = await self._outbox.of_provider(provider_id)
        if letter is not None:
            await self._tell(letter, code)

    async def _tell(self, letter: Letter, code: str | None) -> None:
        if code == str(OPTED_OUT):
            await self._consents.stop(PREFIX + address_of(letter), code)
        if letter.kind == CODE:
            return
        sign = f"{letter.kind}/{code or 'unknown'}"[:64]
        await self._alerts.add("outbox", "undelivered", sign, letter.conversation_id)
