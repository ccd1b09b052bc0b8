"""Calls a Sanic app in process through its own ASGI door: no port, no server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sanic import Sanic
from sanic.signals import RESERVED_NAMESPACES


@dataclass(frozen=True)
class Answer:
    """What the app answered; header names are in lower case, and each cookie is as it was set."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: tuple[str, ...] = ()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class WebClient:
    """A client of one app."""

    def __init__(self, app: Sanic) -> None:
        self._app = app
        self._is_started = False

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.call("GET", path, b"", **headers)

    async def post(self, path: str, body: bytes | Mapping[str, Any], **headers: str) -> Answer:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {"content-type": "application/json", **headers}
        return await self.call("POST", path, sent, **named)

    async def call(
        self, method: str, path: str, body: bytes = b"", query: str = "", **headers: str
    ) -> Answer:
        if not self._is_started:
            _start(self._app)
            self._is_started = True
        messages: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            if "headers" in message:
                message["headers"] = list(message["headers"])
            messages.append(message)

        scope = _scope(method, path, query, {"host": "clinic.example", **headers})
        await self._app(scope, receive, send)
        start, *parts = messages
        named = {name.decode().lower(): value.decode() for name, value in start["headers"]}
        pairs = [(name.decode().lower(), value.decode()) for name, value in start["headers"]]
        cookies = tuple(value for name, value in pairs if name == "set-cookie")
        return Answer(start["status"], named, b"".join(part["body"] for part in parts), cookies)


def _start(app: Sanic) -> None:
    """Does what a server does, without the rewriting of Sanic's source: it works once a process.

    The rewriting takes out signals nobody listens to; here somebody does.
    """
    for event in RESERVED_NAMESPACES["http"]:
        app.signal(event)(_ignore)
    app.signalize()
    app.finalize()


async def _ignore(**context: Any) -> None:
    pass


def _scope(method: str, path: str, query: str, headers: Mapping[str, str]) -> dict[str, Any]:
    path, _, within = path.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": (query or within).encode(),
        "root_path": "",
        "scheme": "http",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 5005),
    }
