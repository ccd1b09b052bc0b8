"""Sends Messenger messages through Meta's Send API.

Source: Meta's reference of the Send API, its error codes and its policy of the 24-hour window.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.channels.letters import READY
from bot.channels.messenger_settings import MessengerSettings
from bot.channels.messenger_text import message_body, messenger_texts
from bot.channels.provider_api import ProviderApi
from bot.outbox import Later, Letter, Refused
from bot.storage.inbox import InboxRow
from bot.storage.inbox_queue import InboxQueue

logger = logging.getLogger(__name__)
CHANNEL = "messenger"
PREFIX = f"{CHANNEL}:"
BAD_REQUEST = 400
# A minute less than the policy says, for the way there.
WINDOW = timedelta(hours=24) - timedelta(minutes=1)
WINDOW_CLOSED = 10
# About this one message or patient: an unknown recipient, one who is gone or blocked the page.
FINAL = frozenset({100, 200, 551})
# When Meta is slow, typing signs are what can be left out.
MAX_ACTING = 50
ACTIONS = ("mark_seen", "typing_on")


class WindowClosed(Refused):
    """The patient last wrote more than a day ago; only a person may still answer."""

    code = "window_closed"


class MessengerSender:
    """See ``bot.outbox.Sender``."""

    channel = CHANNEL
    ordered = True

    def __init__(
        self,
        settings: MessengerSettings,
        queue: InboxQueue,
        api: ProviderApi,
        clock: Callable[[], datetime],
    ) -> None:
        """Makes the sender.

        Args:
            settings: The page.
            queue: Knows when the patient last wrote.
            api: The way to Meta.
            clock: The present moment; aware.
        """
        self._url = settings.send_url
        self._queue = queue
        self._api = api
        self._clock = clock
        proof = hmac.new(settings.app_secret.encode(), settings.page_token.encode(), sha256)
        self._auth = {"access_token": settings.page_token, "appsecret_proof": proof.hexdigest()}
        self._acting: set[asyncio.Task[None]] = set()

    async def send(self, letter: Letter) -> str | None:
        """Sends a letter, which is nearly always one message."""
        last = await self._queue.last_received(letter.conversation_id)
        if last is None or self._clock() - last > WINDOW:
            raise WindowClosed("The patient last wrote more than a day ago.")
        texts = [letter.body] if letter.detail.get(READY) else messenger_texts(letter.body)
        choices = letter.detail.get("choices") or ()
        mid = None
        for text in texts:
            body = message_body(text, choices if text is texts[-1] else ())
            mid = await self._message(letter.conversation_id, body)
        return mid

    async def say(self, conversation_id: str, text: str) -> None:
        """Sends a message that nobody could keep."""
        await self._message(conversation_id, message_body(text, ()))

    def begun(self, row: InboxRow) -> None:
        """Shows the patient that the message was seen and is being answered; waits for nothing."""
        if row.channel == CHANNEL and len(self._acting) < MAX_ACTING:
            task = asyncio.ensure_future(self._act(row.conversation_id))
            self._acting.add(task)
            task.add_done_callback(self._acting.discard)

    async def _act(self, conversation_id: str) -> None:
        try:
            for action in ACTIONS:
                recipient = {"id": conversation_id.removeprefix(PREFIX)}
                body = {"recipient": recipient, "sender_action": action}
                await self._api.post(self._url, params=self._auth, json=body)
        except Exception as error:
            logger.info("No typing sign was shown: %s", type(error).__qualname__)

    async def _message(self, conversation_id: str, message: Mapping[str, Any]) -> str | None:
        body = {
            "recipient": {"id": conversation_id.removeprefix(PREFIX)},
            "messaging_type": "RESPONSE",
            "message": message,
        }
        status, answer = await self._api.post(self._url, params=self._auth, json=body)
        if status >= BAD_REQUEST:
            raise _failure(status, answer)
        mid = answer.get("message_id")
        return mid if isinstance(mid, str) else None


def _failure(status: int, answer: Mapping[str, Any]) -> Exception:
    error = answer.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    if code == WINDOW_CLOSED:
        return WindowClosed("Meta takes no message to this patient any more.")
    if code in FINAL:
        return Refused(f"Meta refuses the message ({code}).")
    # Rates, faults of Meta's own, and a token that the clinic has to renew.
    return Later(f"Meta does not take messages now ({status}, {code}).")
