from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.topics import load_topics
from bot.nlu.decision import (
    COSTS,
    MAX_CHOICES,
    OUT_OF_SCOPE,
    Decision,
    decide,
    group,
    outcome_of,
    policy_intent,
    suspected,
)
from bot.settings import ROOT

HURT, SAFE, FEES, HOURS = "faq/does_it_hurt", "faq/is_it_safe", "clinic/fees", "clinic/hours"
TOPICS = tuple(load_topics(ROOT / "data" / "topics.yml"))


def test_a_sure_topic_is_answered() -> None:
    decision = decide([(HURT, 0.9), (SAFE, 0.05), (OUT_OF_SCOPE, 0.05)], COSTS)
    assert decision == Decision("answer", (HURT,), 0.9)


def test_close_topics_are_offered_best_first() -> None:
    ranking = [(HURT, 0.4), (SAFE, 0.35), (FEES, 0.15), (HOURS, 0.05), (OUT_OF_SCOPE, 0.05)]
    assert decide(ranking, COSTS) == Decision("clarify", (HURT, SAFE, FEES), 0.4)


def test_what_is_likely_out_of_scope_is_declined() -> None:
    ranking = [(OUT_OF_SCOPE, 0.8), (HURT, 0.15), (SAFE, 0.05)]
    assert decide(ranking, COSTS) == Decision("decline", (), 0.8)


def test_nothing_understood_is_declined() -> None:
    assert decide([], COSTS) == Decision("decline", (), 0.0)


def test_only_out_of_scope_is_declined() -> None:
    assert decide([(OUT_OF_SCOPE, 1.0)], COSTS) == Decision("decline", (), 1.0)


def test_out_of_scope_is_never_offered() -> None:
    ranking = [(HURT, 0.4), (OUT_OF_SCOPE, 0.3), (SAFE, 0.3)]
    decision = decide(ranking, COSTS)
    assert decision.outcome == "clarify"
    assert decision.topics == (HURT, SAFE)


@pytest.mark.parametrize(
    ("topic", "outcome"),
    [
        (HURT, "answer"),
        (FEES, "answer"),
        ("booking/request", "booking"),
        ("handoff/human", "handoff"),
        ("smalltalk/greet", "smalltalk"),
        ("dialogue/stop", "smalltalk"),
    ],
)
def test_an_answer_is_called_after_its_group(topic: str, outcome: str) -> None:
    assert decide([(topic, 0.99)], COSTS).outcome == outcome
    assert outcome_of(topic) == outcome


def _suspicion(confidence: float) -> dict[str, object]:
    return {"level": "urgent", "sign": "night_pain", "confidence": confidence}


def test_a_suspicion_counts_from_its_bar_on() -> None:
    bar, unclear = COSTS["safety_bar"], [(HURT, 0.5), (SAFE, 0.5)]
    flag = Decision("urgent", ("safety/urgent",), bar)
    assert suspected(_suspicion(bar), unclear, COSTS) == flag
    assert suspected(_suspicion(bar * 0.99), unclear, COSTS) is None
    assert suspected(None, unclear, COSTS) is None


@pytest.mark.parametrize(
    ("level", "flagged"), [("emergency", True), ("crisis", True), ("urgent", False)]
)
def test_what_cannot_wait_counts_sooner(level: str, flagged: bool) -> None:
    found = {**_suspicion(COSTS["grave_safety_bar"]), "level": level}
    assert (suspected(found, [(HURT, 0.5), (SAFE, 0.5)], COSTS) is not None) is flagged
    assert suspected(found, [(HURT, 0.95)], COSTS) is None


@pytest.mark.parametrize("topic", [OUT_OF_SCOPE, "safety/urgent", HURT])
def test_it_must_be_surer_only_where_a_topic_is_plain(topic: str) -> None:
    weak, strong = (
        _suspicion(COSTS["contested_safety_bar"] * 0.9),
        _suspicion(COSTS["contested_safety_bar"]),
    )
    flagged = suspected(weak, [(topic, 0.95), (FEES, 0.05)], COSTS)
    assert (flagged is None) == (topic == HURT)
    assert suspected(strong, [(topic, 0.95), (FEES, 0.05)], COSTS) is not None


