"""What every custom action must do: be named as its file, and answer the SDK's executor."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from rasa_sdk import Action

from bot.settings import ROOT

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["tests.unit.actions.action_desk"]

DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
ACTIONS: list[str] = DOMAIN["actions"]
HELPERS = {"__init__", "advice", "booking_desk", "open_days", "speech", "which_booking"}
FILES = sorted(path for path in (ROOT / "actions").glob("*.py") if path.stem not in HELPERS)
# They fill slots or speak only when an answer cannot be read.
MAY_BE_SILENT = {"action_extract_booking_details", "validate_booking_form"}
FILLED = {
    "requested_slot": "booking_consent",
    "booking_preferred": "friday morning",
    "booking_name": "Sam Example",
    "booking_contact": "+17805550199",
    "booking_reason": "lower back",
    "booking_visit": "first",
    "booking_consent": "yes",
}
KNOWN_OUTCOMES = {
    "answer",
    "clarify",
    "decline",
    "emergency",
    "urgent",
    "crisis",
    "booking",
    "handoff",
    "smalltalk",
}


def test_every_action_of_the_domain_has_a_file_and_every_file_an_action() -> None:
    assert sorted(ACTIONS) == [path.stem for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_holds_the_one_action_it_is_named_after(path: Path) -> None:
    module = import_module(f"actions.{path.stem}")
    kinds = [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type)
        and issubclass(kind, Action)
        and kind.__module__ == module.__name__
    ]
    assert [kind().name() for kind in kinds] == [path.stem]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_action_has_a_test_of_its_own(path: Path) -> None:
    assert (ROOT / "tests" / "unit" / "actions" / f"test_{path.name}").is_file()


def test_every_rule_names_a_known_action() -> None:
    known = {*ACTIONS, *DOMAIN["forms"], *DOMAIN["responses"], "action_deactivate_loop"}
    for path in (ROOT / "data" / "rules").glob("*.yml"):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            called = {step["action"] for step in rule["steps"] if "action" in step}
            assert called <= known, f"{path.name}: {rule['rule']}"


def test_every_response_an_action_says_is_in_the_domain() -> None:
    for path in (ROOT / "actions").glob("*.py"):
        named = set(re.findall(r'"(utter_[a-z_]+[a-z])"', path.read_text(encoding="utf-8")))
        assert named <= DOMAIN["responses"].keys(), path.name


async def test_the_executor_finds_them_all(desk: Desk) -> None:
    assert set(desk.executor.actions) == set(ACTIONS)


@pytest.mark.parametrize("has_booking", [False, True], ids=["nothing booked", "booked"])
@pytest.mark.parametrize("in_form", [False, True], ids=["outside the form", "in the form"])
@pytest.mark.parametrize("action", ACTIONS)
async def test_it_answers_in_any_state(
    desk: Desk, action: str, in_form: bool, has_booking: bool
) -> None:
    if has_booking:
        await desk.book()
    done = await desk.run(
        action, text="maybe", topics=["faq/does_it_hurt"], slots=FILLED, in_form=in_form
    )
    assert done.messages or action in MAY_BE_SILENT
    for message in done.messages:
        assert message["text"].strip()
        assert message.get("outcome", "booking") in KNOWN_OUTCOMES
        assert all(re.fullmatch(r"[a-z]+/[a-z_]+", i) for i in message.get("answer_ids", []))
    for event in done.events:
        assert event["event"] in {"slot", "rewind"}
        assert event.get("name", "booking_").startswith("booking_")


@pytest.mark.parametrize("action", ACTIONS)
async def test_it_copes_with_a_message_nobody_understood(desk: Desk, action: str) -> None:
    done = await desk.run(action, text="", topics=[], slots=FILLED)
    assert all(message["text"].strip() for message in done.messages)
