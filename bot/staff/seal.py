"""Encrypts what must be read again, and hashes what need not be."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import BotError

TOKEN_BYTES = 32


class SealBroken(BotError):
    """Something was encrypted with another key."""

    code = "seal_broken"


class Seal:
    """Keys for one purpose each, all drawn from the server's secret."""

    def __init__(self, secret: str, purpose: str) -> None:
        """Draws the keys.

        Args:
            secret: The server's own.
            purpose: What for; another purpose cannot read or repeat anything of this one.
        """
        self._fernet = Fernet(base64.urlsafe_b64encode(_drawn(secret, f"{purpose}/encrypt")))
        self._key = _drawn(secret, f"{purpose}/sign")

    def close(self, text: str) -> str:
        """The text, encrypted and authenticated (AES-128-CBC with HMAC-SHA256)."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """What was encrypted.

        Raises:
            SealBroken: when it was with another key, or was changed.
        """
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SealBroken(
                "Something was encrypted with another SECRET_KEY.",
                remedy="Set the earlier key, or reset the users with `bot user reset NAME`.",
            ) from None

    def mark(self, text: str) -> str:
        """A keyed hash: the same text gives the same mark, and nobody else can make it."""
        return hmac.new(self._key, text.encode("utf-8", "replace"), "sha256").hexdigest()

    def is_mark(self, mark: str, text: str) -> bool:
        """Whether a mark belongs to a text; the time it takes tells nothing."""
        return hmac.compare_digest(self.mark(text).encode(), mark.encode("utf-8", "replace"))


def new_token() -> str:
    """256 random bits, as letters that fit an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """What is kept of a random token; it needs no salt, because nobody can guess one."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _drawn(secret: str, purpose: str) -> bytes:
    info = f"patient-faq/{purpose}".encode()
    return HKDF(SHA256(), length=32, salt=None, info=info).derive(secret.encode())
