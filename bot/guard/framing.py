"""Refuses request bodies whose length cannot be trusted, before a byte of them is read.

Sanic 21.12 takes any integer for ``Content-Length``; at a negative one its reader spins for ever,
and with it the whole process. Two lengths, or a length beside chunks, let a proxy and this server
disagree on where a request ends. Chunked bodies are not needed by any client or provider of this
project.
"""

from __future__ import annotations

import re
from typing import Any

from sanic.exceptions import InvalidUsage
from sanic.request import Request

_LENGTH = re.compile(r"[0-9]{1,12}", re.ASCII)


class FramedRequest(Request):
    """A request with one plain length, or none."""

    __slots__ = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "transfer-encoding" in self.headers:
            raise InvalidUsage("Send a Content-Length.", status_code=411)
        lengths = self.headers.getall("content-length", [])
        if len(lengths) > 1 or not all(_LENGTH.fullmatch(length) for length in lengths):
            raise InvalidUsage("The Content-Length is not a number.")
