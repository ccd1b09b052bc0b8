"""How patients reach the assistant in a test: one line a channel, over ``fakes.desk``."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from hmac import new
from typing import Protocol
from urllib.parse import parse_qsl

from web_client import Answer

from bot.guard.sessions import Sessions
from fakes.desk import PUBLIC_URL, SECRET, Desk
from fakes.webhooks import (
    APP_SECRET,
    batch_of,
    messenger_event,
    signed_form,
    signed_json,
    sms_fields,
)


class Line(Protocol):
    """How one patient reaches the assistant."""

    name: str
    conversation: str

    async def send(self, text: str, message_id: str, **headers: str) -> Answer:
        """Delivers a message as the channel's client or provider does."""

    async def heard(self) -> list[str]:
        """Everything the patient was told, in order."""

    async def deliver(self, body: bytes, **headers: str) -> Answer:
        """Delivers any body, signed or with a session as far as that can be."""


class WebLine:
    name = "web"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.headers: dict[str, str] = {}
        self.conversation = ""

    async def open(self) -> WebLine:
        opened = await self._desk.client.post("/webhooks/web/session", b"{}")
        self.headers = {"authorization": f"Bearer {opened.json['session']}"}
        sessions = Sessions(SECRET, timedelta(days=1))
        self.conversation = sessions.conversation_of(self.headers["authorization"])
        return self

    async def send(self, text: str, message_id: str, **headers: str) -> Answer:
        return await self.deliver(
            json.dumps({"text": text, "message_id": message_id}).encode(), **headers
        )

    async def deliver(self, body: bytes, **headers: str) -> Answer:
        sent = {**self.headers, **headers}
        return await self._desk.client.post("/webhooks/web/message", body, **sent)

    async def heard(self) -> list[str]:
        told = await self._desk.client.get("/webhooks/web/history", **self.headers)
        return [m["text"] for m in told.json["messages"] if m["role"] == "assistant"]


class SmsLine:
    name = "sms"
    number = "+17805550134"
    conversation = f"sms:{number}"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def send(self, text: str, message_id: str, **headers: str) -> Answer:
        fields = sms_fields(self.number, text, message_id)
        body, signed = signed_form(f"{PUBLIC_URL}/webhooks/sms", fields)
        return await self._desk.call("POST", "/webhooks/sms", body, {**signed, **headers})

    async def deliver(self, body: bytes, **headers: str) -> Answer:
        fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        _, signed = signed_form(f"{PUBLIC_URL}/webhooks/sms", fields)
        return await self._desk.call("POST", "/webhooks/sms", body, {**signed, **headers})

    async def heard(self) -> list[str]:
        await self._desk.settled()
        return self._desk.api.texts_to(self.number)


class MessengerLine:
    name = "messenger"
    psid = "24601"
    conversation = f"messenger:{psid}"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def send(self, text: str, message_id: str, **headers: str) -> Answer:
        body, signed = signed_json(batch_of(messenger_event(self.psid, text, message_id)))
        return await self._desk.call("POST", "/webhooks/messenger", body, {**signed, **headers})

    async def deliver(self, body: bytes, **headers: str) -> Answer:
        signed = {
            "x-hub-signature-256": "sha256=" + new(APP_SECRET.encode(), body, sha256).hexdigest()
        }
        return await self._desk.call("POST", "/webhooks/messenger", body, {**signed, **headers})

    async def heard(self) -> list[str]:
        await self._desk.settled()
        return self._desk.api.texts_to(self.psid)


async def line_of(name: str, desk: Desk) -> Line:
    """A patient's line on a channel."""
    if name == "web":
        return await WebLine(desk).open()
    return SmsLine(desk) if name == "sms" else MessengerLine(desk)
