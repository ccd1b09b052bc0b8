"""What is kept on patients: shown to them, erased when they ask, and not kept for ever.

Pure: it knows who a patient is and what the rules are. What keeps the rows is behind its ports.
"""

from bot.privacy.desk import PrivacyDesk
from bot.privacy.identity import BadId, PatientId, read_patient_id
from bot.privacy.model import (
    Erasure,
    Export,
    Kept,
    LogEntry,
    Purge,
    UnknownPatient,
    Visit,
    VisitAhead,
)
from bot.privacy.ports import PatientStore
from bot.privacy.retention import Retention

__all__ = [
    "BadId",
    "Erasure",
    "Export",
    "Kept",
    "LogEntry",
    "PatientId",
    "PatientStore",
    "PrivacyDesk",
    "Purge",
    "Retention",
    "UnknownPatient",
    "Visit",
    "VisitAhead",
    "read_patient_id",
]
