"""Sends texts through Twilio's REST API.

Source: Twilio's reference of the Message resource and of its error codes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from bot.channels.letters import READY
from bot.channels.provider_api import ProviderApi
from bot.channels.sms_settings import SmsSettings
from bot.channels.sms_text import sms_texts
from bot.outbox import Later, Letter, Refused
from bot.storage.consents import ConsentRepository

CHANNEL = "sms"
PREFIX = f"{CHANNEL}:"
SERVICE = "MG"
BAD_REQUEST = 400
OPTED_OUT = 21610
# The clinic's own set-up is wrong, which somebody can put right: no patient's letter is at fault.
OUR_FAULT = frozenset({20003, 20404, 21212, 21603, 21606, 21609, 21659, 21660, 21704})


class OptedOut(Refused):
    """The patient wants no texts."""

    code = "opted_out"


class SmsSender:
    """See ``bot.outbox.Sender``."""

    channel = CHANNEL
    ordered = True

    def __init__(
        self,
        settings: SmsSettings,
        consents: ConsentRepository,
        api: ProviderApi,
        opened: Callable[[Letter], Letter] = lambda letter: letter,
    ) -> None:
        """Makes the sender.

        Args:
            settings: The account.
            consents: Know who wants no texts, and are told.
            api: The way to Twilio.
            opened: Puts into a letter what is sealed until it is sent.
        """
        self._settings = settings
        self._consents = consents
        self._api = api
        self._opened = opened
        self._url = f"{settings.api_base}/2010-04-01/Accounts/{settings.account_sid}/Messages.json"
        self._auth = aiohttp.BasicAuth(settings.account_sid, settings.auth_token)

    async def send(self, letter: Letter) -> str | None:
        """Sends a letter, which is nearly always one text."""
        to = address_of(letter)
        if await self._consents.is_out(PREFIX + to):
            raise OptedOut("The patient wants no texts.")
        sid = None
        for text in _texts(self._opened(letter)):
            sid = await self._text(to, text)
        return sid

    async def say(self, conversation_id: str, text: str) -> None:
        """Sends a text that nobody could keep."""
        await self._text(conversation_id.removeprefix(PREFIX), text)

    async def _text(self, to: str, text: str) -> str | None:
        sender = self._settings.sender
        by = "MessagingServiceSid" if sender.startswith(SERVICE) else "From"
        form = {"To": to, by: sender, "Body": text, "StatusCallback": self._settings.status_url}
        status, answer = await self._api.post(self._url, data=form, auth=self._auth)
        if status >= BAD_REQUEST:
            await self._fail(to, status, answer)
        sid = answer.get("sid")
        return sid if isinstance(sid, str) else None

    async def _fail(self, to: str, status: int, answer: Mapping[str, Any]) -> None:
        code = answer.get("code")
        if code == OPTED_OUT:
            await self._consents.stop(PREFIX + to, str(OPTED_OUT))
            raise OptedOut("The patient wants no texts.")
        # 401 and 403: the account; the rest of 4xx is about this one text.
        if code in OUR_FAULT or status != BAD_REQUEST:
            raise Later(f"Twilio does not take texts from us ({status}, {code}).")
        raise Refused(f"Twilio refuses the text ({code}).")


def address_of(letter: Letter) -> str:
    """The number a letter goes to, in E.164."""
    to = letter.detail.get("to")
    return str(to) if to else letter.conversation_id.removeprefix(PREFIX)


def _texts(letter: Letter) -> list[str]:
    if letter.detail.get(READY):
        return [letter.body]
    return sms_texts(letter.body, letter.detail.get("choices") or ())
