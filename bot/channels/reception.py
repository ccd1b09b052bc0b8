"""Takes what a provider delivered: opt-out, rate, duplicate, row committed; the turn comes after.

The channel has checked size, signature and sender before. When ``take`` returns, every message is
committed and the provider may be told "ok".
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.channels.direct_line import DirectLine
from bot.errors import BotError
from bot.guard.opt_out import Keyword, keyword, may_be_about_a_visit
from bot.guard.rate import RateLimit
from bot.guard.refusals import TooFast
from bot.metrics import TAKEN
from bot.outbox import Outgoing
from bot.safety import Gate
from bot.storage.alerts import AlertRepository
from bot.storage.inbox_queue import Arrival, InboxQueue, Taken
from bot.storage.live_requests import LiveRequests
from bot.storage.outbox import OutboxRepository
from bot.storage.types import utc_now
from bot.turn.answering import TOO_FAST, Answering
from bot.turn.deadline import within
from bot.turn.workers import Workers

logger = logging.getLogger(__name__)
# Providers wait some 15 seconds.
STORE_SECONDS = 10.0
# How an arrival ended; its reasons for being kept without a turn.
OPTED_OUT, FAST, STOPPED = "opted_out", "too_fast", "stopped"
TOLD = frozenset({OPTED_OUT, FAST, STOPPED})
SLOW_DOWN_SECONDS = 600
SIGN_LENGTH = 64


class NotTaken(BotError):
    """A message could not be kept; the provider is to deliver it again."""

    code = "unavailable"
    status = 503
    is_told = True


class Reception:
    """The desk of all providers' channels."""

    def __init__(
        self,
        queue: InboxQueue,
        workers: Workers,
        answering: Answering,
        line: DirectLine,
        *,
        rate: RateLimit,
        gate: Gate,
        alerts: AlertRepository,
        requests: LiveRequests,
        outbox: OutboxRepository,
    ) -> None:
        """Opens the desk.

        Args:
            queue: Keeps messages.
            workers: Answer what was kept.
            answering: Knows the fixed phrases.
            rate: How fast one patient may write.
            gate: Reads red flags of messages that get no turn.
            line: Speaks to a patient when nothing can be kept.
            alerts: What staff must look at.
            requests: Know who has a live request.
            outbox: Keeps the word to whoever writes too fast.
        """
        self._queue = queue
        self._workers = workers
        self._answering = answering
        self._rate = rate
        self._gate = gate
        self._line = line
        self._alerts = alerts
        self._requests = requests
        self._outbox = outbox

    async def take(self, arrivals: Sequence[Arrival]) -> None:
        """Keeps messages in the order given.

        Raises:
            NotTaken: when they cannot be kept; none of them is. The patients hear the warning or
                the apology all the same.
        """
        try:
            with self._workers.arriving():
                judged = [await self._judged(arrival) for arrival in arrivals]
                taken = await within(self._queue.take(judged), STORE_SECONDS)
        except Exception as error:
            logger.error("Messages could not be kept: %s", type(error).__qualname__)
            for arrival in arrivals:
                self._line.speak(arrival)
            raise NotTaken("The message could not be kept. Please deliver it again.") from None
        waiting = [one.row.conversation_id for one in taken if one.row.status == "received"]
        self._workers.wake(dict.fromkeys(waiting))
        for one in taken:
            why = _why(one)
            TAKEN.labels(one.row.channel, why).inc()
            if why in TOLD:
                await self._tell(one.arrival, why)

    async def _judged(self, arrival: Arrival) -> Arrival:
        """The arrival as it is to be kept."""
        if arrival.channel == "sms":
            arrival = _with_consent(arrival)
            if arrival.consent is not None:
                return arrival
        try:
            await self._rate.spend(arrival.conversation_id, arrival.message_id)
        except TooFast:
            # However fast somebody writes, a red flag gets its number.
            if self._gate.check(arrival.text).level is None:
                return replace(arrival, is_answered=False)
        except Exception as error:
            # A limit that cannot be counted is no reason to lose a message.
            logger.error("A rate was not counted: %s", type(error).__qualname__)
        return arrival

    async def _tell(self, arrival: Arrival, why: str) -> None:
        """Puts before staff what they must know of a message that gets no turn."""
        try:
            await within(self._alert(arrival, why), STORE_SECONDS)
        except Exception as error:
            logger.error("An alert could not be raised: %s", type(error).__qualname__)

    async def _alert(self, arrival: Arrival, why: str) -> None:
        conversation = arrival.conversation_id
        if why == OPTED_OUT:
            await self._alerts.add("opt_out", "wrote_again", "no_reply_possible", conversation)
            for flag in self._gate.check(arrival.text).flags:
                await self._alerts.add("red_flag", flag.level.value, flag.sign, conversation)
        if why == FAST:
            await self._outbox.add(self._slow_down(arrival, utc_now()))
        if why == STOPPED:
            await self._alert_of_stop(arrival)

    async def _alert_of_stop(self, arrival: Arrival) -> None:
        word = arrival.consent[1] if arrival.consent else ""
        phone = arrival.conversation_id.partition(":")[2]
        if await self._requests.has_any(arrival.conversation_id, phone):
            level = "maybe_cancel" if may_be_about_a_visit(arrival.text) else "live_request"
            await self._alerts.add("opt_out", level, word[:SIGN_LENGTH], arrival.conversation_id)

    def _slow_down(self, arrival: Arrival, now: datetime) -> Outgoing:
        """One word in ten minutes to whoever writes too fast."""
        window = int(now.timestamp() // SLOW_DOWN_SECONDS)
        return Outgoing(
            f"too_fast/{arrival.conversation_id}/{window}",
            arrival.channel,
            arrival.conversation_id,
            FAST,
            self._answering.phrase(TOO_FAST, arrival.channel),
        )


def _with_consent(arrival: Arrival) -> Arrival:
    """A text with what it says of consent; what "start" means the database knows."""
    word = keyword(arrival.text, (arrival.detail or {}).get("opt_out_type"))
    source = arrival.text.strip().casefold()
    heeding = replace(arrival, heeds_consent=True)
    if word is Keyword.STOP:
        return replace(heeding, is_answered=False, consent=("stop", source))
    return replace(heeding, consent=("start", source)) if word is Keyword.START else heeding


def _why(one: Taken) -> str:
    """How an arrival ended."""
    if not one.row.is_new:
        return "duplicate"
    if one.is_silenced:
        return OPTED_OUT
    if one.arrival.is_answered:
        return "taken"
    return FAST if one.arrival.consent is None else STOPPED
