"""One answer card: what may be said on one topic, who approved it and until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import Field, root_validator, validator

from bot.content.facts import ALWAYS_SET, PLACEHOLDERS, SAMPLES, placeholders_in
from bot.content.sources import Source
from bot.content.translation import Translation
from bot.content.worded import Worded

Channel = Literal["web", "sms", "messenger"]
# Both: the English words and then the French, for whoever reads only one of them.
Language = Literal["en", "fr", "both"]
# A Messenger quick reply shows no more than 20 characters; titles are used as its label.
TITLE_LENGTH = 20
MAX_CHOICES = 3


class AnswerCard(Worded):
    """Approved wording on one topic.

    Each line of ``web`` and ``sms`` stands alone. A line that needs a fact the clinic left unset
    gives way to that fact's ``unset`` wording; the lines are then joined by spaces.

    ``not_clinical`` names, word for word, the sentences that say nothing about health.
    """

    id: str = Field(regex=r"^[a-z]+/[a-z0-9_]+$")
    title: str = Field(max_length=TITLE_LENGTH)
    unset: dict[str, str] = Field(default_factory=dict)
    fr: Translation | None = None
    sources: tuple[Source, ...] = ()
    not_clinical: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    review_by: date | None = None

    @validator("web", "sms")
    def _known_placeholders(cls, value: str) -> str:
        _refuse_unknown(placeholders_in(value) - PLACEHOLDERS - SAMPLES.keys())
        return value

    @validator("not_clinical", each_item=True)
    def _one_line(cls, value: str) -> str:
        return " ".join(value.split())

    @validator("choices")
    def _few(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(value) > MAX_CHOICES:
            raise ValueError(f"offer at most {MAX_CHOICES}")
        return value

    @validator("unset")
    def _rests_on_stated_facts(cls, value: dict[str, str]) -> dict[str, str]:
        _refuse_unknown(set(value) - PLACEHOLDERS)
        for wording in value.values():
            if shaky := placeholders_in(wording) - ALWAYS_SET:
                raise ValueError(f"may not need {_braced(shaky)}, which can be unset as well")
        return value

    @root_validator(skip_on_failure=True)
    def _unset_wording(cls, values: dict[str, Any]) -> dict[str, Any]:
        needed = placeholders_in(values["web"]) | placeholders_in(values["sms"])
        if unworded := needed - ALWAYS_SET - SAMPLES.keys() - set(values["unset"]):
            raise ValueError(f"unset: add wording for {_braced(unworded)}")
        return values

    @property
    def given(self) -> frozenset[str]:
        """The placeholders that only whoever says the card can fill."""
        return frozenset((placeholders_in(self.web) | placeholders_in(self.sms)) & SAMPLES.keys())

    def is_approved(self) -> bool:
        """Whether a person put a name and a date to these words."""
        return self.approved_by is not None and self.approved_on is not None

    def is_in_date(self, today: date) -> bool:
        """Whether the words need no new review yet; the day of review itself still counts."""
        return self.review_by is not None and today <= self.review_by

    def text(
        self, channel: Channel, facts: Mapping[str, str | None], language: Language = "en"
    ) -> str:
        """The words for a channel.

        Args:
            channel: Messenger shows the web wording.
            facts: Every placeholder with its text, None where the clinic left it unset.
            language: English stands in where the card has no French.
        """
        english, french = self._english(channel, facts), self.fr and self.fr.text(channel, facts)
        if language == "en" or not french:
            return english
        return french if language == "fr" else f"{english} {french}"

    def _english(self, channel: Channel, facts: Mapping[str, str | None]) -> str:
        lines = (self.sms if channel == "sms" else self.web).splitlines()
        said = dict.fromkeys(self._line(line.strip(), facts) for line in lines)
        return " ".join(line for line in said if line)

    def _line(self, line: str, facts: Mapping[str, str | None]) -> str:
        missing = sorted(name for name in placeholders_in(line) if facts[name] is None)
        wording = " ".join(self.unset[name] for name in missing) or line
        return wording.format_map(facts)


def _refuse_unknown(names: set[str]) -> None:
    if names:
        raise ValueError(
            f"unknown placeholder {_braced(names)}; known are {_braced(set(PLACEHOLDERS))}"
        )


def _braced(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))
