"""A web chat goes on by text message, once the patient has proved the phone by a code.

Pure: it knows what a code is worth and what two linked conversations share. What keeps the rows and
what holds the dialogues is behind its ports.
"""

from bot.continuing.desk import ContinueDesk
from bot.continuing.letters import CODE, MASK, CodeLetters
from bot.continuing.model import (
    Asked,
    Busy,
    Carried,
    CodeSpent,
    CodeTooOld,
    Link,
    NoCode,
    NotTextable,
    PhoneCode,
    Proof,
    TooManyCodes,
    WrongCode,
)
from bot.continuing.ports import ContinueStore, Dialogues, LinkStore
from bot.continuing.reach import Reach
from bot.continuing.wording import Wording

__all__ = [
    "CODE",
    "MASK",
    "Asked",
    "Busy",
    "Carried",
    "CodeLetters",
    "CodeSpent",
    "CodeTooOld",
    "ContinueDesk",
    "ContinueStore",
    "Dialogues",
    "Link",
    "LinkStore",
    "NoCode",
    "NotTextable",
    "PhoneCode",
    "Proof",
    "Reach",
    "TooManyCodes",
    "Wording",
    "WrongCode",
]
