from __future__ import annotations

import contextlib
import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guard.fields import MAX_TEXT_CHARACTERS, json_body, json_object, message_id_of, text_of
from bot.guard.refusals import BadRequest, TooLarge, WrongType


def test_a_json_object_is_read() -> None:
    assert json_object('{"text": "疼吗 😀", "more": [1]}'.encode()) == {
        "text": "疼吗 😀",
        "more": [1],
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"[1]",
        b'"text"',
        b"null",
        b"7",
        b"{",
        b"text=hi",
        b'{"text": "\xff"}',
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest) as refused:
        json_object(body)
    assert (refused.value.status, refused.value.code) == (400, "bad_request")
    assert refused.value.__cause__ is None


@given(st.binary(max_size=200))
def test_any_body_is_an_object_or_a_refusal(body: bytes) -> None:
    with contextlib.suppress(BadRequest):
        assert isinstance(json_object(body), dict)


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", "Application/JSON ;charset=UTF-8"],
)
def test_a_body_that_says_it_is_json_is_read(content_type: str) -> None:
    assert json_body(content_type, b'{"text": "hi"}') == {"text": "hi"}


@pytest.mark.parametrize(
    "content_type",
    [
        *("", "text/plain", "text/plain; application/json", "application/x-www-form-urlencoded"),
        *("multipart/form-data", "application/jsonp", "text/json", "application/octet-stream"),
    ],
)
def test_what_a_foreign_page_may_send_unasked_is_refused(content_type: str) -> None:
    with pytest.raises(WrongType, match="application/json") as refused:
        json_body(content_type, b'{"text": "hi"}')
    assert (refused.value.status, refused.value.code) == (415, "unsupported_media_type")


@pytest.mark.parametrize("text", ["hi", " hi\n", "0", "😀", "x" * MAX_TEXT_CHARACTERS])
def test_a_text_is_kept_as_it_was_sent(text: str) -> None:
    assert text_of({"text": text}) == text


@pytest.mark.parametrize("text", [None, "", " \n\t", "\u3000", 7, True, ["hi"], {"text": "hi"}])
def test_no_text_is_refused(text: object) -> None:
    with pytest.raises(BadRequest, match="`text` is empty"):
        text_of({"text": text})
    with pytest.raises(BadRequest):
        text_of({})


def test_a_text_over_the_limit_is_refused_with_the_limit_named() -> None:
    with pytest.raises(TooLarge, match="10,000") as refused:
        text_of({"text": "x" * (MAX_TEXT_CHARACTERS + 1)})
    assert refused.value.status == 413


def test_half_a_surrogate_pair_is_replaced() -> None:
    sent = json.loads(r'{"text": "hi \ud83d there"}')
    assert text_of(sent) == "hi ? there"
    assert text_of(json.loads(r'{"text": "\ud83d\ude00"}')) == "😀"


@pytest.mark.parametrize("name", [str(uuid.UUID(int=2**127 + 1)), "a", "A.b_c:d-9", "x" * 64])
def test_a_message_id_is_kept(name: str) -> None:
    assert message_id_of({"message_id": name}) == name


@pytest.mark.parametrize(
    "name",
    [None, "", "x" * 65, "a b", "a/b", "a\n", "\na", "é", "a;b", "a%00", 7, ["a"], {"a": "b"}],
)
def test_a_message_id_of_another_form_is_refused(name: object) -> None:
    with pytest.raises(BadRequest, match="message_id"):
        message_id_of({"message_id": name})
    with pytest.raises(BadRequest):
        message_id_of({})
