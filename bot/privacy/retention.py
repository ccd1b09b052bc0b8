"""How long each kind of thing is kept; docs/privacy.md gives the reasons."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from bot.settings import Settings


@dataclass(frozen=True)
class Retention:
    """The windows; a new one is a line here and a setting ``RETAIN_…_DAYS``.

    Attributes:
        messages: What patients wrote and were answered, and Rasa's record of it.
        letters: What the clinic let a patient or its staff know.
        bookings: After the visit, or after the last change of a request.
        tries: Wrong tries to reach a request.
        alerts: What staff had to look at.
        conversations: That there was a conversation, after its last message.
        links: That a web chat goes on by text message, after the phone was proved.
    """

    messages: timedelta
    letters: timedelta
    bookings: timedelta
    tries: timedelta
    alerts: timedelta
    conversations: timedelta
    links: timedelta

    @classmethod
    def of(cls, settings: Settings) -> Retention:
        """As the settings say."""
        days = {name: getattr(settings, f"retain_{name}_days") for name in WINDOWS}
        return cls(**{name: timedelta(days=number) for name, number in days.items()})

    def cutoff(self, window: str, now: datetime) -> datetime:
        """The moment before which a window's rows are past it.

        Args:
            window: A name of ``WINDOWS``.
            now: Aware.
        """
        length: timedelta = getattr(self, window)
        return now - length


WINDOWS = tuple(field.name for field in fields(Retention))
