"""What a patient or an attacker may send: a clear reply or a clear 4xx, and nothing lost."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from time import time
from uuid import uuid4

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from bot.guard.fields import MAX_BODY_BYTES, MAX_TEXT_CHARACTERS
from bot.guard.sessions import SALT
from e2e.booking_talk import ASKS, WHEN
from e2e.http_client import HttpClient, Response
from e2e.patient import Patient
from e2e.serving import Server

SESSION = "/webhooks/web/session"
MESSAGE = "/webhooks/web/message"
HISTORY = "/webhooks/web/history"
INTERNALS = ("Traceback", "sanic", "/bot/", "site-packages", "Error(")
# More than the rate limit of one visitor lets through in a minute.
BURST = 100
MONTHS = 100 * 24 * 3600

ODD_TEXTS = {
    "emoji": "😀😀👩🏽‍⚕️",
    "punctuation": "?!…",
    "control characters": "\x01\x02\x1b[31m",
    "zero width": "\u200b\ufeff",
    "right to left": "\u202e? truh ti seod",
    "combining marks": "a" + "\u0301" * 500,
    "intent": "/intent{}",
    "intent of ours": '/booking_request{"booking_name": "x"}',
    "restart": "/restart",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "sql": "'; DROP TABLE inbox; --",
    "template": "{{7*7}} ${7*7} %s%n {reference}",
    "the longest": "does it hurt " * 769,
    "one long word": "a" * MAX_TEXT_CHARACTERS,
    "not English": "¿cuánto cuesta una visita? 针灸疼吗",
}
# Nothing in these can be understood, so nothing may be answered.
UNREADABLE_TEXTS = {
    "emoji": "😀😀👩🏽‍⚕️",
    "tags": "".join(chr(0xE0000 + ord(letter)) for letter in "does it hurt"),
    "fillers": "\u3164\u2060\ufe0f\u200b",
    "five thousand letters": "x q z " * 1_600,
    "keyboard": "asdf jkl qwer uiop zxcv",
    "numbers": "1234567890 " * 900,
    "filler text": "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod " * 140,
    "another language": "je voudrais savoir combien coûte une séance chez vous " * 180,
    "another script": "针灸疼吗" * 2_400,
    "right to left": "\u200fهل الوخز بالإبر مؤلم\u200f",
    "runes": "ᚠᚢᚦᚨᚱᚲ ᚷᚹᚺᚾ",
}
# What copying and styling leave in a text that is plain to read.
DISGUISED_TEXTS = {
    "zero width": "do\u200bes it hu\u200brt",
    "soft hyphen": "does it hu\u00adrt",
    "direction": "\u202edoes it hurt\u202c",
    "isolates": "\u2066does it hurt\u2069",
    "hidden tags": "does it hurt" + "".join(chr(0xE0000 + ord(c)) for c in " ignore this"),
    "styled": "𝐝𝐨𝐞𝐬 𝐢𝐭 𝐡𝐮𝐫𝐭",
    "full width": "ｄｏｅｓ ｉｔ ｈｕｒｔ",
    "no-break spaces": "does\u00a0it\u00a0hurt",
}
BAD_BODIES: dict[str, bytes] = {
    "nothing": b"",
    "not UTF-8": b'{"text": "\xff\xfe", "message_id": "a"}',
    "UTF-16": '{"text": "hi", "message_id": "a"}'.encode("utf-16"),
    "cut off": b'{"text": "hi"',
    "form": b"text=hi&message_id=a",
    "a list": b'["text", "message_id"]',
    "null": b"null",
    "no text": b'{"message_id": "a"}',
    "no message_id": b'{"text": "hi"}',
    "text is a number": b'{"text": 5, "message_id": "a"}',
    "text is null": b'{"text": null, "message_id": "a"}',
    "text is a list": b'{"text": ["hi"], "message_id": "a"}',
    "text is empty": b'{"text": "", "message_id": "a"}',
    "text is blank": b'{"text": " \\n\\t\\u2003", "message_id": "a"}',
    "message_id is a number": b'{"text": "hi", "message_id": 5}',
    "message_id is empty": b'{"text": "hi", "message_id": ""}',
    "message_id is a path": b'{"text": "hi", "message_id": "../a"}',
    "message_id is long": json.dumps({"text": "hi", "message_id": "a" * 65}).encode(),
    "nested lists": b"[" * 100_000,
    "nested objects": b'{"text":' * 16_000,
    "a huge number": b'{"text": "hi", "message_id": ' + b"9" * 100_000 + b"}",
}
CONTENT_TYPES = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x", "")
WRONG_METHODS = (
    *((method, MESSAGE) for method in ("GET", "PUT", "DELETE", "PATCH", "HEAD", "TRACE", "FOO")),
    *((method, HISTORY) for method in ("POST", "DELETE")),
    ("GET", SESSION),
    ("POST", "/"),
    ("POST", "/healthz"),
)
UNKNOWN_PATHS = (
    "/nothing",
    "/webhooks/rest/webhook",
    "/webhooks/web",
    "/conversations/web:a/tracker",
    "/model/parse",
    "/%ff%00",
    "/widget/",
    "/widget/nothing.js",
    "/widget/../server.py",
    "/widget/../../settings.py",
    "/widget/%2e%2e/%2e%2e/settings.py",
    "/widget/..%2f..%2fsettings.py",
    "/widget/..%5c..%5csettings.py",
    "/widget//etc/passwd",
    "/widget/patient-faq.js%00",
)
BROKEN_REQUESTS = {
    "noise": b"\x16\x03\x01\x00\xa5\x01noise\r\n\r\n",
    "a wrong version": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "a header without a colon": b"GET / HTTP/1.1\r\nbroken\r\n\r\n",
    "no target": b"GET  HTTP/1.1\r\nHost: x\r\n\r\n",
    "NUL in the target": b"GET /visits/\0 HTTP/1.1\r\nHost: x\r\n\r\n",
    "bytes in the target": b"GET /visits/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    "a target without a slash": b"GET healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "half an address as the target": b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
    "a length in words": b"POST " + MESSAGE.encode() + b" HTTP/1.1\r\nContent-Length: ten\r\n\r\n",
    "a length below nothing": b"POST "
    + MESSAGE.encode()
    + b" HTTP/1.1\r\nContent-Length: -1\r\n\r\n{}  {}",
    "a length below nothing, unread": b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n{}  {}",
    "two lengths": b"POST "
    + MESSAGE.encode()
    + b" HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
    "no length": b"POST " + MESSAGE.encode() + b" HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
    "a wrong chunk": b"POST "
    + MESSAGE.encode()
    + b" HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    "bytes as a token": b"GET "
    + HISTORY.encode()
    + b" HTTP/1.1\r\nAuthorization: Bearer \xe9\xff\r\n\r\n",
}


class _OldSigner(TimestampSigner):
    def get_timestamp(self) -> int:
        return int(time()) - MONTHS


def _refused(response: Response, *statuses: int) -> None:
    assert response.status in statuses, response.body
    error = response.json["error"]
    assert set(error) == {"code", "message"}
    assert error["code"]
    assert error["message"]
    assert not any(word in response.text for word in INTERNALS)


def _bearer(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture()
def http(server: Server) -> HttpClient:
    return server.http


@pytest.fixture()
def token(server: Server) -> str:
    """One good session for requests that are refused before they count."""
    return server.patient().token


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_odd_text_is_answered_and_kept(patient: Patient, text: str) -> None:
    reply = patient.say(text)
    assert reply.text
    assert not any(i.startswith("safety/") for i in reply.ids)
    assert patient.said() == [text]


@pytest.mark.parametrize("text", UNREADABLE_TEXTS.values(), ids=UNREADABLE_TEXTS.keys())
def test_what_nobody_can_read_is_declined_or_asked_about(patient: Patient, text: str) -> None:
    reply = patient.say(text)
    is_offer = len(reply.ids) == len(reply.choices) > 1
    assert reply.ids == ["other/out_of_scope"] or is_offer


@pytest.mark.parametrize("text", DISGUISED_TEXTS.values(), ids=DISGUISED_TEXTS.keys())
def test_what_a_person_can_read_is_answered(patient: Patient, text: str) -> None:
    assert patient.say(text).ids == ["faq/does_it_hurt"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [("does it hurt\0?", "does it hurt\ufffd?"), ("does it hurt \ud83d?", "does it hurt ??")],
    ids=["NUL", "half a character"],
)
def test_what_no_database_can_hold_is_replaced_and_the_rest_answered(
    patient: Patient, text: str, kept: str
) -> None:
    assert patient.say(text).ids == ["faq/does_it_hurt"]
    assert patient.said() == [kept]


def test_a_command_to_the_framework_is_only_words(patient: Patient) -> None:
    patient.say(ASKS)
    for command in ("/restart", "/back", '/inform{"booking_name": "x", "booking_contact": "y"}'):
        patient.say(command)
    assert "What name" in patient.say(WHEN).text, "the request is open, its slots as they were"


def test_markup_comes_back_as_the_same_text(patient: Patient) -> None:
    for text in (ASKS, WHEN, "<b>Robin</b>", "robin@example.com"):
        patient.say(text)
    assert "<b>Robin</b>" in patient.said()


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_a_bad_body_is_refused(http: HttpClient, token: str, body: bytes) -> None:
    headers = {"Content-Type": "application/json", **_bearer(token)}
    _refused(http.call("POST", MESSAGE, body, headers), 400)


def test_a_refused_message_is_not_kept(http: HttpClient, patient: Patient) -> None:
    headers = {"Content-Type": "application/json", **patient.authorization}
    for body in BAD_BODIES.values():
        http.call("POST", MESSAGE, body, headers)
    assert patient.history() == []


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
def test_another_content_type_is_refused(
    http: HttpClient, patient: Patient, content_type: str
) -> None:
    body = json.dumps({"text": "does it hurt?", "message_id": str(uuid4())}).encode()
    headers = {"Content-Type": content_type, **patient.authorization}
    _refused(http.call("POST", MESSAGE, body, headers), 415)
    assert patient.history() == []


def test_a_text_over_the_limit_is_refused(patient: Patient) -> None:
    _refused(patient.post("a" * (MAX_TEXT_CHARACTERS + 1)), 413)


@pytest.mark.parametrize("path", [MESSAGE, SESSION])
def test_a_body_over_the_limit_is_refused(http: HttpClient, token: str, path: str) -> None:
    _refused(http.call("POST", path, b"a" * (MAX_BODY_BYTES + 1), _bearer(token)), 413)


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b"[" * 100_000])
def test_a_session_is_not_opened_with_a_bad_body(http: HttpClient, body: bytes) -> None:
    _refused(http.call("POST", SESSION, body, {"Content-Type": "application/json"}), 400)


@pytest.mark.parametrize(("method", "path"), WRONG_METHODS)
def test_a_wrong_method_is_refused(http: HttpClient, method: str, path: str) -> None:
    response = http.call(method, path)
    assert response.status == 405
    if method != "HEAD":
        _refused(response, 405)


@pytest.mark.parametrize("path", UNKNOWN_PATHS)
def test_an_unknown_path_shows_nothing(http: HttpClient, path: str) -> None:
    _refused(http.get(path), 404)


@pytest.mark.parametrize("raw", BROKEN_REQUESTS.values(), ids=BROKEN_REQUESTS.keys())
def test_a_broken_request_is_refused(server: Server, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(raw)
        answer = connection.recv(65_536).decode()
    assert answer.startswith(("HTTP/1.1 400 ", "HTTP/1.1 401 ", "HTTP/1.1 411 ")), answer
    assert not any(word in answer for word in INTERNALS)


def _bad_sessions(server: Server) -> dict[str, str | None]:
    name = "someone"
    good = server.patient().token
    last = "A" if good[-5] != "A" else "B"
    return {
        "none": None,
        "empty": "",
        "another scheme": "Basic YTph",
        "no token": "Bearer ",
        "forged": "Bearer forged",
        "a bare name": f"Bearer {name}",
        "changed": f"Bearer {good[:-5]}{last}{good[-4:]}",
        "cut off": f"Bearer {good[:-1]}",
        "long": f"Bearer {'a' * 7_000}",
        "not ASCII": "Bearer \xe9",
        "another secret": f"Bearer {URLSafeTimedSerializer('x' * 64, salt=SALT).dumps(name)}",
        "another use": f"Bearer {URLSafeTimedSerializer(server.secret, salt='x').dumps(name)}",
        "expired": "Bearer "
        + str(URLSafeTimedSerializer(server.secret, salt=SALT, signer=_OldSigner).dumps(name)),
    }


def test_a_forged_or_expired_session_is_refused(server: Server) -> None:
    for case, authorization in _bad_sessions(server).items():
        headers = {} if authorization is None else {"Authorization": authorization}
        body = {"text": "hi", "message_id": str(uuid4())}
        for response in (
            server.http.post_json(MESSAGE, body, headers),
            server.http.get(HISTORY, headers),
        ):
            assert response.status == 401, case
            _refused(response, 401)


def test_a_fresh_token_of_the_same_secret_is_taken(server: Server) -> None:
    """What makes the refusals above count: only the age and the secret differ."""
    token = str(URLSafeTimedSerializer(server.secret, salt=SALT).dumps("someone"))
    assert server.http.get(HISTORY, _bearer(token)).status == 200


def test_no_client_chooses_its_conversation(server: Server, patient: Patient) -> None:
    patient.say("does it hurt?")
    stranger = server.patient()
    body = {
        "text": "hi",
        "message_id": str(uuid4()),
        "sender": patient.token,
        "session": patient.token,
        "conversation_id": patient.token,
    }
    assert server.http.post_json(MESSAGE, body, stranger.authorization).status == 200
    assert patient.said() == ["does it hurt?"]
    assert stranger.said() == ["hi"]


def test_too_fast_is_told_when_to_try_again_and_loses_nothing(
    server: Server, patient: Patient
) -> None:
    taken = 0
    while (response := patient.post("👍")).status == 200:
        taken += 1
        assert taken < BURST, "there is no limit"
    _refused(response, 429)
    assert 1 <= int(response.headers["retry-after"]) <= 60
    assert len(patient.said()) == taken
    assert server.patient().say("does it hurt?").ids == ["faq/does_it_hurt"], "others go on"


def test_the_server_logged_no_error_and_no_patient_text(server: Server) -> None:
    """Runs last in this file: after all that was sent, the log holds no failure."""
    log = server.log.read_text(encoding="utf-8")
    assert "A request failed" not in log
    assert "does it hurt" not in log
    assert "Robin" not in log
