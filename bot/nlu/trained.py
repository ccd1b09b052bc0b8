"""What the components that learn one thing from the training data have in common."""

from __future__ import annotations

import logging
from abc import abstractmethod
from pathlib import Path
from typing import Any, Generic, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

logger = logging.getLogger(__name__)

Part = TypeVar("Part")
Component = TypeVar("Component", bound="Trained[Any]")


class Trained(GraphComponent, Generic[Part]):
    """Keeps what ``train`` learnt in the model archive; untrained, it leaves messages alone."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        part: Part | None = None,
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._part = part

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's default config: nothing."""
        return {}

    @classmethod
    def create(
        cls: type[Component],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Component:
        """Creates a new untrained component (see parent class for full docstring)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls: type[Component],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Component:
        """Loads what was learnt from the archive (see parent class for full docstring)."""
        try:
            with model_storage.read_from(resource) as folder:
                part = cls.read(folder)
        except (ValueError, FileNotFoundError):
            logger.warning("%s was not trained; it leaves every message alone.", cls.__name__)
            part = None
        return cls(config, model_storage, resource, part)

    @classmethod
    @abstractmethod
    def read(cls, folder: Path) -> Part:
        """Reads what ``train`` wrote.

        Raises:
            ValueError, FileNotFoundError: when it wrote nothing.
        """
