"""Messages to patients that nobody is waiting for: kept with what they tell, sent afterwards."""

from bot.outbox.dispatcher import Dispatcher
from bot.outbox.model import REPLY, WARNING, Letter, Outgoing, State, reply_key
from bot.outbox.office import PostOffice
from bot.outbox.ports import Later, OutboxRepository, Refused, Sender, Unknown

__all__ = [
    "REPLY",
    "WARNING",
    "Dispatcher",
    "Later",
    "Letter",
    "OutboxRepository",
    "Outgoing",
    "PostOffice",
    "Refused",
    "Sender",
    "State",
    "Unknown",
    "reply_key",
]
