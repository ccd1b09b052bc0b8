from __future__ import annotations

import logging

import pytest

from bot.runtime import _without_client_bytes


def test_a_parser_error_is_logged_without_what_the_client_sent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logger = logging.getLogger("test.parser")
    logger.addFilter(_without_client_bytes)
    try:
        int("my phone is 780")
    except ValueError as error:
        logger.exception(error)
    assert "780" not in caplog.text
    assert "ValueError" in caplog.text
