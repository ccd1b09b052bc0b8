"""Sets days, times, names, phones and emails as entities, resolved where the clinic is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.errors import SettingError
from bot.reading.reader import reader
from bot.settings import Settings

# As in the clinic's profile, where a clinic may leave them out.
DEFAULTS = {"timezone": "America/Edmonton", "province": "AB"}


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class VisitEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Finds dates, times, day parts, people, phones and emails: what a booking needs.

    ``docs/nlu.md`` tells the form of each value. Nothing is resolved unless a word hints at it.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's default config."""
        return {
            # Where "tomorrow" is and which holidays are kept; None: as the clinic's profile says.
            "timezone": None,
            "province": None,
        }

    def __init__(self, config: dict[str, Any], clock: Callable[[], datetime] = _utc_now) -> None:
        """Makes the extractor.

        Args:
            config: See ``get_default_config``.
            clock: The present moment; aware.

        Raises:
            SettingError: when the time zone is none.
        """
        place = {**_place(), **{name: config[name] for name in DEFAULTS if config.get(name)}}
        try:
            ZoneInfo(place["timezone"])
        except (KeyError, ValueError, OSError):
            raise SettingError(
                "The time zone of VisitEntityExtractor is unknown.",
                remedy="Set `timezone` in config.yml to one such as America/Edmonton, or leave it "
                "out to use the clinic profile's.",
            ) from None
        self._reader = reader(place["timezone"], place["province"])
        self._clock = clock

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> VisitEntityExtractor:
        """Creates a new component (see parent class for full docstring)."""
        return cls(config)

    @staticmethod
    def required_packages() -> list[str]:
        """Packages this component needs at run time."""
        return ["spacy", "dateparser", "phonenumbers", "holidays", "rapidfuzz"]

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds what is found to the entities of each message."""
        for message in messages:
            found = self._reader.read(message.get(TEXT) or "", self._clock())
            entities = self.add_extractor_name([entity.as_dict() for entity in found.entities])
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages


def _place() -> dict[str, str]:
    """The time zone and the province of the clinic's profile, whose checks are the server's."""
    return _place_in(Settings.from_env().clinic_profile)


def _place_in(profile: Path) -> dict[str, str]:
    try:
        facts = yaml.safe_load(profile.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise SettingError(
            f"The clinic profile {profile} cannot be read.",
            remedy="Set CLINIC_PROFILE to a readable YAML file; `bot content check` names faults.",
        ) from None
    known = facts if isinstance(facts, dict) else {}
    return {name: str(known.get(name) or default) for name, default in DEFAULTS.items()}
