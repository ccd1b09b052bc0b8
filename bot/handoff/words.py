"""What patients are told around a talk with a person: approved cards, filled with what is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.booking.told import readable_clock, readable_time
from bot.content import CardLibrary, ClinicProfile
from bot.handoff.model import Handoff
from bot.outbox.model import Outgoing

# Reported with each, so that an open chat knows to look for more.
TOPIC = "handoff/human"
ASKED_OPEN, ASKED_CLOSED = "other/person_open", "other/person_closed"
HERE, LEFT, MISSED = "other/person_here", "other/person_left", "other/person_missed"
FROM_CLINIC, FROM_PERSON = "other/from_clinic", "other/from_person"
# Letters that a person wrote, word for word.
STAFF_MESSAGE = "staff_message"
BY_PERSON = "by_person"


@dataclass(frozen=True)
class HandoffWords:
    """Fills the cards.

    Attributes:
        library: The clinic's approved words.
        profile: The clinic's own facts.
    """

    library: CardLibrary
    profile: ClinicProfile

    def asked(self, now: datetime) -> tuple[str, dict[str, str]]:
        """The card that tells when somebody answers, and what fills it.

        Args:
            now: Aware.

        Returns:
            Where the clinic states no hours, or opens on no day that is near, the card that names
            no time.
        """
        zone = ZoneInfo(self.profile.timezone)
        opening = self.profile.opening_on(now.astimezone(zone).date())
        if opening is not None and self.profile.is_open(now):
            return ASKED_OPEN, {"open_until": readable_clock(opening.closes)}
        opens = self.profile.next_opening(now)
        if opens is None:
            return TOPIC, {}
        return ASKED_CLOSED, {"next_opening": readable_time(opens, zone)}

    def here(self, handoff: Handoff) -> tuple[Outgoing, ...]:
        """Tells that a person has the conversation."""
        return (self._card(HERE, "handoff_taken", handoff),)

    def left(self, handoff: Handoff) -> tuple[Outgoing, ...]:
        """Tells that the assistant answers again."""
        return (self._card(LEFT, "handoff_given_back", handoff),)

    def missed(self, handoff: Handoff) -> tuple[Outgoing, ...]:
        """Tells that nobody answered in time, and the number to call."""
        return (self._card(MISSED, "handoff_missed", handoff),)

    def from_staff(self, words: str, channel: str, person: str) -> str:
        """What staff wrote, as the patient reads it.

        Args:
            words: As they were written.
            channel: Whose wording.
            person: Who wrote; named only where the clinic's profile says so.
        """
        if self.profile.shows_staff_names:
            begins = self.library.render(FROM_PERSON, channel, given={"person": person})
        else:
            begins = self.library.render(FROM_CLINIC, channel)
        return f"{begins.text} {words}"

    def written(self, handoff: Handoff, words: str, key: str) -> Outgoing:
        """The letter of what the holder of a conversation wrote."""
        return Outgoing(
            idempotency_key=f"handoff/{handoff.id}/{key}",
            channel=handoff.channel,
            conversation_id=handoff.conversation_id,
            kind=STAFF_MESSAGE,
            body=self.from_staff(words, handoff.channel, handoff.taken_by),
            detail=detail_of_person(),
        )

    def _card(self, topic: str, kind: str, handoff: Handoff) -> Outgoing:
        return Outgoing(
            idempotency_key=f"{kind}/{handoff.id}/{handoff.version}",
            channel=handoff.channel,
            conversation_id=handoff.conversation_id,
            kind=kind,
            body=self.library.render(topic, handoff.channel).text,
            detail=_detail(),
        )


def detail_of_person() -> dict[str, Any]:
    """The detail of a letter that a person wrote."""
    return {**_detail(), BY_PERSON: True}


def _detail() -> dict[str, Any]:
    return {"answer_ids": [TOPIC], "choices": [], "source": ""}
