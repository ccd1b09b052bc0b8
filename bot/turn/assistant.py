"""Rasa's agent, loaded once: the trained model, the project's tracker store and its actions."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, cast

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import LockStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.constants import DEFAULT_ACTION_NAMES
from rasa.utils.endpoints import EndpointConfig

from bot.errors import SettingError
from bot.nlu.encoder import Encoder
from bot.nlu.sentence_encoder import SentenceEncoder
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.tracker_store import DatabaseTrackerStore
from bot.turn import action_validation
from bot.turn.action_endpoint import IN_PROCESS, InProcessActions, check_actions
from bot.turn.before import Before, read_before, said_to
from bot.turn.collector import ReplyCollector
from bot.turn.locks import lock_store

logger = logging.getLogger(__name__)


class Assistant:
    """What a turn needs of Rasa: parse a text, run a message through rules and actions."""

    def __init__(self, agent: Agent) -> None:
        if agent.processor is None:
            raise SettingError("The agent has no model.", remedy="Run `bot train`.")
        self._agent = agent
        self._processor = agent.processor

    @classmethod
    def load(
        cls, model: Path, settings: Settings, database: Database, locks: LockStore | None = None
    ) -> Assistant:
        """Loads a trained model.

        Args:
            model: A ``.tar.gz`` that ``bot train`` wrote.
            settings: Names the endpoints file and Redis.
            database: Where conversations are kept.
            locks: Those under which turns run; None: its own.

        Raises:
            SettingError: when endpoints.yml is wrong or an action in the domain has no code.
        """
        action_validation.install()
        endpoints = AvailableEndpoints.read_endpoints(str(settings.endpoints))
        actions = _actions(endpoints.action)
        agent = Agent(lock_store=locks or lock_store(settings.redis_url), action_endpoint=actions)
        # The constructor wraps every store in one that falls back to memory without a word.
        agent.tracker_store = DatabaseTrackerStore(None, database)
        agent.load_model(model)
        if isinstance(actions, InProcessActions) and agent.domain is not None:
            wanted = {
                a for a in agent.domain.user_actions if a.startswith(("action_", "validate_"))
            }
            check_actions(actions.names, wanted - set(DEFAULT_ACTION_NAMES))
        return cls(agent)

    @property
    def agent(self) -> Agent:
        """For the parts of Rasa that insist on it."""
        return self._agent

    @property
    def trackers(self) -> DatabaseTrackerStore:
        """Where Rasa's conversations are kept."""
        return cast(DatabaseTrackerStore, self._agent.tracker_store)

    async def parse(self, text: str) -> dict[str, Any]:
        """Understands a text outside any conversation; see ``bot.nlu.abstention`` for the form."""
        parsed: dict[str, Any] = await self._processor.parse_message(UserMessage(text))
        return parsed

    @property
    def encoder(self) -> Encoder | None:
        """The model's own sentence encoder, safe to share between threads; None without one."""
        # Rasa hands its components to nobody, and another copy would take 60 MB.
        nodes = getattr(self._processor.graph_runner, "_instantiated_nodes", {})
        parts = (getattr(node, "_component", None) for node in nodes.values())
        encoders = [part for part in parts if isinstance(part, SentenceEncoder)]
        return encoders[0]._encoder if encoders else None

    async def before(self, conversation_id: str) -> Before:
        """What was said last in a conversation; cheaper than reading all of it."""
        return read_before(await self._agent.tracker_store.recent(conversation_id))

    async def said_to(self, conversation_id: str, message_id: str) -> list[dict[str, Any]]:
        """What was said to a message whose turn ended just before a crash; empty when it did not.

        Such a message must not run again: the conversation has gone on since.
        """
        return said_to(await self._agent.tracker_store.recent(conversation_id), message_id)

    async def respond(
        self, conversation_id: str, channel: str, text: str, parsed: dict[str, Any], message_id: str
    ) -> list[dict[str, Any]]:
        """Runs an understood message through rules and actions.

        Returns:
            What the actions said, in order; empty when an action failed.
        """
        collector = ReplyCollector(channel)
        message = UserMessage(
            text,
            collector,
            conversation_id,
            parse_data=parsed,
            input_channel=channel,
            message_id=message_id,
        )
        await self._agent.handle_message(message)
        return collector.events


def _actions(configured: EndpointConfig | None) -> EndpointConfig:
    if configured is None or configured.url == IN_PROCESS:
        return InProcessActions(**(configured.kwargs if configured else {}))
    return configured
