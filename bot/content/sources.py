"""Where the words of a card come from, in a form a patient can read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, validator


class _Source(BaseModel):
    @property
    def grounded(self) -> tuple[str, ...]:
        """The card's sentences that stand on this source; see ``bot.content.grounds``."""
        return ()

    class Config:
        frozen = True
        extra = "forbid"
        min_anystr_length = 1


class _Grounding(_Source):
    """A source of clinical sentences; ``says`` names each of them word for word."""

    says: tuple[str, ...] = ()

    @validator("says", each_item=True)
    def _one_line(cls, value: str) -> str:
        return " ".join(value.split())

    @property
    def grounded(self) -> tuple[str, ...]:
        """The card's sentences that stand on this source."""
        return self.says


class ArticleSource(_Grounding):
    """A passage of the clinic's article on back pain, named by its section heading."""

    kind: Literal["article"]
    section: str

    def __str__(self) -> str:
        return f"the clinic's article on back pain, section “{self.section}”"


class ClinicSource(_Source):
    """The clinic itself: its profile, or how it works."""

    kind: Literal["clinic"]

    def __str__(self) -> str:
        return "the clinic"


class ExternalSource(_Grounding):
    """A published guideline, study or public health page; ``reference`` says where to find it."""

    kind: Literal["external"]
    title: str
    year: int = Field(ge=1950, le=2100)
    reference: str

    def __str__(self) -> str:
        return f"{self.title} ({self.year}), {self.reference}"


class CarePrinciple(_Grounding):
    """A rule of careful practice, such as asking the prescriber before a medicine changes."""

    kind: Literal["care_principle"]

    def __str__(self) -> str:
        return "general care principle: ask your practitioner or doctor"


Source = Annotated[
    ArticleSource | ClinicSource | ExternalSource | CarePrinciple,
    Field(discriminator="kind"),
]
