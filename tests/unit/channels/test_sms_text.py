from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.channels.messenger_text import fits as fits_messenger
from bot.channels.messenger_text import message_body, messenger_texts
from bot.channels.sms_text import LIMIT, fits, sms_texts
from bot.content.segments import text_length

CHOICES = [{"title": "Opening hours", "text": "Opening hours"}, {"title": "Fees", "text": "Fees"}]


def test_choices_are_numbered_under_the_words() -> None:
    assert sms_texts("Which?", CHOICES) == ["Which?\nReply with a number:\n1 Opening hours\n2 Fees"]


def test_a_question_s_choices_get_a_text_of_their_own_and_suggestions_do_not() -> None:
    long = "word " * 60 + "end."
    assert sms_texts(long, CHOICES)[1].startswith("Reply with a number:")
    assert sms_texts(long, CHOICES, asks=False) == [long]


def test_the_first_contact_is_told_under_the_words_where_there_is_room() -> None:
    assert sms_texts("Hi.", (), "Reply STOP.") == ["Hi.\nReply STOP."]
    assert sms_texts("a" * LIMIT, (), "Reply STOP.") == ["a" * LIMIT, "Reply STOP."]


@settings(deadline=None)
@given(st.text(), st.lists(st.fixed_dictionaries({"title": st.text(max_size=20)}), max_size=9))
def test_no_text_is_over_the_limit(text: str, titles: list[dict[str, str]]) -> None:
    choices = [{**one, "text": "x"} for one in titles]
    parts = sms_texts(text, choices, "Reply STOP to end.")
    assert all(text_length(part) <= LIMIT and fits(part) for part in parts)


@settings(deadline=None)
@given(st.text(max_size=40), st.integers(1, 400))
@example("\r", 2_001)
@example("\n", 2_001)
def test_no_messenger_message_is_over_the_limit(text: str, times: int) -> None:
    assert all(map(fits_messenger, messenger_texts(text * times, "notice")))


def test_quick_replies_keep_metas_limits() -> None:
    many = [{"title": "t" * 40, "text": "p" * 2_000} for _ in range(20)]
    quick = message_body("Which?", many)["quick_replies"]
    assert len(quick) == 13
    assert {(len(one["title"]), len(one["payload"])) for one in quick} == {(20, 1_000)}
    assert "quick_replies" not in message_body("Hi.", [])
