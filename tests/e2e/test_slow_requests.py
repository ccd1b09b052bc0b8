"""Requests that arrive too slowly, or never whole: refused in time and closed."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from e2e.serving import Server

# Sanic's own setting for the time that a request may take to arrive; short, for the tests.
ARRIVAL_SECONDS = 1
# Far longer than that: only a failing test waits for so long.
PATIENCE_SECONDS = 60
# Between two bytes of a client that never stops sending.
DRIP_SECONDS = 0.1
HEAD = (
    "POST /{path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n"
)
MESSAGE = HEAD.format(path="webhooks/web/message")
NOWHERE = HEAD.format(path="nothing")
REFUSED = 'bot_requests_refused_total{code="unavailable"}'


@pytest.fixture(scope="module")
def hasty(trained: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that waits a second for a request, and not a minute."""
    serving = Server(tmp_path_factory.mktemp("hasty"), SANIC_REQUEST_TIMEOUT=str(ARRIVAL_SECONDS))
    try:
        serving.start()
        yield serving
    finally:
        serving.kill()


@contextmanager
def _sending(server: Server, begun: str) -> Iterator[socket.socket]:
    address = ("127.0.0.1", server.port)
    with socket.create_connection(address, timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(begun.encode())
        yield connection


def _until_closed(connection: socket.socket) -> str:
    """All that the server says before it closes."""
    return b"".join(iter(lambda: connection.recv(65_536), b"")).decode()


def _drip(connection: socket.socket) -> str:
    """Sends a byte now and then, until the server says something."""
    connection.settimeout(DRIP_SECONDS)
    for _ in range(int(PATIENCE_SECONDS / DRIP_SECONDS)):
        connection.sendall(b" ")
        try:
            return connection.recv(65_536).decode()
        except TimeoutError:
            continue
    return ""


@pytest.mark.parametrize(
    "begun",
    [MESSAGE[:40], MESSAGE, MESSAGE + "\r\n", MESSAGE + '\r\n{"text"'],
    ids=["half a line", "half a head", "no body", "half a body"],
)
def test_what_stops_half_way_is_refused_and_closed(hasty: Server, begun: str) -> None:
    with _sending(hasty, begun) as connection:
        answer = _until_closed(connection)
    assert answer.startswith("HTTP/1.1 408 "), answer
    assert "connection: close" in answer
    assert '"code":"request_timeout"' in answer


@pytest.mark.parametrize("begun", [MESSAGE[:40], MESSAGE + "\r\n"], ids=["head", "body"])
def test_a_byte_now_and_then_gains_no_time(hasty: Server, begun: str) -> None:
    with _sending(hasty, begun) as connection:
        assert _drip(connection).startswith("HTTP/1.1 408 ")


def test_what_was_refused_is_not_waited_for(hasty: Server) -> None:
    with _sending(hasty, NOWHERE + "\r\n{") as connection:
        assert _until_closed(connection).startswith("HTTP/1.1 404 ")


def test_each_request_of_a_connection_has_its_own_time(hasty: Server) -> None:
    whole = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with _sending(hasty, whole) as connection:
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")
        connection.settimeout(2 * ARRIVAL_SECONDS)
        # Between requests a connection may rest for longer than one may take to arrive.
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(PATIENCE_SECONDS)
        connection.sendall(whole.encode())
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")


def test_who_leaves_is_not_counted_as_a_fault(hasty: Server) -> None:
    for begun in (MESSAGE[:40], MESSAGE + "\r\n", MESSAGE + '\r\n{"text"'):
        with _sending(hasty, begun):
            assert hasty.http.get("/healthz").status == 200
    assert hasty.http.get("/healthz").status == 200
    assert REFUSED not in hasty.http.get("/metrics").text
    assert "ERROR" not in hasty.log.read_text(encoding="utf-8")
