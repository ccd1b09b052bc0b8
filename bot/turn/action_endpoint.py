"""Runs the project's custom actions in this process, by the SDK's own executor."""

from __future__ import annotations

import json
import logging
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.errors import SettingError

logger = logging.getLogger(__name__)
IN_PROCESS = "in-process"


class InProcessActions(EndpointConfig):
    """Stands where an action server's address would; Rasa calls ``request`` on either.

    A rejection becomes the 400 an action server would answer. Any other error travels on, so
    that the turn ends in an apology instead of silence.
    """

    def __init__(self, package: str = "actions", **kwargs: Any) -> None:
        # Without this Rasa sends the whole domain with every call; no action here reads it.
        kwargs.setdefault("enable_selective_domain", True)
        super().__init__(url=IN_PROCESS, **kwargs)
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    @property
    def names(self) -> frozenset[str]:
        """The actions that were found."""
        return frozenset(self._executor.actions)

    async def request(
        self, method: str = "post", subpath: str | None = None, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Runs one action call and gives what an action server would have answered."""
        call = kwargs["json"]
        try:
            answer: dict[str, Any] | None = await self._executor.run(call)
            return answer
        except ActionExecutionRejection as error:
            body = json.dumps({"action_name": error.action_name, "error": error.message})
            raise ClientResponseError(400, error.message, body) from error


def check_actions(found: frozenset[str], wanted: set[str]) -> None:
    """Compares the actions in the domain with those in ``actions/``.

    Raises:
        SettingError: names what has no code.
    """
    if missing := sorted(wanted - found):
        raise SettingError(
            f"domain.yml names actions that actions/ does not have: {', '.join(missing)}.",
            remedy="Add them, or take them out of domain.yml and the rules.",
        )
