from __future__ import annotations

from typing import Any

import pytest
import yaml
from rasa.utils.endpoints import ClientResponseError
from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.errors import SettingError
from bot.settings import ROOT
from bot.turn.action_endpoint import InProcessActions, check_actions

ACTION = "action_greet_in_test"


def _greet(
    dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
) -> list[dict[str, Any]]:
    if tracker.sender_id == "rejected":
        raise ActionExecutionRejection(ACTION, "not now")
    if tracker.sender_id == "broken":
        raise RuntimeError("it broke")
    dispatcher.utter_message(text="hello", source="a card")
    return [SlotSet("booking_name", tracker.sender_id)]


@pytest.fixture(scope="module")
def endpoint() -> InProcessActions:
    made = InProcessActions()
    made._executor.register_function(ACTION, _greet)
    return made


def _call(sender: str) -> dict[str, Any]:
    tracker = {"sender_id": sender, "slots": {}, "latest_message": {}, "events": []}
    return {"next_action": ACTION, "tracker": tracker, "domain": {}}


async def test_an_action_runs_in_this_process(endpoint: InProcessActions) -> None:
    answer = await endpoint.request(json=_call("sam"), method="post", timeout=1)
    assert answer is not None
    (event,) = answer["events"]
    assert (event["event"], event["name"], event["value"]) == ("slot", "booking_name", "sam")
    (message,) = answer["responses"]
    assert (message["text"], message["source"]) == ("hello", "a card")


async def test_a_rejection_is_what_an_action_server_would_answer(
    endpoint: InProcessActions,
) -> None:
    with pytest.raises(ClientResponseError) as rejected:
        await endpoint.request(json=_call("rejected"))
    assert rejected.value.status == 400
    assert ACTION in str(rejected.value.text)


async def test_any_other_error_travels_on(endpoint: InProcessActions) -> None:
    with pytest.raises(RuntimeError, match="it broke"):
        await endpoint.request(json=_call("broken"))


def test_it_has_every_action_of_the_domain(endpoint: InProcessActions) -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert endpoint.names >= set(domain["actions"])
    check_actions(endpoint.names, set(domain["actions"]))


def test_an_action_without_code_is_named() -> None:
    with pytest.raises(SettingError, match="action_b, action_c"):
        check_actions(frozenset({"action_a"}), {"action_a", "action_c", "action_b"})
