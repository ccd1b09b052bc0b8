from __future__ import annotations

from typing import Any

import pytest

from bot.turn.reply import Reply, ReplyMessage, from_events


def test_a_card_keeps_its_ids_choices_source_and_outcome() -> None:
    event: dict[str, Any] = {
        "text": " Very little.\n",
        "answer_ids": ["faq/does_it_hurt"],
        "buttons": [{"title": "Fees", "payload": "How much?"}],
        "source": "Source: the clinic",
        "outcome": "answer",
        "image": None,
    }
    (message,) = from_events([event])
    assert message == ReplyMessage(
        "Very little.",
        ("faq/does_it_hurt",),
        (("Fees", "How much?"),),
        "Source: the clinic",
        "answer",
    )
    assert message.as_json() == {
        "text": "Very little.",
        "answer_ids": ["faq/does_it_hurt"],
        "choices": [{"title": "Fees", "text": "How much?"}],
        "source": "Source: the clinic",
    }


def test_messages_keep_their_order_and_blank_lines() -> None:
    messages = from_events([{"text": "one\n\ntwo"}, {"text": "three"}])
    assert [message.text for message in messages] == ["one\n\ntwo", "three"]


@pytest.mark.parametrize("event", [{}, {"text": None}, {"text": ""}, {"image": "x.png"}])
def test_what_has_no_words_is_no_message(event: dict[str, Any]) -> None:
    assert from_events([event]) == ()


def test_a_question_of_the_form_is_about_booking() -> None:
    (message,) = from_events([{"text": "Which day?", "utter_action": "utter_ask_booking_name"}])
    assert (message.answer_ids, message.outcome) == (("booking/request",), "booking")


def test_any_other_fixed_phrase_is_small_talk() -> None:
    (message,) = from_events([{"text": "All right.", "utter_action": "utter_acknowledge"}])
    assert (message.answer_ids, message.outcome) == ((), "smalltalk")


def test_a_reply_is_called_after_its_first_message_and_names_each_id_once() -> None:
    reply = Reply(
        (
            ReplyMessage("a", ("safety/urgent",), outcome="urgent"),
            ReplyMessage("b", ("clinic/fees", "clinic/hours")),
            ReplyMessage("c", ("clinic/fees",)),
        )
    )
    assert reply.outcome == "urgent"
    assert reply.answer_ids == ["safety/urgent", "clinic/fees", "clinic/hours"]
    assert [message["text"] for message in reply.as_json()] == ["a", "b", "c"]
