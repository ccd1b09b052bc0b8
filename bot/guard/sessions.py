"""Signed web sessions: the server names the conversation, a client can only repeat the name."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from itsdangerous import BadData, URLSafeTimedSerializer

from bot.guard.refusals import Unauthorized
from bot.privacy.identity import conversation_id

SALT = "web-session"
# 128 random bits: a conversation's name cannot be guessed.
ID_BYTES = 16


@dataclass(frozen=True)
class Session:
    """A fresh session.

    Attributes:
        token: What the client sends back.
        expires_at: Aware.
    """

    token: str
    expires_at: datetime


class Sessions:
    """Issues and reads tokens."""

    def __init__(self, secret: str, lifetime: timedelta) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt=SALT)
        self._lifetime = lifetime

    def issue(self) -> Session:
        """A session for a new conversation."""
        token = self._serializer.dumps(secrets.token_urlsafe(ID_BYTES))
        return Session(str(token), datetime.now(timezone.utc) + self._lifetime)

    def conversation_of(self, authorization: str | None) -> str:
        """The conversation a bearer token names.

        Args:
            authorization: The ``Authorization`` header.

        Raises:
            Unauthorized: when it is missing, forged or expired.
        """
        kind, _, token = (authorization or "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise Unauthorized("Send the session token as a bearer token.")
        return self._named_by(token, max_age=int(self._lifetime.total_seconds()))

    def once_named_by(self, token: str) -> str:
        """The conversation a token names, also when it has expired: for staff, not for patients.

        Raises:
            Unauthorized: when this key did not sign it.
        """
        return self._named_by(token, max_age=None)

    def _named_by(self, token: str, max_age: int | None) -> str:
        try:
            name = self._serializer.loads(token.strip(), max_age=max_age)
        # A header is bytes: what is not ASCII arrives as text that cannot be encoded again.
        except (BadData, UnicodeError):
            raise Unauthorized(
                "The session is not valid any more. Please open a new one."
            ) from None
        return conversation_id("web", name)
