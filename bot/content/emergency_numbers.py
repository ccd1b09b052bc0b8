"""The numbers a patient is sent to, by province; a profile may name its own.

Sources: 911 and 988 (Suicide Crisis Helpline, call or text, since 30 November 2023) serve all of
Canada; 811 is the health line of each province and territory listed here, under its own name.
"""

from __future__ import annotations

from pydantic import BaseModel

EMERGENCY = "911"
CRISIS = "988"
NURSE_LINES = {
    "AB": "Health Link 811",
    "BC": "HealthLink BC 811",
    "NB": "Tele-Care 811",
    "NL": "811 HealthLine",
    "NS": "811",
    "ON": "Health811 (811)",
    "PE": "811",
    "QC": "Info-Sante 811",
    "SK": "HealthLine 811",
    "YT": "811",
}


class EmergencyNumbers(BaseModel):
    """Life in danger, a nurse's advice at any hour, and thoughts of suicide or self-harm."""

    emergency: str
    nurse_line: str
    crisis: str

    class Config:
        frozen = True
        extra = "forbid"
        min_anystr_length = 1
        anystr_strip_whitespace = True

    @classmethod
    def of_province(cls, province: str) -> EmergencyNumbers:
        """The numbers of a province by its two letters, such as ``AB``.

        Raises:
            ValueError: the health line of that province is not known here.
        """
        if province not in NURSE_LINES:
            raise ValueError(
                f"the health line of {province} is not known; set emergency_numbers in the profile"
            )
        return cls(emergency=EMERGENCY, nurse_line=NURSE_LINES[province], crisis=CRISIS)
