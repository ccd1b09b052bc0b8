"""The text that carries a code: the code itself is sealed until the moment it is sent."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.continuing.model import PhoneCode
from bot.outbox import Letter, Outgoing, Refused
from bot.privacy.identity import conversation_id
from bot.staff.seal import Seal, SealBroken

# The kind of such a letter.
CODE = "phone_code"
# Stands in the wording, and in the outbox for ever, where the code is read on the phone.
MASK = "******"
SEALED, NOT_AFTER = "sealed", "not_after"
KEY_BYTES = 9


class CodeOver(Refused):
    """A code is sent no more: it is over, or nobody can open it."""

    code = "code_over"


class CodeLetters:
    """Writes such letters and opens them for the sender."""

    def __init__(self, seal: Seal, wording: str, clock: Callable[[], datetime]) -> None:
        """Makes the pair of hands.

        Args:
            seal: Keeps the code from whoever reads the outbox.
            wording: The approved words, with ``MASK`` where the code stands; empty for a sender
                that only opens.
            clock: The present moment; aware.
        """
        self._seal = seal
        self._wording = wording
        self._clock = clock

    def letter(self, digits: str, code: PhoneCode) -> Outgoing:
        """The letter that takes a code to its phone."""
        detail = {SEALED: self._seal.close(digits), NOT_AFTER: code.expires_at.isoformat()}
        return Outgoing(
            idempotency_key=self.key_of(code.conversation_id) + secrets.token_urlsafe(KEY_BYTES),
            channel="sms",
            conversation_id=conversation_id("sms", code.phone or ""),
            kind=CODE,
            body=self._wording,
            detail=detail,
        )

    def key_of(self, web_id: str) -> str:
        """How the keys of a web chat's code letters begin."""
        return f"{CODE}/{self._seal.mark(web_id)[:32]}/"

    def opened(self, letter: Letter) -> Letter:
        """A letter as it is sent; any other kind as it is.

        Raises:
            CodeOver: when the code is worth nothing any more.
        """
        if letter.kind != CODE:
            return letter
        sealed, not_after = letter.detail.get(SEALED), letter.detail.get(NOT_AFTER)
        if not sealed or not not_after or datetime.fromisoformat(not_after) <= self._clock():
            raise CodeOver("The code is over.")
        try:
            digits = self._seal.open(str(sealed))
        except SealBroken:
            raise CodeOver("The code was sealed with another key.") from None
        return replace(letter, body=letter.body.replace(MASK, digits), detail={})