def test_the_ranking_alone_raises_no_red_flag() -> None:
    ranking = [("safety/urgent", 0.5), (HURT, 0.4), (SAFE, 0.05), (OUT_OF_SCOPE, 0.05)]
    decision = decide(ranking, COSTS)
    assert decision.outcome in {"answer", "clarify"}
    assert decision.topics[0] == HURT
    assert not any(group(topic) == "safety" for topic in decision.topics)


def test_red_flags_alone_and_unsure_are_not_answered() -> None:
    assert decide([("safety/urgent", 0.4), ("safety/crisis", 0.3)], COSTS).topics == ()


def test_a_red_flag_lower_down_is_never_offered() -> None:
    decision = decide([(HURT, 0.4), ("safety/urgent", 0.35), (SAFE, 0.25)], COSTS)
    assert "safety/urgent" not in decision.topics


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({"decline_in_scope": 0.0}, "decline"),
        ({"clarify_hit": 0.0, "clarify_miss": 0.0, "clarify_out_of_scope": 0.0}, "clarify"),
        ({"clarify_hit": 1.0, "clarify_miss": 1.0, "decline_in_scope": 1.0}, "answer"),
    ],
)
def test_the_costs_decide(changed: dict[str, float], outcome: str) -> None:
    ranking = [(HURT, 0.6), (SAFE, 0.3), (OUT_OF_SCOPE, 0.1)]
    assert decide(ranking, {**COSTS, **changed}).outcome == outcome


def test_more_certainty_never_turns_an_answer_into_a_question() -> None:
    order = ["decline", "clarify", "answer"]
    outcomes = [
        order.index(decide([(HURT, p / 100), (OUT_OF_SCOPE, 1 - p / 100)], COSTS).outcome)
        for p in range(101)
    ]
    assert outcomes == sorted(outcomes)
    assert set(outcomes) >= {0, 2}


_RANKINGS = st.lists(
    st.tuples(st.sampled_from(TOPICS), st.floats(0.001, 1.0)),
    max_size=10,
    unique_by=lambda row: row[0],
).map(lambda rows: sorted(rows, key=lambda row: -row[1]))


@given(_RANKINGS)
def test_any_ranking_gives_a_decision_that_rules_know(ranking: list[tuple[str, float]]) -> None:
    decision = decide(ranking, COSTS)
    assert len(decision.topics) <= MAX_CHOICES
    assert OUT_OF_SCOPE not in decision.topics
    if decision.outcome == "decline":
        assert decision.topics == ()
    elif decision.outcome != "clarify":
        assert len(decision.topics) == 1
    assert policy_intent(decision) in KNOWN_INTENTS


KNOWN_INTENTS = {
    "faq",
    "clinic",
    "smalltalk",
    "safety",
    "handoff_human",
    "clarify",
    "out_of_scope",
    *(topic.replace("/", "_") for topic in TOPICS if group(topic) in {"booking", "dialogue"}),
}


@pytest.mark.parametrize(
    ("outcome", "topics", "intent"),
    [
        ("clarify", (HURT, SAFE), "clarify"),
        ("decline", (), "out_of_scope"),
        ("answer", (HURT,), "faq"),
        ("answer", (FEES,), "clinic"),
        ("smalltalk", ("smalltalk/greet",), "smalltalk"),
        ("smalltalk", ("dialogue/stop",), "dialogue_stop"),
        ("booking", ("booking/request",), "booking_request"),
        ("handoff", ("handoff/human",), "handoff_human"),
        ("emergency", ("safety/emergency",), "safety"),
    ],
)
def test_the_policys_intent(outcome: str, topics: tuple[str, ...], intent: str) -> None:
    assert policy_intent(Decision(outcome, topics, 1.0)) == intent
