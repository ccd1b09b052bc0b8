"""Encrypts what patients wrote before it reaches the database, and opens what was encrypted.

A sealed value is ``sealed:1:<name of the key>:<nonce and ciphertext of AES-256-GCM, base64>``. The
place it belongs to, as ``inbox.text``, is authenticated with it: it opens nowhere else. A value in
the clear is from before there was encryption. One that only looked sealed got ``clear:1:`` in front
when the database was migrated, so that nothing a patient wrote is ever taken for a sealed value.
"""

from __future__ import annotations

import hmac
import secrets
from binascii import a2b_base64, b2a_base64
from collections.abc import Sequence
from functools import cached_property, lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.exc import DontWrapMixin

from bot.errors import BotError
from bot.settings import MAX_DATA_KEYS

SEALED, CLEAR = "sealed:1:", "clear:1:"
NONCE_BYTES = 12
NAME_BYTES = 8
# Those of DATA_KEYS and SECRET_KEY: a lookup asks under each of them.
MAX_KEYS = MAX_DATA_KEYS + 1


class DataKeyMissing(BotError, DontWrapMixin):  # type: ignore[misc]  # SQLAlchemy 1.4 has no types
    """Something was sealed with a key that this process does not have."""

    code = "data_key_missing"
    status = 503

    @classmethod
    def named(cls, name: str) -> DataKeyMissing:
        """The error for a key of this name."""
        return cls(
            f"What patients wrote is encrypted with the key {name}, which is not set.",
            remedy="Add the earlier key, or the SECRET_KEY of that time, to DATA_KEYS; without it "
            "nobody can read those rows.",
        )


class DataKeysUnset(BotError, DontWrapMixin):  # type: ignore[misc]
    """There is no key to seal or open with."""

    code = "data_keys_unset"
    status = 503


class SealedValueBroken(BotError, DontWrapMixin):  # type: ignore[misc]
    """A sealed value was changed, cut off or moved since it was written."""

    code = "sealed_value_broken"


class DataKey:
    """What is drawn from one secret: a key for sealing, a key for marks, and a name."""

    def __init__(self, secret: str) -> None:
        """Keeps the secret; the keys are drawn when they are first used.

        Args:
            secret: Of ``DATA_KEYS``, or ``SECRET_KEY``.
        """
        self._secret = secret
        # The name tells nothing of the key, and stands in every value.
        self.name = _drawn(secret, "name")[:NAME_BYTES].hex()
        self.prefix = f"{SEALED}{self.name}:"

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(_drawn(self._secret, "seal"))

    @cached_property
    def _mark_key(self) -> bytes:
        return _drawn(self._secret, "mark")

    def seal(self, place: str, text: str) -> str:
        """The text, encrypted for one place."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, text.encode(), _bound(place))
        return self.prefix + b2a_base64(nonce + sealed, newline=False).decode("ascii")

    def open(self, place: str, body: str) -> str:
        """What was encrypted for this place.

        Args:
            place: Table and column.
            body: Of a sealed value, what comes after ``prefix``.

        Raises:
            SealedValueBroken: when it was changed, cut off or moved.
        """
        try:
            # Not the strict decoder, which takes longer than the cipher: the tag tells of changes.
            raw = a2b_base64(body)
            opened = self._cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(place))
        except (InvalidTag, ValueError):
            raise SealedValueBroken(
                f"A value of {place} was changed, or belongs elsewhere.",
                remedy="Restore the row from a backup; only writing to the database past this "
                "program, or a damaged disk, does this.",
            ) from None
        return opened.decode()

    def mark(self, place: str, text: str) -> str:
        """A keyed hash by which an equal value of this place is found."""
        return hmac.new(self._mark_key, _bound(place) + text.encode(), "sha256").hexdigest()


class KeyRing:
    """The keys of one process: the first one seals, all of them open."""

    def __init__(self, given: Sequence[str] = ()) -> None:
        """Makes the keys.

        Args:
            given: Secrets, the newest first; none: what is sealed stays closed.
        """
        self.keys = tuple(DataKey(secret) for secret in dict.fromkeys(given))
        self._by_name = {key.name: key for key in self.keys}

    @classmethod
    def for_this_process(cls) -> KeyRing:
        """A key that nobody keeps, for what ends with the process anyway."""
        return cls([secrets.token_hex()])

    @property
    def names(self) -> frozenset[str]:
        """Of all keys."""
        return frozenset(self._by_name)

    @property
    def newest(self) -> DataKey:
        """The key that seals.

        Raises:
            DataKeysUnset: when there is none.
        """
        if not self.keys:
            raise DataKeysUnset(
                "Neither DATA_KEYS nor SECRET_KEY is set: what patients wrote can be neither "
                "encrypted nor read.",
                remedy="Set them as the server has them.",
            )
        return self.keys[0]

    def seal(self, place: str, text: str) -> str:
        """The text, encrypted with the newest key; an empty one tells nothing and stays empty."""
        return self.newest.seal(place, text) if text else text

    def open(self, place: str, stored: str) -> str:
        """What a stored value says, whether it is sealed or from before there was encryption.

        Raises:
            DataKeyMissing: when it was sealed with a key that is not here.
            SealedValueBroken: when it was changed or moved.
        """
        if not stored.startswith(SEALED):
            return stored[len(CLEAR) :] if stored.startswith(CLEAR) else stored
        name, _, body = stored[len(SEALED) :].partition(":")
        key = self._by_name.get(name)
        if key is None:
            raise DataKeyMissing.named(name)
        return key.open(place, body)

    def mark(self, place: str, text: str, number: int = 0) -> str:
        """The keyed hash of a value; letter case does not count.

        Args:
            place: Table and column.
            text: The value in the clear.
            number: Of the key, newest first; past the last one the last one counts.
        """
        key = self.keys[min(number, len(self.keys) - 1)] if self.keys else self.newest
        return key.mark(place, text.lower())


@lru_cache(maxsize=64)
def _bound(place: str) -> bytes:
    return f"{SEALED}{place}\0".encode()


def _drawn(secret: str, purpose: str) -> bytes:
    info = f"patient-faq/data/1/{purpose}".encode()
    return HKDF(SHA256(), length=32, salt=None, info=info).derive(secret.encode())
