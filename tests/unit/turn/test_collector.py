from __future__ import annotations

from bot.turn.collector import ReplyCollector


async def test_a_message_is_kept_whole_and_in_order() -> None:
    collector = ReplyCollector("sms")
    first = {"text": "one\n\ntwo", "answer_ids": ["a"], "buttons": [{"title": "x"}], "more": 1}
    await collector.send_response("web:a", first)
    await collector.send_text_message("web:a", "three")
    assert collector.events == [first, {"text": "three"}]


def test_it_is_named_after_the_patients_channel() -> None:
    assert ReplyCollector("sms").name() == "sms"
