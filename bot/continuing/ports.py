"""What the room needs from whatever keeps codes and links, and from whatever holds dialogues."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.continuing.model import Carried, Link, PhoneCode, Proof
from bot.outbox import Outgoing


class LinkStore(Protocol):
    """Knows which conversations are linked."""

    async def to_texts(self, sms_id: str, since: datetime) -> Sequence[Link]:
        """The links to a conversation by text message that were proved after a moment."""


class ContinueStore(LinkStore, Protocol):
    """Keeps codes and links. Everything it returns is committed."""

    async def keep_code(self, code: PhoneCode, letter: Outgoing, decoy: str) -> None:
        """Keeps a new code and its letter, all or nothing; earlier codes of the chat are dead.

        Where the phone has had too many, or wants no texts, the code is kept under the decoy's
        mark, which no code has, and no letter: nobody outside can tell.

        Args:
            code: As it is to be kept.
            letter: Takes the code to the phone.
            decoy: A mark that fits no code.

        Raises:
            TooManyCodes: when the conversation, the client or everybody together asked too often.
        """

    async def spend_try(self, conversation_id: str, now: datetime) -> PhoneCode:
        """The newest code of a web chat, with one more try counted.

        Raises:
            NoCode: when none was asked for.
            CodeTooOld: when its time is over.
            CodeSpent: when it has had all its tries.
        """

    async def is_new(self, sms_id: str) -> bool:
        """Whether nothing was ever answered in a conversation by text message."""

    async def link(
        self, code: PhoneCode, link: Link, carried: Carried, letters: Sequence[Outgoing]
    ) -> Proof:
        """Uses a code up: links, carries events and keeps letters, all or nothing.

        Args:
            code: The code that was right.
            link: The two conversations; one that is there already is proved anew.
            carried: Whose events are added to the two conversations.
            letters: What the patient is told.

        Returns:
            ``BEFORE`` when another request with the same code was first, ``OVER`` when the code
            ended meanwhile or was erased; nothing is kept then.
        """

    async def forget_codes(self, now: datetime) -> int:
        """Takes phones and marks out of codes that are over, and what is sealed out of letters.

        Returns:
            How many codes that were.
        """


class Dialogues(Protocol):
    """Holds what the assistant knows of conversations."""

    def held(self, web_id: str, sms_id: str) -> AbstractAsyncContextManager[Carried]:
        """What of a web chat goes on by text message; inside, no turn of either runs.

        Nothing goes on where the conversation by text message is in the middle of something.

        Raises:
            Busy: when one of them is busy for too long.
        """
