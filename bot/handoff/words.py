"""What patients are told around a talk with a person: approved cards, filled with what is known."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.booking.told import readable_clock, readable_time
from bot.content import CardLibrary, CardUnavailable, ClinicProfile
from bot.handoff.model import Handoff
from bot.outbox.model import Outgoing

logger = logging.getLogger(__name__)
# Reported with each, so that an open chat knows to look for more.
TOPIC = "handoff/human"
ASKED_OPEN, ASKED_CLOSED = "other/person_open", "other/person_closed"
HERE, LEFT, MISSED = "other/person_here", "other/person_left", "other/person_missed"
FROM_CLINIC, FROM_PERSON = "other/from_clinic", "other/from_person"
# Letters that a person wrote, word for word.
STAFF_MESSAGE = "staff_message"
BY_PERSON = "by_person"
# Who of the clinic wrote; for colleagues.
WRITER = "writer"


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
        return self._letters("handoff_taken", handoff, HERE)

    def left(self, handoff: Handoff) -> tuple[Outgoing, ...]:
        """Tells that the assistant answers again."""
        return self._letters("handoff_given_back", handoff, LEFT)

    def missed(self, handoff: Handoff) -> tuple[Outgoing, ...]:
        """Tells that nobody answered in time, and the number to call."""
        return self._letters("handoff_missed", handoff, MISSED, TOPIC)

    def from_staff(self, words: str, channel: str, person: str) -> str:
        """What staff wrote, as the patient reads it.

        Args:
            words: As they were written.
            channel: Whose wording.
            person: Who wrote; named only where the clinic's profile says so.
        """
        is_named = self.profile.shows_staff_names
        begins = self._said((FROM_PERSON if is_named else FROM_CLINIC,), channel, person=person)
        return f"{begins or f'{self.profile.name}:'} {words}"

    def written(self, handoff: Handoff, words: str, key: str) -> Outgoing:
        """The letter of what the holder of a conversation wrote."""
        return Outgoing(
            idempotency_key=f"handoff/{handoff.id}/{key}",
            channel=handoff.channel,
            conversation_id=handoff.conversation_id,
            kind=STAFF_MESSAGE,
            body=self.from_staff(words, handoff.channel, handoff.taken_by),
            detail=detail_of_person(handoff.taken_by),
        )

    def _letters(self, kind: str, handoff: Handoff, *topics: str) -> tuple[Outgoing, ...]:
        body = self._said(topics, handoff.channel)
        if not body:
            return ()
        key = f"{kind}/{handoff.id}/{handoff.version}"
        to = (handoff.channel, handoff.conversation_id)
        return (Outgoing(key, *to, kind, body, _detail()),)

    def _said(self, topics: Sequence[str], channel: str, **given: str) -> str:
        """The first of some cards that may be said; empty when none may.

        A card that is past its review keeps no patient from a person.
        """
        for topic in topics:
            try:
                return self.library.render(topic, channel, given=given).text
            except CardUnavailable as error:
                logger.error("A patient is not told: %s", error)
        return ""


def detail_of_person(writer: str) -> dict[str, Any]:
    """The detail of a letter that a person wrote."""
    return {**_detail(), BY_PERSON: True, WRITER: writer}


def _detail() -> dict[str, Any]:
    return {"answer_ids": [TOPIC], "choices": [], "source": ""}
