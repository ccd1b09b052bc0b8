"""What every approved wording has, in whichever language."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel


class Worded(BaseModel):
    """Words for each channel, and who approved them when."""

    web: str
    sms: str
    approved_by: str | None = None
    approved_on: date | None = None

    class Config:
        frozen = True
        extra = "forbid"
        anystr_strip_whitespace = True
        min_anystr_length = 1
