"""A plain HTTP client: paths, headers and bodies go out exactly as given, right or wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

# Longer than the server's own deadline for a turn: a slow machine must not look like a lost reply.
TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Response:
    """What the server answered; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class HttpClient:
    """Calls one server on this machine, each time over a new connection."""

    def __init__(self, port: int) -> None:
        self._port = port

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Response:
        return self.call("GET", path, headers=headers)

    def post_json(
        self, path: str, body: object, headers: Mapping[str, str] | None = None
    ) -> Response:
        named = {"Content-Type": "application/json", **(headers or {})}
        return self.call("POST", path, json.dumps(body).encode(), named)

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Response(answer.status, named, answer.read())
        finally:
            connection.close()
