"""The desk: sends a code to a phone, and links the conversations once it is typed in the chat."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.continuing.letters import CodeLetters
from bot.continuing.model import (
    LIFETIME,
    MAX_TRIES,
    Asked,
    Carried,
    CodeSpent,
    CodeTooOld,
    Link,
    PhoneCode,
    Proof,
    WrongCode,
)
from bot.continuing.phones import textable
from bot.continuing.ports import ContinueStore, Dialogues
from bot.continuing.wording import Wording
from bot.outbox import REPLY, Outgoing
from bot.privacy.identity import conversation_id
from bot.staff.seal import Seal, new_token

DIGITS = 6
TOPIC = "booking/request"
_CODE = re.compile(r"\d{6}", re.ASCII)


def draw_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


class ContinueDesk:
    """See the errors of ``bot.continuing.model`` for how each step can fail."""

    def __init__(
        self,
        store: ContinueStore,
        dialogues: Dialogues,
        wording: Wording,
        seal: Seal,
        clock: Callable[[], datetime],
        *,
        draw: Callable[[], str] = draw_code,
    ) -> None:
        """Opens the desk.

        Args:
            store: Keeps codes and links.
            dialogues: Hold what the assistant knows.
            wording: The approved words.
            seal: Makes the marks under which phones, addresses and codes are kept.
            clock: The present moment; aware.
            draw: A new code each time.
        """
        self._store = store
        self._dialogues = dialogues
        self._wording = wording
        self._seal = seal
        self._letters = CodeLetters(seal, wording.code, clock)
        self._clock = clock
        self._draw = draw

    async def ask(self, web_id: str, typed: str, client: str = "") -> Asked:
        """Sends a code to a phone, if it may be sent there; the answer does not tell.

        Args:
            web_id: The web chat.
            typed: The phone, in any usual form.
            client: The asker's network address; empty when unknown.

        Raises:
            NotTextable: when it is no number that can be texted.
            TooManyCodes: when codes were asked for too often.
        """
        phone, digits, now = textable(typed), self._draw(), self._clock()
        code = PhoneCode(
            conversation_id=web_id,
            phone=phone,
            phone_mark=self._seal.mark(f"phone/{phone}"),
            client_mark=self._seal.mark(f"client/{client}") if client else None,
            code_mark=self._seal.mark(_said(web_id, digits)),
            created_at=now,
            expires_at=now + LIFETIME,
        )
        letter = self._letters.letter(digits, code)
        await self._store.keep_code(code, letter, self._seal.mark(new_token()))
        return Asked(phone, code.expires_at)

    async def confirm(self, web_id: str, typed: str) -> list[dict[str, Any]]:
        """Links the chat with the phone's text messages when the code is right.

        The right code again changes nothing and sends nothing.

        Args:
            web_id: The web chat in which it was typed; a code counts only where it was asked for.
            typed: The code; spaces and dashes do not matter.

        Returns:
            The word in the web chat; empty when the two were linked by this code before.

        Raises:
            WrongCode, NoCode, CodeTooOld, CodeSpent: when it is not.
            Busy: when one of the conversations is busy for too long.
        """
        digits = "".join(typed.split()).replace("-", "")
        if not _CODE.fullmatch(digits):
            raise WrongCode("The code has six digits.")
        code = await self._store.spend_try(web_id, self._clock())
        if not self._seal.is_mark(code.code_mark or "", _said(web_id, digits)):
            raise _wrong(code)
        if code.phone is None:
            return []
        return await self._link(code, conversation_id("sms", code.phone))

    async def forget(self) -> None:
        """Takes what is over out of the tables."""
        await self._store.forget_codes(self._clock())

    async def _link(self, code: PhoneCode, sms_id: str) -> list[dict[str, Any]]:
        async with self._dialogues.held(code.conversation_id, sms_id) as carried:
            is_new = await self._store.is_new(sms_id)
            first, word = self._told(code, sms_id, carried, is_new)
            link = Link(code.conversation_id, sms_id, self._clock())
            proof = await self._store.link(code, link, carried, (first, word))
        if proof is Proof.OVER:
            raise CodeTooOld("This code is over. Please ask for a new one.")
        if proof is Proof.BEFORE:
            return []
        return [{"text": word.body, **word.detail}]

    def _told(
        self, code: PhoneCode, sms_id: str, carried: Carried, is_new: bool
    ) -> tuple[Outgoing, Outgoing]:
        """The first text, and the word in the web chat."""
        text, word = self._wording.moved if carried.has_request else self._wording.continued
        opening = f"{text} {self._wording.notice}" if is_new else text
        body = "\n".join(filter(None, (opening, carried.question)))
        plain = {"answer_ids": [TOPIC] if carried.has_request else [], "choices": [], "source": ""}
        choices = [dict(choice) for choice in carried.choices]
        key = f"continued/{code.id}"
        return (
            Outgoing(f"{key}/sms", "sms", sms_id, REPLY, body, {**plain, "choices": choices}),
            Outgoing(f"{key}/web", "web", code.conversation_id, REPLY, word, plain),
        )


def _said(web_id: str, digits: str) -> str:
    """What a code's mark is made of: another chat's code never fits."""
    return f"code/{web_id}/{digits}"


def _wrong(code: PhoneCode) -> WrongCode | CodeSpent:
    if code.tries >= MAX_TRIES:
        return CodeSpent("That was wrong too often. Please ask for a new code.")
    return WrongCode("That is not the code. Please check the text message.")
