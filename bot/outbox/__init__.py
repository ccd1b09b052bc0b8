"""Messages to patients that nobody is waiting for: kept with what they tell, sent afterwards."""

from bot.outbox.dispatcher import Dispatcher
from bot.outbox.model import Letter, Outgoing, State
from bot.outbox.ports import OutboxRepository, Refused, Sender

__all__ = [
    "Dispatcher",
    "Letter",
    "OutboxRepository",
    "Outgoing",
    "Refused",
    "Sender",
    "State",
]
