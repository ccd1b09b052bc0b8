from __future__ import annotations

from typing import Any

import pytest
from sanic import Sanic
from sanic.compat import Header
from sanic.exceptions import InvalidUsage

from bot.guard.framing import FramedRequest


def _request(*headers: tuple[str, str]) -> FramedRequest:
    app: Any = Sanic.get_app("framing", force_create=True)
    return FramedRequest(b"/", Header(headers), "1.1", "POST", None, app)


@pytest.mark.parametrize("headers", [(), (("content-length", "0"),), (("content-length", "52"),)])
def test_one_plain_length_or_none_is_taken(headers: tuple[tuple[str, str], ...]) -> None:
    assert _request(*headers).method == "POST"


@pytest.mark.parametrize("length", ["-1", "+2", "1_0", "", " ", "0x10", "5, 5", "\u0663", "9" * 30])
def test_a_length_that_is_no_plain_number_is_refused(length: str) -> None:
    with pytest.raises(InvalidUsage) as refused:
        _request(("content-length", length))
    assert refused.value.status_code == 400


def test_two_lengths_are_refused() -> None:
    with pytest.raises(InvalidUsage):
        _request(("content-length", "2"), ("content-length", "3"))


def test_chunks_are_refused() -> None:
    with pytest.raises(InvalidUsage) as refused:
        _request(("transfer-encoding", "chunked"))
    assert refused.value.status_code == 411
