"""Sends Messenger messages through Meta's Send API.

Source: Meta's reference of the Send API, its error codes, its policy of the 24-hour window and of
the tag for people: a person, and nobody else, may still answer within seven days.
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
from bot.handoff.words import BY_PERSON
from bot.outbox import Later, Letter, Refused
from bot.storage.inbox import InboxRow
from bot.storage.inbox_queue import InboxQueue
from bot.turn.turn import People

logger = logging.getLogger(__name__)
CHANNEL = "messenger"
PREFIX = f"{CHANNEL}:"
BAD_REQUEST = 400
# A minute less than the policy says, for the way there.
WINDOW = timedelta(hours=24) - timedelta(minutes=1)
PERSONS_WINDOW = timedelta(days=7) - timedelta(minutes=1)
BY_PERSON_LATE = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
IN_TIME = {"messaging_type": "RESPONSE"}
WINDOW_CLOSED = 10
# About this one message or patient: an unknown recipient, one who is gone or blocked the page.
FINAL = frozenset({100, 200, 551})
# When Meta is slow, typing signs are what can be left out.
MAX_ACTING = 50
ACTIONS = ("mark_seen", "typing_on")


class WindowClosed(Refused):
    """The patient last wrote too long ago: a day, or a week where a person answers."""

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
        people: People | None = None,
    ) -> None:
        """Makes the sender.

        Args:
            settings: The page.
            queue: Knows when the patient last wrote.
            api: The way to Meta.
            clock: The present moment; aware.
            people: Where one has the conversation, nobody is shown to be typing.
        """
        self._url = settings.send_url
        self._queue = queue
        self._api = api
        self._clock = clock
        self._people = people
        proof = hmac.new(settings.app_secret.encode(), settings.page_token.encode(), sha256)
        self._auth = {"access_token": settings.page_token, "appsecret_proof": proof.hexdigest()}
        self._acting: set[asyncio.Task[None]] = set()

    async def send(self, letter: Letter) -> str | None:
        """Sends a letter, which is nearly always one message."""
        kind = await self._kind(letter)
        texts = [letter.body] if letter.detail.get(READY) else messenger_texts(letter.body)
        choices = letter.detail.get("choices") or ()
        mid = None
        for text in texts:
            body = message_body(text, choices if text is texts[-1] else ())
            mid = await self._message(letter.conversation_id, body, kind)
        return mid

    async def _kind(self, letter: Letter) -> Mapping[str, str]:
        """As what Meta is to take a letter, by how long ago the patient last wrote."""
        last = await self._queue.last_received(letter.conversation_id)
        passed = None if last is None else self._clock() - last
        if passed is not None and passed <= WINDOW:
            return IN_TIME
        if passed is not None and passed <= PERSONS_WINDOW and letter.detail.get(BY_PERSON):
            return BY_PERSON_LATE
        raise WindowClosed("The patient last wrote too long ago.")

    async def say(self, conversation_id: str, text: str) -> None:
        """Sends a message that nobody could keep."""
        await self._message(conversation_id, message_body(text, ()), IN_TIME)

    def begun(self, row: InboxRow) -> None:
        """Shows the patient that the message was seen and is being answered; waits for nothing."""
        if row.channel == CHANNEL and len(self._acting) < MAX_ACTING:
            task = asyncio.ensure_future(self._act(row.conversation_id))
            self._acting.add(task)
            task.add_done_callback(self._acting.discard)

    async def _act(self, conversation_id: str) -> None:
        try:
            if self._people is not None and await self._people.is_taken(conversation_id):
                return
            for action in ACTIONS:
                recipient = {"id": conversation_id.removeprefix(PREFIX)}
                body = {"recipient": recipient, "sender_action": action}
                await self._api.post(self._url, params=self._auth, json=body)
        except Exception as error:
            logger.info("No typing sign was shown: %s", type(error).__qualname__)

    async def _message(
        self, conversation_id: str, message: Mapping[str, Any], kind: Mapping[str, str]
    ) -> str | None:
        recipient = {"id": conversation_id.removeprefix(PREFIX)}
        body = {"recipient": recipient, **kind, "message": message}
        status, answer = await self._api.post(self._url, params=self._auth, json=body)
        if status >= BAD_REQUEST:
            raise _failure(status, answer, kind)
        mid = answer.get("message_id")
        return mid if isinstance(mid, str) else None


def _failure(status: int, answer: Mapping[str, Any], kind: Mapping[str, str]) -> Exception:
    error = answer.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    # The tag is refused as a wrong parameter to whom Meta has not granted it.
    if code == WINDOW_CLOSED or (kind == BY_PERSON_LATE and code in FINAL):
        return WindowClosed("Meta takes no message to this patient any more.")
    if code in FINAL:
        return Refused(f"Meta refuses the message ({code}).")
    # Rates, faults of Meta's own, and a token that the clinic has to renew.
    return Later(f"Meta does not take messages now ({status}, {code}).")
