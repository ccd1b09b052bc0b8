"""The network address behind the message that is being answered, for limits alone.

It travels with the task, is never stored as it is, and is empty where a channel knows none: by text
message, or for a message finished after a restart.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

client_address: ContextVar[str] = ContextVar("client_address", default="")


@contextmanager
def known_client(address: str) -> Iterator[None]:
    """Whatever runs inside answers somebody at this address."""
    token = client_address.set(address)
    try:
        yield
    finally:
        client_address.reset(token)
