"""The French wording of a card: said to patients who write in French and are in danger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import root_validator, validator

from bot.content.facts import ALWAYS_SET, placeholders_in
from bot.content.worded import Worded


class Translation(Worded):
    """The same words in French; a translation of the English, which names the sources.

    It is served while the clinic has yet to approve it: a warning that cannot be read helps less
    than one whose style may still change.
    """

    to_be_approved: bool = False

    @validator("web", "sms")
    def _rests_on_stated_facts(cls, value: str) -> str:
        if shaky := placeholders_in(value) - ALWAYS_SET:
            raise ValueError(f"may not need {', '.join(sorted(shaky))}, which can be unset")
        return value

    @root_validator(skip_on_failure=True)
    def _approved_or_marked(cls, values: dict[str, Any]) -> dict[str, Any]:
        approved = values["approved_by"] is not None and values["approved_on"] is not None
        if approved == values["to_be_approved"]:
            raise ValueError(
                "give either to_be_approved: true, or approved_by and approved_on instead"
            )
        return values

    def text(self, channel: str, facts: Mapping[str, str | None]) -> str:
        """The words for a channel, as one paragraph; Messenger shows the web wording."""
        wording = self.sms if channel == "sms" else self.web
        return " ".join(wording.split()).format_map(facts)
