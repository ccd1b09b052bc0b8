from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest
from itsdangerous import URLSafeTimedSerializer

from bot.guard.refusals import Unauthorized
from bot.guard.sessions import SALT, Sessions

SECRET = "x" * 40
MONTH = timedelta(days=30)


@pytest.fixture
def sessions() -> Sessions:
    return Sessions(SECRET, MONTH)


def test_a_token_names_its_conversation_again_and_again(sessions: Sessions) -> None:
    token = sessions.issue().token
    name = sessions.conversation_of(f"Bearer {token}")
    assert name.startswith("web:")
    assert sessions.conversation_of(f"bearer  {token} ") == name
    assert Sessions(SECRET, MONTH).conversation_of(f"Bearer {token}") == name


def test_every_session_is_another_conversation(sessions: Sessions) -> None:
    names = {sessions.conversation_of(f"Bearer {sessions.issue().token}") for _ in range(50)}
    assert len(names) == 50
    assert all(len(name) >= len("web:") + 20 for name in names)


def test_a_session_says_when_it_ends(sessions: Sessions) -> None:
    before = datetime.now(timezone.utc)
    expires_at = sessions.issue().expires_at
    assert before + MONTH <= expires_at <= datetime.now(timezone.utc) + MONTH


def _forged(token: str) -> str:
    name, stamp, signature = token.split(".")
    return ".".join((name[:-2] + ("A" if name[-2] != "A" else "B") + name[-1], stamp, signature))


def _unsigned(token: str) -> str:
    return token.rsplit(".", 1)[0]


def _other_signature(token: str) -> str:
    return token[:-3] + ("abc" if token[-3:] != "abc" else "abd")


@pytest.mark.parametrize("spoil", [_forged, _unsigned, _other_signature, str.swapcase, str.upper])
def test_a_forged_token_is_refused(sessions: Sessions, spoil: object) -> None:
    assert callable(spoil)
    token = sessions.issue().token
    with pytest.raises(Unauthorized) as refused:
        sessions.conversation_of(f"Bearer {spoil(token)}")
    assert (refused.value.status, refused.value.code) == (401, "bad_session")
    assert token not in refused.value.message


@pytest.mark.parametrize(
    ("secret", "salt"), [("y" * 40, SALT), (SECRET, "another-purpose"), (SECRET, "itsdangerous")]
)
def test_a_token_signed_for_something_else_is_refused(
    sessions: Sessions, secret: str, salt: str
) -> None:
    token = URLSafeTimedSerializer(secret, salt=salt).dumps("name")
    with pytest.raises(Unauthorized):
        sessions.conversation_of(f"Bearer {token}")


def test_the_salt_names_the_purpose(sessions: Sessions) -> None:
    token = URLSafeTimedSerializer(SECRET, salt=SALT).dumps("name")
    assert sessions.conversation_of(f"Bearer {token}") == "web:name"


def test_a_session_expires(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    token = sessions.issue().token
    issued = time.time()
    monkeypatch.setattr(time, "time", lambda: issued + MONTH.total_seconds() - 60)
    assert sessions.conversation_of(f"Bearer {token}")
    monkeypatch.setattr(time, "time", lambda: issued + MONTH.total_seconds() + 60)
    with pytest.raises(Unauthorized, match="open a new one"):
        sessions.conversation_of(f"Bearer {token}")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic abc",
        "abc.def.ghi",
        "Bearer é",
        "Bearer a b",
        "Bearer \udcff.a.b",
    ],
)
def test_what_is_no_bearer_token_is_refused(sessions: Sessions, header: str | None) -> None:
    with pytest.raises(Unauthorized):
        sessions.conversation_of(header)


def test_a_token_without_its_scheme_is_refused(sessions: Sessions) -> None:
    token = sessions.issue().token
    for header in (token, f"Basic {token}", f"Bearer{token}"):
        with pytest.raises(Unauthorized):
            sessions.conversation_of(header)


def test_staff_may_read_what_an_expired_token_names() -> None:
    token = Sessions(SECRET, timedelta(seconds=-1)).issue().token
    later = Sessions(SECRET, timedelta(seconds=-1))
    with pytest.raises(Unauthorized):
        later.conversation_of(f"Bearer {token}")
    assert later.once_named_by(token).startswith("web:")
    with pytest.raises(Unauthorized):
        Sessions("another" * 8, timedelta(days=1)).once_named_by(token)
