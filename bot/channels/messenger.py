"""Facebook Messenger by Meta's webhooks; replies leave later, through the outbox."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, text

from bot.channels.messenger_events import CHANNEL, arrivals_in
from bot.channels.reception import Reception
from bot.guard.fields import json_object
from bot.guard.signatures import HubSignature, forged
from bot.metrics import TAKEN

RECEIVED = "EVENT_RECEIVED"
PAGE = "page"


class MessengerChannel(InputChannel):
    """Routes under ``/webhooks/messenger``."""

    def __init__(self, reception: Reception, signature: HubSignature, verify_token: str) -> None:
        """Makes the channel.

        Args:
            reception: Takes messages.
            signature: Checks who calls.
            verify_token: The word that the handshake must bring.
        """
        self._reception = reception
        self._signature = signature
        self._verify_token = verify_token.encode()

    @classmethod
    def name(cls) -> str:
        """The channel's name in rows, metrics and routes."""
        return CHANNEL

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes; replies come from the workers, not from ``on_new_message``."""
        routes = Blueprint("messenger_channel")

        # Sanic marks its handlers with attributes, which bound methods do not take.
        @routes.get("")
        async def handshake(request: Request) -> HTTPResponse:
            return self.shake_hands(request)

        @routes.post("")
        async def events(request: Request) -> HTTPResponse:
            return await self.take_events(request)

        return routes

    def shake_hands(self, request: Request) -> HTTPResponse:
        """Shows Meta that this address is ours."""
        given = request.args.get("hub.verify_token") or ""
        is_ours = hmac.compare_digest(given.encode("utf-8", "replace"), self._verify_token)
        if request.args.get("hub.mode") != "subscribe" or not is_ours:
            raise forged()
        return text(request.args.get("hub.challenge") or "")

    async def take_events(self, request: Request) -> HTTPResponse:
        """Keeps every message of a batch; answers once all are committed."""
        self._signature.check(request.body, request.headers.get("x-hub-signature-256"))
        batch = json_object(request.body)
        arrivals = arrivals_in(batch) if batch.get("object") == PAGE else []
        if arrivals:
            await self._reception.take(arrivals)
        else:
            TAKEN.labels(CHANNEL, "no_message").inc()
        return text(RECEIVED)
