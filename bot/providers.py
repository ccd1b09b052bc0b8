"""Puts the channels of providers together: each is on when its secrets are set, and off else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from rasa.core.channels.channel import InputChannel
from rasa.core.lock_store import LockStore

from bot.channels.delivery_desk import DeliveryDesk
from bot.channels.direct_line import DirectLine, Say
from bot.channels.letters import MessengerLetters, SmsLetters
from bot.channels.messenger import MessengerChannel
from bot.channels.messenger_sender import MessengerSender
from bot.channels.messenger_settings import MessengerSettings
from bot.channels.provider_api import ProviderApi
from bot.channels.reception import Reception
from bot.channels.sms import SmsChannel
from bot.channels.sms_sender import SmsSender
from bot.channels.sms_settings import SmsSettings
from bot.continuing import CodeLetters, ContinueDesk, Wording
from bot.guard.rate import RateLimit
from bot.guard.signatures import HubSignature, TwilioSignature
from bot.outbox import PostOffice, Sender
from bot.periodic import every
from bot.services import Services
from bot.staff.seal import Seal
from bot.storage.consents import ConsentRepository
from bot.storage.deliveries import DeliveryRepository
from bot.storage.inbox_queue import InboxQueue
from bot.storage.links import LinkRepository
from bot.storage.live_requests import LiveRequests
from bot.storage.tracker_store import DatabaseTrackerStore
from bot.storage.types import utc_now
from bot.turn.answering import FIRST_CONTACT, Answering
from bot.turn.dialogues import RasaDialogues
from bot.turn.live import AnyTurn
from bot.turn.workers import Compose, Workers

# How often messages are looked for that nobody works on.
LOOK_SECONDS = 2.0


class Providers:
    """The channels that are on, with all that they need."""

    def __init__(self, parts: Services) -> None:
        """Reads which channels are on.

        Raises:
            SettingError: when one is only half set up; names what is missing.
        """
        self._parts = parts
        self._sms = SmsSettings.of(parts.settings)
        self._messenger = MessengerSettings.of(parts.settings)
        self._api = ProviderApi()
        self._queue = InboxQueue(parts.database)
        self._consents = ConsentRepository(parts.database)
        self._seal = Seal(parts.settings.secret_key or "", "continue by text")
        opened = CodeLetters(self._seal, "", utc_now).opened
        self._sms_sender = self._sms and SmsSender(self._sms, self._consents, self._api, opened)
        self._messenger_sender = self._messenger and MessengerSender(
            self._messenger, self._queue, self._api, utc_now, parts.handoffs
        )
        self._workers: Workers | None = None
        self._line: DirectLine | None = None

    @property
    def senders(self) -> list[Sender]:
        """One for each channel that is on."""
        return [sender for sender in (self._sms_sender, self._messenger_sender) if sender]

    @property
    def workers(self) -> Workers | None:
        """Who answers; None while no channel is on."""
        return self._workers

    @property
    def line(self) -> DirectLine | None:
        """What remains when nothing can be kept; None while no channel is on."""
        return self._line

    def channels(self, turn: AnyTurn, post: PostOffice) -> list[InputChannel]:
        """The channels that are on.

        Args:
            turn: Answers messages.
            post: Sends what is kept.

        Raises:
            CardUnavailable: when a phrase of the channels is missing or not approved.
        """
        if not self.senders:
            return []
        reception = self._reception(turn, post)
        found: list[InputChannel] = []
        if self._sms:
            signature = TwilioSignature(self._sms.auth_token, self._sms.public_url)
            found.append(SmsChannel(reception, signature, self._deliveries()))
        if self._messenger:
            hub = HubSignature(self._messenger.app_secret)
            found.append(MessengerChannel(reception, hub, self._messenger.verify_token))
        return found

    def continue_desk(
        self, trackers: DatabaseTrackerStore, locks: LockStore
    ) -> ContinueDesk | None:
        """Where a web chat goes on by text message; None while text messages are off.

        Args:
            trackers: Rasa's conversations.
            locks: Those under which turns run.

        Raises:
            CardUnavailable: when a phrase is missing or not approved.
        """
        if not self._sms:
            return None
        wording = Wording.load(self._parts.library)
        word = wording.moved[1]
        dialogues = RasaDialogues(trackers, locks, self._queue, utc_now, word)
        store = LinkRepository(self._parts.database)
        return ContinueDesk(store, dialogues, wording, self._seal, utc_now)

    def tasks(self) -> list[Callable[[], Awaitable[None]]]:
        """What runs beside the server until it is cancelled."""
        return [partial(every, LOOK_SECONDS, self._workers.look)] if self._workers else []

    async def recover(self, is_alone: bool) -> None:
        """Takes up what an earlier process died with.

        Args:
            is_alone: Whether no other process works on the same database; else its claims count.
        """
        if self._workers is not None and is_alone:
            await self._workers.recover()

    async def stop(self) -> None:
        """Ends the work and the connections; what is not finished is kept."""
        if self._workers is not None:
            await self._workers.stop()
        if self._line is not None:
            await self._line.close()
        await self._api.close()

    def _reception(self, turn: AnyTurn, post: PostOffice) -> Reception:
        parts, deadline = self._parts, self._parts.settings.turn_deadline
        answering = Answering(turn, parts.library, parts.outbox, deadline)
        self._line = line = DirectLine(turn, self._says())
        self._workers = Workers(
            self._queue,
            parts.inbox,
            answering,
            self._compose(answering),
            deadline=deadline,
            post=post.call,
            begun=self._messenger_sender.begun if self._messenger_sender else None,
            in_danger=line.warn,
        )
        return Reception(
            self._queue,
            self._workers,
            answering,
            line,
            rate=RateLimit(parts.settings.rate_limit, "provider_message", parts.settings.redis_url),
            gate=parts.gate,
            alerts=parts.alerts,
            requests=LiveRequests(parts.database),
            outbox=parts.outbox,
        )

    def _says(self) -> dict[str, Say]:
        senders = (self._sms_sender, self._messenger_sender)
        return {sender.channel: sender.say for sender in senders if sender}

    def _compose(self, answering: Answering) -> dict[str, Compose]:
        composers: dict[str, Compose] = {}
        if self._sms:
            composers["sms"] = SmsLetters(answering.phrase(FIRST_CONTACT, "sms"))
        if self._messenger:
            composers["messenger"] = MessengerLetters(answering.phrase(FIRST_CONTACT, "messenger"))
        return composers

    def _deliveries(self) -> DeliveryDesk:
        parts = self._parts
        reports = DeliveryRepository(parts.database)
        return DeliveryDesk(reports, parts.outbox, self._consents, parts.alerts)
