"""The routes by which a web chat goes on by text message; there only while text messages are on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.continuing import ContinueDesk
from bot.errors import BotError
from bot.guard.fields import json_body
from bot.guard.rate import RateLimit
from bot.guard.refusals import BadRequest
from bot.guard.sessions import Sessions
from bot.metrics import PHONE_CODES
from bot.reading.contact import readable_contact

SMS = "sms"
NO_STORE = {"Cache-Control": "no-store"}
# A phone as people write it, with an extension; a code with spaces.
MAX_PHONE, MAX_CODE = 64, 32


class WebContinue:
    """Routes under ``/webhooks/web/continue``."""

    def __init__(
        self,
        desk: ContinueDesk,
        sessions: Sessions,
        rate: RateLimit,
        post: Callable[[str], None],
    ) -> None:
        """Makes the routes.

        Args:
            desk: Sends codes and links conversations.
            sessions: Name the conversation.
            rate: How fast one patient may write; requests here count as messages.
            post: Told of the channel that has new letters.
        """
        self._desk = desk
        self._sessions = sessions
        self._rate = rate
        self._post = post

    def add_to(self, routes: Blueprint) -> None:
        """Puts the routes beside the web channel's own."""

        # Sanic marks its handlers with attributes, which bound methods do not take.
        @routes.post("/continue")
        async def ask(request: Request) -> HTTPResponse:
            return await self.ask(request)

        @routes.post("/continue/confirm")
        async def confirm(request: Request) -> HTTPResponse:
            return await self.confirm(request)

    async def ask(self, request: Request) -> HTTPResponse:
        """Sends a code; whether the phone may get one is not told."""
        conversation, body = await self._opened(request)
        phone = _field(body, "phone", MAX_PHONE)
        try:
            asked = await self._desk.ask(conversation, phone, request.remote_addr or request.ip)
        except BotError as error:
            PHONE_CODES.labels(error.code).inc()
            raise
        PHONE_CODES.labels("asked").inc()
        self._post(SMS)
        readable = readable_contact(asked.phone)
        answer = {"phone": readable, "expires_at": asked.expires_at.isoformat()}
        return json(answer, headers=NO_STORE)

    async def confirm(self, request: Request) -> HTTPResponse:
        """Links the conversations when the code is right."""
        conversation, body = await self._opened(request)
        code = _field(body, "code", MAX_CODE)
        try:
            messages = await self._desk.confirm(conversation, code)
        except BotError as error:
            PHONE_CODES.labels(error.code).inc()
            raise
        PHONE_CODES.labels("proved" if messages else "proved_before").inc()
        self._post(SMS)
        return json({"linked": True, "messages": messages}, headers=NO_STORE)

    async def _opened(self, request: Request) -> tuple[str, Mapping[str, Any]]:
        conversation = self._sessions.conversation_of(request.headers.get("authorization"))
        body = json_body(request.content_type, request.body)
        await self._rate.spend(conversation)
        return conversation, body


def _field(body: Mapping[str, Any], name: str, longest: int) -> str:
    """A short text of the body.

    Raises:
        BadRequest: when there is none, or it is too long.
    """
    value = body.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise BadRequest(f"`{name}` must be a text of 1 to {longest} characters.")
    return value.encode("utf-8", "replace").decode("utf-8")
