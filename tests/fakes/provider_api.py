"""Twilio's and Meta's send APIs on this machine, with failures, delays and refusals to order."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web


@dataclass(frozen=True)
class Ordered:
    """How one request is to be answered instead of well.

    Attributes:
        status: Of the answer.
        body: Its JSON.
        headers: Its headers.
        delay: Seconds before it comes.
        hangs_up: Whether the message is taken and the connection dropped without an answer.
    """

    status: int = 500
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    hangs_up: bool = False


@dataclass(frozen=True)
class Sent:
    """A message that was taken.

    Attributes:
        to: The patient's address.
        text: The words.
        request: Everything of the request's body, or its form.
        auth: The ``Authorization`` header, or the ``access_token``.
        path: Where it was posted.
    """

    to: str
    text: str
    request: Mapping[str, Any]
    auth: str
    path: str


class ProviderFake:
    """A server in a thread of its own; both APIs, told apart by their paths."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.actions: list[Mapping[str, Any]] = []
        self.orders: deque[Ordered] = deque()
        self.delay = 0.0
        self.refused = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port = 0

    def __enter__(self) -> ProviderFake:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def texts_to(self, address: str) -> list[str]:
        """What a patient got, in order."""
        return [sent.text for sent in self.sent if sent.to == address]

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_post("/2010-04-01/Accounts/{sid}/Messages.json", self._twilio)
        app.router.add_post("/{version}/me/messages", self._graph)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]

    async def _twilio(self, request: web.Request) -> web.StreamResponse:
        form = {k: v[0] for k, v in parse_qs(await request.text(), keep_blank_values=True).items()}
        auth = request.headers.get("Authorization", "")
        sent = Sent(form["To"], form["Body"], form, auth, request.path)
        answer = {"sid": f"SM{len(self.sent) + 1:032x}", "status": "queued"}
        return await self._taken(request, sent, 201, answer)

    async def _graph(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        to, auth = body["recipient"]["id"], request.query.get("access_token", "")
        if "sender_action" in body:
            self.actions.append(body)
            return web.json_response({"recipient_id": to})
        sent = Sent(to, body["message"].get("text", ""), body, auth, request.path)
        answer = {"recipient_id": to, "message_id": f"m_{len(self.sent) + 1}"}
        return await self._taken(request, sent, 200, answer)

    async def _taken(
        self, request: web.Request, sent: Sent, status: int, answer: Mapping[str, Any]
    ) -> web.StreamResponse:
        order = self.orders.popleft() if self.orders else None
        if order is None:
            self.sent.append(sent)
            await asyncio.sleep(self.delay)
            return web.json_response(answer, status=status)
        if order.hangs_up:
            self.sent.append(sent)
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        await asyncio.sleep(order.delay)
        self.refused += 1
        return web.json_response(order.body, status=order.status, headers=order.headers)
