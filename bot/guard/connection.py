"""One client's connection: what arrives must arrive in time, and what is unreadable gets an answer.

Sanic 21.12 counts a body that stops half-way among its own delays, and says 503; it starts its
clock anew at every byte, so that a byte a minute holds a connection for ever; and it closes without
a word where the request's target itself is no address.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

from sanic.exceptions import RequestTimeout
from sanic.http import Http, Stage
from sanic.server.protocols.http_protocol import HttpProtocol

# By name: a literal would hide from the type checker the slots that Sanic, without types, has.
_OWN_SLOTS = ("since",)


class PunctualHttp(Http):
    """The requests of a connection, one after the other."""

    __slots__ = _OWN_SLOTS

    def __init__(self, protocol: HttpProtocol) -> None:
        super().__init__(protocol)
        self.init_for_request()

    def init_for_request(self) -> None:
        """Makes ready for the next request."""
        super().init_for_request()
        self.since = monotonic()

    @property
    def is_idle(self) -> bool:
        """Whether the next byte begins a request."""
        return self.stage is Stage.IDLE and not self.request_body

    def is_late(self, seconds: float) -> bool:
        """Whether a request has been arriving for longer, however often a byte of it came."""
        is_arriving = self.stage is Stage.REQUEST or self.request_body
        return bool(is_arriving) and monotonic() - self.since > seconds

    def give_up(self) -> None:
        """Waits for nothing more; who got no answer yet hears why once the task is cancelled."""
        if self.stage is not Stage.IDLE:
            self.exception = RequestTimeout("Request Timeout")
        self.request_body = None

    def create_empty_request(self) -> None:
        """Stands in for what could not be read; its target may be what was wrong with it."""
        self.url = None
        super().create_empty_request()


class PunctualConnection(HttpProtocol):
    """Gives every request one time to arrive in: Sanic's ``REQUEST_TIMEOUT``."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self._http: PunctualHttp | None = None

    def _setup_connection(self) -> None:
        self._http = PunctualHttp(self)
        self._time = monotonic()
        self.check_timeouts()

    def data_received(self, data: bytes) -> None:
        """Takes what the client sent."""
        if self._http is not None and self._http.is_idle:
            self._http.since = monotonic()
        super().data_received(data)

    def check_timeouts(self) -> None:
        """Sanic calls this now and then, for as long as the connection is open."""
        # Never by truth alone: for Sanic it is false between two answers.
        http = self._http
        if self._task is not None and http is not None and http.is_late(self.request_timeout):
            http.give_up()
            self._task.cancel()
        else:
            super().check_timeouts()
