from __future__ import annotations

from typing import Any

import yaml
from rasa_sdk import Tracker

from actions.booking_desk import SLOTS, request_of, run_key
from bot.settings import ROOT

pytest_plugins = ["action_desk"]


def _tracker(*events: dict[str, Any]) -> Tracker:
    return Tracker("web:a", {}, {}, list(events), False, None, {}, "action_listen")


def _loop(name: str | None, at: float) -> dict[str, Any]:
    return {"event": "active_loop", "name": name, "timestamp": at}


def test_a_runs_key_is_the_moment_the_form_was_opened() -> None:
    key = run_key(_tracker(_loop("booking_form", 1763989200.1234567)))
    again = run_key(
        _tracker(
            {"event": "user", "timestamp": 1.0},
            _loop("booking_form", 1763989200.1234567),
            {"event": "slot", "timestamp": 1763989201.0},
            _loop(None, 1763989300.0),
        )
    )
    assert key == again
    assert "1763989200.123457" in key


def test_another_run_has_another_key() -> None:
    first = run_key(_tracker(_loop("booking_form", 1.0)))
    second = run_key(
        _tracker(_loop("booking_form", 1.0), _loop(None, 2.0), _loop("booking_form", 3.0))
    )
    assert first != second


def test_another_form_does_not_count() -> None:
    one = run_key(_tracker(_loop("booking_form", 1.0)))
    assert run_key(_tracker(_loop("booking_form", 1.0), _loop("other_form", 2.0))) == one


def test_a_key_fits_beside_its_conversations_name() -> None:
    assert len(run_key(_tracker(_loop("booking_form", 1e12)))) + 255 < 512


def test_the_slots_are_those_of_the_form() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    # The way comes with the consent, and is never asked for alone.
    required = domain["forms"]["booking_form"]["required_slots"]
    assert list(SLOTS) == [*required, "booking_contact_consent"]
    assert set(SLOTS) == set(domain["slots"])


def test_only_a_plain_yes_is_consent() -> None:
    slots: dict[str, Any] = dict.fromkeys(SLOTS, "x")
    assert request_of({**slots, "booking_consent": "yes"}).consent is True
    for other in ("no", "", None, True):
        assert request_of({**slots, "booking_consent": other}).consent is False


def test_the_way_is_kept_only_with_consent() -> None:
    slots: dict[str, Any] = {**dict.fromkeys(SLOTS, "x"), "booking_contact_consent": "call"}
    assert request_of({**slots, "booking_consent": "yes"}).contact_consent == "call"
    assert request_of({**slots, "booking_consent": "no"}).contact_consent is None
