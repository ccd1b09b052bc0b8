from __future__ import annotations

import pytest

from bot.errors import BotError, SettingError
from bot.guard import refusals


def test_an_error_says_what_is_wrong_and_the_remedy() -> None:
    error = SettingError("The folder is missing.", remedy="Make it.", extra={"path": "/x"})
    assert str(error) == "The folder is missing. Make it."
    assert (error.message, error.extra) == ("The folder is missing.", {"path": "/x"})
    assert (error.code, error.status) == ("bad_setting", 500)


def test_an_error_without_a_remedy_ends_cleanly() -> None:
    assert str(BotError("It broke.")) == "It broke."


def test_what_is_for_the_log_is_not_in_the_text() -> None:
    assert "secret" not in str(BotError("It broke.", extra={"cause": "secret"}))


@pytest.mark.parametrize("name", ["BadRequest", "Unauthorized", "TooLarge", "TooFast"])
def test_every_refusal_is_the_clients_fault(name: str) -> None:
    kind = getattr(refusals, name)
    assert 400 <= kind.status < 500


def test_every_refusal_has_a_code_and_a_status_of_its_own() -> None:
    kinds: list[type[BotError]] = [
        kind for kind in BotError.__subclasses__() if kind.__module__ == refusals.__name__
    ]
    assert len(kinds) >= 4
    assert len({kind.code for kind in kinds}) == len({kind.status for kind in kinds}) == len(kinds)
