"""Text messages by Twilio's webhooks; replies leave later, through the outbox.

Source: Twilio's guides to incoming messages and to the status of outgoing ones.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.channels.delivery_desk import DeliveryDesk
from bot.channels.inbound import arrival_of, named
from bot.channels.reception import Reception
from bot.guard.fields import form_fields
from bot.guard.refusals import BadRequest
from bot.guard.signatures import TwilioSignature, forged
from bot.metrics import TAKEN
from bot.storage.inbox_queue import Arrival

CHANNEL = "sms"
# Nothing to say right now: the reply comes by the API.
EMPTY_TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
TWIML = "text/xml; charset=utf-8"
# Who can be answered: a number, or a short code. Names and other channels' addresses cannot.
SENDER = re.compile(r"\+[1-9]\d{2,14}|\d{3,8}")
Form = Mapping[str, Sequence[str]]


class SmsChannel(InputChannel):
    """Routes under ``/webhooks/sms``."""

    def __init__(
        self, reception: Reception, signature: TwilioSignature, deliveries: DeliveryDesk
    ) -> None:
        """Makes the channel.

        Args:
            reception: Takes messages.
            signature: Checks who calls.
            deliveries: Takes reports.
        """
        self._reception = reception
        self._signature = signature
        self._deliveries = deliveries

    @classmethod
    def name(cls) -> str:
        """The channel's name in rows, metrics and routes."""
        return CHANNEL

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes; replies come from the workers, not from ``on_new_message``."""
        routes = Blueprint("sms_channel")

        # Sanic marks its handlers with attributes, which bound methods do not take.
        @routes.post("")
        async def message(request: Request) -> HTTPResponse:
            return await self.take_message(request)

        @routes.post("/status")
        async def status(request: Request) -> HTTPResponse:
            return await self.take_status(request)

        return routes

    async def take_message(self, request: Request) -> HTTPResponse:
        """Keeps one text; answers once it is committed."""
        form = self._signed(request)
        message_id = _first(form, "MessageSid", "SmsMessageSid", "SmsSid")
        sender = _first(form, "From").strip()
        if not message_id or not sender:
            raise BadRequest("A text needs MessageSid and From.")
        if SENDER.fullmatch(sender):
            await self._reception.take([_arrival(form, sender, message_id)])
        else:
            TAKEN.labels(CHANNEL, "no_address").inc()
        return raw(EMPTY_TWIML, content_type=TWIML)

    async def take_status(self, request: Request) -> HTTPResponse:
        """Keeps a report on a text that we sent."""
        form = self._signed(request)
        message_id = _first(form, "MessageSid", "SmsSid")
        status = _first(form, "MessageStatus", "SmsStatus")
        if not message_id or not status:
            raise BadRequest("A report needs MessageSid and MessageStatus.")
        await self._deliveries.take(named(message_id), status, _first(form, "ErrorCode") or None)
        return raw(b"", status=204)

    def _signed(self, request: Request) -> dict[str, list[str]]:
        try:
            form = form_fields(request.body)
        except BadRequest:
            # Twilio signs what a form says; this says nothing.
            raise forged() from None
        given = request.headers.get("x-twilio-signature")
        self._signature.check(request.path, request.query_string, form, given)
        return form


def _arrival(form: Form, sender: str, message_id: str) -> Arrival:
    files = _first(form, "NumMedia")
    detail: dict[str, Any] = {
        "files": int(files) if files.isascii() and files.isdigit() else 0,
        "opt_out_type": _first(form, "OptOutType"),
    }
    return arrival_of(CHANNEL, sender, message_id, _first(form, "Body"), detail)


def _first(form: Form, *names: str) -> str:
    """The first value that one of these fields has; empty when none has one."""
    return next((form[name][0] for name in names if form.get(name) and form[name][0]), "")
