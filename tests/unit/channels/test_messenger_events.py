from __future__ import annotations

from typing import Any

import pytest
from fakes.webhooks import batch_of, messenger_event
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.messenger_events import arrivals_in


def _event(**parts: Any) -> dict[str, Any]:
    return {"sender": {"id": "1"}, "recipient": {"id": "2"}, "timestamp": 5, **parts}


def _said(*events: dict[str, Any]) -> list[tuple[str, str, Any]]:
    found = arrivals_in(batch_of(*events))
    return [(one.message_id, one.text, one.detail) for one in found]


def test_every_event_of_every_entry_is_read() -> None:
    events = [messenger_event(str(n % 3), f"text {n}", f"m{n}", n) for n in range(10)]
    found = arrivals_in(batch_of(*events, entries=2))
    assert [one.message_id for one in found] == [f"m{n}" for n in range(10)]
    assert {one.conversation_id for one in found} == {f"messenger:{n}" for n in range(3)}


def test_events_come_in_the_order_in_which_they_were_written() -> None:
    late, early = messenger_event("1", "b", "m2", 200), messenger_event("1", "a", "m1", 100)
    assert [text for _, text, _ in _said(late, early)] == ["a", "b"]


@pytest.mark.parametrize(
    "event",
    [
        _event(message={"mid": "m", "text": "ours", "is_echo": True}),
        _event(read={"watermark": 1}),
        _event(delivery={"mids": ["m"]}),
        _event(reaction={"mid": "m", "emoji": "👍"}),
        _event(message={"mid": "m", "is_deleted": True}),
        _event(optin={"ref": "x"}),
        {"message": {"mid": "m", "text": "from nobody"}},
        {"sender": {"id": " "}, "message": {"mid": "m", "text": "from nobody"}},
    ],
)
def test_what_is_no_message_of_a_patient_is_left_out(event: dict[str, Any]) -> None:
    assert _said(event) == []


def test_a_quick_reply_says_its_payload() -> None:
    reply = {"mid": "m", "text": "Text me", "quick_reply": {"payload": "Text me, please"}}
    assert _said(_event(message=reply)) == [("m", "Text me", {"says": "Text me, please"})]


def test_a_postback_says_its_words_and_not_its_code() -> None:
    words = {"mid": "m1", "title": "Book", "payload": "I want to book a visit"}
    code = {"mid": "m2", "title": "Book", "payload": "MENU_BOOK"}
    slash = {"mid": "m3", "title": "Book", "payload": "/book{}"}
    assert _said(*(_event(postback=one) for one in (words, code, slash))) == [
        ("m1", "Book", {"says": "I want to book a visit"}),
        ("m2", "Book", None),
        ("m3", "Book", {"says": "/book{}"}),
    ]


@pytest.mark.parametrize(
    "event",
    [
        _event(postback={"mid": "m", "title": "Get Started", "payload": "x"}),
        _event(postback={"mid": "m", "title": "Los geht's", "payload": "GET_STARTED"}),
        _event(referral={"ref": "poster", "source": "SHORTLINK"}),
    ],
)
def test_whoever_only_opens_the_chat_is_greeted(event: dict[str, Any]) -> None:
    ((_, _, detail),) = _said(event)
    assert detail == {"greets": True}


def test_files_are_counted_and_a_like_is_a_thumb() -> None:
    image = {"type": "image", "payload": {"url": "https://cdn.example/x.png"}}
    like = {"type": "image", "payload": {"sticker_id": 369239263222822}}
    assert _said(_event(message={"mid": "m", "attachments": [image, image]})) == [
        ("m", "", {"files": 2})
    ]
    assert _said(_event(message={"mid": "m", "attachments": [like]})) == [("m", "👍", None)]


def test_an_event_without_an_id_has_the_same_one_when_it_comes_again() -> None:
    event = _event(postback={"title": "Book", "payload": "book a visit"})
    (first,), (again,) = _said(event), _said(event)
    (other,) = _said({**event, "timestamp": 6})
    assert first[0] == again[0] != other[0]


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["id", "message", "mid", "text", "sender", "postback", "payload", "timestamp",
             "attachments", "quick_reply", "sticker_id", "referral", "title"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(_JSON, max_size=4), _JSON)
def test_no_batch_breaks_it(events: list[Any], entry: Any) -> None:
    batch = {"object": "page", "entry": [{"messaging": events}, entry, {"messaging": entry}]}
    for one in arrivals_in(batch):
        assert one.conversation_id.startswith("messenger:")
        assert 0 < len(one.message_id) <= 200
