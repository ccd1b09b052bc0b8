"""domain.yml, the rules and the actions name the same things, and every decision has a rule."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest

from bot.booking import Status
from bot.booking.answers import FIELDS
from bot.content.topics import load_topics
from bot.guard.opt_out import BARE_STOPS, PLAIN_STOPS, STARTS
from bot.nlu.decision import COSTS, Decision, decide, group, policy_intent
from bot.reading import KINDS, WHEN
from bot.reading.entity import EXCLUDED
from bot.settings import ROOT

from .project import python_files, read_yaml, tree_of

DOMAIN = read_yaml(ROOT / "domain.yml")
RULES: list[dict[str, Any]] = [
    rule
    for path in sorted((ROOT / "data" / "rules").glob("*.yml"))
    for rule in read_yaml(path)["rules"]
]
ACTIONS = python_files("actions")
SPEAKERS = [*ACTIONS, ROOT / "bot" / "booking" / "told.py"]
FORM = "booking_form"
DIALOGUE = ("dialogue/affirm", "dialogue/deny", "dialogue/stop")
TOPICS = [*load_topics(ROOT / "data" / "topics.yml"), *DIALOGUE]
# Rasa's own, which no file of ours holds.
DEFAULT_ACTIONS = frozenset({"action_deactivate_loop", "action_listen"})


def decisions() -> dict[str, str]:
    """Every intent a policy can be given, with what leads to it."""
    unclear = [("faq/does_it_hurt", 0.3), ("faq/needle_fear", 0.3), ("faq/is_it_safe", 0.3)]
    return {
        **{policy_intent(decide([(topic, 1.0)], COSTS)): topic for topic in TOPICS},
        policy_intent(Decision("urgent", ("safety/urgent",), 1.0)): "a red flag",
        policy_intent(decide(unclear, COSTS)): "an unclear message",
        policy_intent(decide([], COSTS)): "a message that means nothing",
    }


def in_steps(key: str) -> set[str]:
    return {step[key] for rule in RULES for step in rule["steps"] if key in step}


def intents(rules: list[dict[str, Any]]) -> set[str]:
    return {rule["steps"][0]["intent"] for rule in rules if "intent" in rule["steps"][0]}


def in_form(rule: dict[str, Any]) -> bool:
    return {"active_loop": FORM} in rule.get("condition", [])


def utterances() -> tuple[set[str], set[str]]:
    """Responses the code names whole, and the beginnings of those they put together."""
    nodes = [node for path in SPEAKERS for node in ast.walk(tree_of(path))]
    joined = [node.values[0] for node in nodes if isinstance(node, ast.JoinedStr)]
    beginnings = {v.value for v in joined if isinstance(v, ast.Constant)}
    constants = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    found = {name for name in constants if name.startswith("utter_")}
    return found - beginnings, found & beginnings


def test_decisions_are_of_every_kind() -> None:
    wanted = {"faq", "clinic", "smalltalk", "safety", "handoff_human", "clarify", "out_of_scope"}
    assert wanted <= set(decisions())


def test_intents_in_rules_are_in_the_domain() -> None:
    assert in_steps("intent") <= set(DOMAIN["intents"])


def test_intents_in_the_domain_are_used() -> None:
    groups = {group(topic) for topic in TOPICS}
    assert set(DOMAIN["intents"]) == in_steps("intent") | groups


@pytest.mark.parametrize("intent", sorted(decisions()))
def test_a_decision_has_a_rule_outside_and_inside_the_form(intent: str) -> None:
    reason = f"nothing answers {decisions()[intent]}"
    assert intent in intents([rule for rule in RULES if not in_form(rule)]), reason
    assert intent in intents([rule for rule in RULES if in_form(rule)]), reason


def test_entities_are_those_that_are_found_and_no_rule_depends_on_them() -> None:
    declared = {name: traits for entity in DOMAIN["entities"] for name, traits in entity.items()}
    assert set(declared) == set(KINDS)
    assert all(traits["influence_conversation"] is False for traits in declared.values())
    assert all(EXCLUDED in declared[kind]["roles"] for kind in WHEN)


def test_actions_in_rules_exist() -> None:
    known = {*DOMAIN["actions"], *DOMAIN["forms"], *DOMAIN["responses"], *DEFAULT_ACTIONS}
    assert in_steps("action") <= known


def test_each_action_is_a_file_of_its_name() -> None:
    files = {path.stem for path in ACTIONS if path.stem.startswith(("action_", "validate_"))}
    assert files == set(DOMAIN["actions"])
    for path in ACTIONS:
        if path.stem in files:
            returned = {
                node.value.value
                for node in ast.walk(tree_of(path))
                if isinstance(node, ast.Return) and isinstance(node.value, ast.Constant)
            }
            assert path.stem in returned, f"{path.name}: name() must return the file's name"


def test_responses_that_are_used_exist() -> None:
    whole, _ = utterances()
    in_rules = {name for name in in_steps("action") if name.startswith("utter_")}
    assert whole | in_rules <= set(DOMAIN["responses"])


def test_responses_that_exist_are_used() -> None:
    whole, beginnings = utterances()
    asked = {f"utter_ask_{slot}" for slot in DOMAIN["forms"][FORM]["required_slots"]}
    used = whole | in_steps("action") | asked
    unused = {name for name in DOMAIN["responses"] if not name.startswith(tuple(beginnings))} - used
    assert unused == set()


def test_the_form_asks_for_every_field() -> None:
    slots = [f"booking_{field}" for field in FIELDS]
    assert DOMAIN["forms"][FORM]["required_slots"] == slots
    assert set(slots) <= set(DOMAIN["slots"])


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_can_be_asked_for_and_refused(field: str) -> None:
    assert f"utter_ask_booking_{field}" in DOMAIN["responses"]
    assert f"utter_booking_bad_{field}" in DOMAIN["responses"]


@pytest.mark.parametrize("status", Status)
def test_a_status_can_be_told(status: Status) -> None:
    assert f"utter_booking_status_{status.value}" in DOMAIN["responses"]


def test_no_response_asks_for_a_word_that_phone_companies_act_on() -> None:
    """Whoever is told to write "stop" or "yes" by text message never gets another one, or does."""
    words = "|".join(sorted(PLAIN_STOPS | BARE_STOPS | STARTS))
    asked = re.compile(rf"\b(?:write|reply|text|send):? ['\"]?(?:{words})\b", re.IGNORECASE)
    told = [
        (name, variation["text"])
        for name, variations in DOMAIN["responses"].items()
        for variation in variations
        if asked.search(variation["text"])
    ]
    assert told == []
