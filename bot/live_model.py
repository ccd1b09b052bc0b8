"""The model that a server answers with, and how it changes while patients write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rasa.core.agent import Agent

from bot.learning.served import ServedModel
from bot.nlu.encoder import Vectors
from bot.nlu.text import normalise
from bot.services import Services
from bot.storage.promotions import PromotionRepository
from bot.turn.assistant import Assistant
from bot.turn.live import LiveTurn
from bot.turn.locks import lock_store
from bot.turn.turn import Turn


class LiveModel:
    """One process's model.

    Attributes:
        turn: Answers messages, always with the present model.
        locks: Those under which turns run, whatever the model.
        trackers: Rasa's conversations.
        watcher: Notices promotions.
    """

    def __init__(self, parts: Services, model: Path, on_agent: Callable[[Agent], None]) -> None:
        """Loads the first model.

        Args:
            parts: The domain services.
            model: A trained archive.
            on_agent: Told of Rasa's agent, now and whenever there is another one.

        Raises:
            BotError: when the model, or a card that every turn needs, is wrong.
        """
        self._parts = parts
        self._on_agent = on_agent
        # One for all models: a conversation's turns wait for each other across a change.
        self.locks = lock_store(parts.settings.redis_url)
        self._now = assistant = self._assistant(model)
        self.trackers = assistant.trackers
        self.turn = LiveTurn(self._turn(assistant))
        promotions = PromotionRepository(parts.database)
        self.watcher = ServedModel(parts.settings, promotions, model, self._load)
        on_agent(assistant.agent)

    @property
    def name(self) -> str:
        """Of the archive that answers at the moment."""
        return self.watcher.loaded

    def encode(self, text: str) -> Vectors | None:
        """A text's vector of length 1, by the encoder of the model that answers.

        Args:
            text: As a patient wrote it.

        Returns:
            One row of numbers; None when the model has no sentence encoder.
        """
        encoder = self._now.encoder
        return None if encoder is None else encoder.encode([normalise(text)])[0]

    def _load(self, model: Path) -> Callable[[], None]:
        """Loads a model beside the one that answers meanwhile; gives what puts it in place."""
        assistant = self._assistant(model)
        turn = self._turn(assistant)

        def put_in_place() -> None:
            self.turn.use(turn)
            self._now = assistant
            self._on_agent(assistant.agent)

        return put_in_place

    def _assistant(self, model: Path) -> Assistant:
        parts = self._parts
        return Assistant.load(model, parts.settings, parts.database, self.locks)

    def _turn(self, assistant: Assistant) -> Turn:
        parts = self._parts
        deadline = parts.settings.turn_deadline
        people = parts.handoffs
        return Turn(assistant, parts.library, parts.gate, parts.alerts, deadline, people=people)
