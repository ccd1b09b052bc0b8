"""The cards that may be served, filled with the clinic's facts for each channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast, get_args

from bot.content.card import AnswerCard, Channel, Language
from bot.content.card_file import read_cards
from bot.content.errors import CardUnavailable
from bot.content.facts import facts_of
from bot.content.profile import ClinicProfile


@dataclass(frozen=True)
class RenderedAnswer:
    """Words ready to send.

    Attributes:
        topic: The card's id, such as ``faq/does_it_hurt``.
        text: The approved words for the channel, one paragraph.
        source: One line that names where the words come from; empty for small talk.
        choices: Topics to offer next; each of them has a card that may be served.
    """

    topic: str
    text: str
    source: str
    choices: tuple[str, ...]


class CardLibrary:
    """All cards of a clinic; those not approved or past review are kept but never served."""

    def __init__(
        self, cards: Iterable[AnswerCard], profile: ClinicProfile, today: date | None = None
    ) -> None:
        """Keeps the cards.

        Args:
            cards: One card for each topic.
            profile: The clinic's facts.
            today: A fixed date; left out, the clinic's own current date is asked at each answer,
                so that a card expires while the server runs.
        """
        self.profile = profile
        self._cards = {card.id: card for card in cards}
        self._facts = facts_of(profile)
        self._today = today

    @classmethod
    def load(
        cls, answers_dir: Path, profile: ClinicProfile, today: date | None = None
    ) -> CardLibrary:
        """Reads every ``*.yml`` file of a folder.

        Raises:
            ContentError: a file or card is wrong, or two cards have one id; names the place.
        """
        return cls(read_cards(answers_dir), profile, today)

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that may be answered today."""
        return tuple(topic for topic in self._cards if self.has(topic))

    def has(self, topic: str) -> bool:
        """Whether a card for the topic is approved and in date."""
        card = self._cards.get(topic)
        if card is None:
            return False
        return card.is_approved() and card.is_in_date(self._today or self.profile.now().date())

    def title(self, topic: str) -> str:
        """A plain label for the topic, at most 20 characters.

        Raises:
            CardUnavailable: there is no card for the topic.
        """
        return self._card(topic).title

    def render(
        self,
        topic: str,
        channel: str,
        language: Language = "en",
        given: Mapping[str, str] | None = None,
    ) -> RenderedAnswer:
        """The answer on a topic in the words of a channel.

        Args:
            topic: A card's id.
            channel: ``web``, ``sms`` or ``messenger``.
            language: What to say it in; only the safety cards and a few phrases have French.
            given: What is known only now, such as ``next_opening``, for the cards that name it.

        Raises:
            CardUnavailable: no card for the topic is approved and in date, or it needs more than
                was given.
            ValueError: the channel is not one of the three.
        """
        if channel not in get_args(Channel):
            raise ValueError(f"Channel {channel} is not one of {', '.join(get_args(Channel))}.")
        card = self._card(topic)
        if not self.has(topic):
            raise CardUnavailable(
                f"The card {topic} may not be served.",
                remedy="Have the clinic review it and renew approved_by, approved_on, review_by.",
            )
        if missing := card.given - set(given or ()):
            raise CardUnavailable(
                f"The card {topic} cannot be filled: {', '.join(sorted(missing))} is not known.",
                remedy="Take it out of the card.",
            )
        facts = {**self._facts, **(given or {})}
        return RenderedAnswer(
            topic=topic,
            text=card.text(cast(Channel, channel), facts, language),
            source=_source_line(card),
            choices=tuple(choice for choice in card.choices if self.has(choice)),
        )

    def _card(self, topic: str) -> AnswerCard:
        if topic not in self._cards:
            raise CardUnavailable(
                f"There is no card for {topic}.", remedy="Add one under data/answers/."
            )
        return self._cards[topic]


def _source_line(card: AnswerCard) -> str:
    return "; ".join(map(str, card.sources))
