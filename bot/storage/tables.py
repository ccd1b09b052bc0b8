"""Every table but those of the staff console, which it brings with it.

A change here needs a migration; a test compares the two.
What a patient wrote or is called is of a sealed type: encrypted in the database.
A new table also needs a line in ``holdings.py``: whose its rows are, and how long they stay.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from bot.storage import (
    figure_tables,
    handoff_tables,
    learning_tables,
    link_tables,
    review_tables,
    staff_tables,
)
from bot.storage.metadata import BigId, metadata
from bot.storage.sealed_types import Mark, SealedJson, SealedText
from bot.storage.types import IsoDay, JsonText, UtcTime

__all__ = [
    "alerts",
    "booking_events",
    "booking_tries",
    "bookings",
    "conversations",
    "data_keys",
    "figure_tables",
    "handoff_tables",
    "inbox",
    "learning_tables",
    "link_tables",
    "metadata",
    "outbox",
    "review_tables",
    "staff_tables",
    "tracker_events",
]

# One row per patient conversation; the id is what Rasa calls the sender.
conversations = Table(
    "conversations",
    metadata,
    Column("id", String(255), primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
)

# A patient's message, committed before the provider hears "ok", and the reply it got.
inbox = Table(
    "inbox",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("channel", String(32), nullable=False),
    Column("conversation_id", String(255), nullable=False),
    Column("message_id", String(255), nullable=False),
    Column("text", SealedText("inbox.text"), nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("status", String(16), nullable=False),
    Column("reply", SealedJson("inbox.reply")),
    Column("finished_at", UtcTime),
    # How the turn understood the message; NULL before it has ended.
    Column("outcome", String(16)),
    Column("intent", String(64)),
    Column("confidence", Float(53)),
    # What came with the words, such as files or a choice's payload; NULL when nothing did.
    Column("detail", SealedJson("inbox.detail")),
    # While a process works on it nobody else takes it; how often somebody has.
    Column("claimed_until", UtcTime),
    Column("attempts", Integer, nullable=False, server_default="0"),
    UniqueConstraint("conversation_id", "message_id"),
    Index(None, "conversation_id", "id"),
    Index(None, "status"),
    sqlite_autoincrement=True,
)

# Rasa's events, one per row; `data` is the event's own JSON.
tracker_events = Table(
    "tracker_events",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("sender_id", String(255), nullable=False),
    Column("type_name", String(64), nullable=False),
    Column("timestamp", Float(53), nullable=False),
    Column("data", SealedText("tracker_events.data"), nullable=False),
    Index(None, "sender_id", "id"),
)

bookings = Table(
    "bookings",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("reference", String(16), nullable=False),
    Column("idempotency_key", String(512), nullable=False),
    Column("conversation_id", String(255), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("name", SealedText("bookings.name"), nullable=False),
    Column("phone", SealedText("bookings.phone", length=32)),
    Column("email", SealedText("bookings.email")),
    Column("reason", SealedText("bookings.reason"), nullable=False),
    Column("preferred", SealedText("bookings.preferred"), nullable=False),
    Column("visit", String(16), nullable=False),
    Column("consent", Boolean, nullable=False),
    Column("status", String(16), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("last_day", IsoDay),
    Column("starts_at", UtcTime),
    Column("minutes", Integer),
    # How the clinic may contact the patient: text, call or email; NULL where nobody asked.
    Column("contact_consent", String(16)),
    # By which the requests of a phone or an email are found.
    Column("phone_mark", Mark("bookings.phone")),
    Column("email_mark", Mark("bookings.email")),
    UniqueConstraint("reference"),
    UniqueConstraint("idempotency_key"),
    Index(None, "conversation_id", "id"),
    Index(None, "phone_mark"),
    Index(None, "email_mark"),
    Index(None, "status"),
    Index(None, "created_at"),
    sqlite_autoincrement=True,
)

# What happened to a booking, oldest first; `detail` may hold the patient's own words.
booking_events = Table(
    "booking_events",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("booking_id", BigId, ForeignKey("bookings.id", ondelete="CASCADE"), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", String(255), nullable=False),
    Column("change", String(32), nullable=False),
    Column("detail", SealedJson("booking_events.detail"), nullable=False),
    # The status before, NULL for the first event, and after.
    Column("old", String(16)),
    Column("new", String(16)),
    Index(None, "booking_id", "id"),
    sqlite_autoincrement=True,
)

# Wrong tries of the last hour to reach a booking from another conversation. What was typed, and
# from where, is there only as keyed hashes.
booking_tries = Table(
    "booking_tries",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("conversation_id", String(255), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("reference_hash", String(64)),
    Column("client_hash", String(64)),
    Index(None, "conversation_id", "at"),
    Index(None, "reference_hash", "at"),
    Index(None, "client_hash", "at"),
)

# Messages to patients that nobody waits for; committed together with what they tell.
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("idempotency_key", String(255), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("conversation_id", String(255), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("body", SealedText("outbox.body"), nullable=False),
    Column("detail", SealedJson("outbox.detail"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("next_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    Column("fault", String(64)),
    # What the provider calls it; delivery reports come under this name.
    Column("provider_id", String(255)),
    # Attempts of which nobody knows how they ended: the provider may have sent the message.
    Column("open_attempts", Integer, nullable=False, server_default="0"),
    UniqueConstraint("idempotency_key"),
    Index(None, "state", "next_at"),
    Index(None, "provider_id"),
    Index(None, "conversation_id", "id"),
    sqlite_autoincrement=True,
)

# Who wants no messages, and who does again; append-only, the newest row counts.
consents = Table(
    "consents",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("conversation_id", String(255), nullable=False),
    Column("change", String(16), nullable=False),
    # The word that was sent, or the provider's error.
    Column("source", String(32), nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "conversation_id", "id"),
    sqlite_autoincrement=True,
)

# What the provider says became of a message that it took.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("provider_id", String(255), nullable=False),
    Column("status", String(32), nullable=False),
    Column("error", String(16)),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("provider_id", "status"),
    sqlite_autoincrement=True,
)

# What staff must look at now: a red flag, a CANCEL by SMS, a failed turn. Never patient text.
alerts = Table(
    "alerts",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("kind", String(32), nullable=False),
    Column("level", String(16), nullable=False),
    Column("sign", String(64), nullable=False),
    Column("conversation_id", String(255), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("seen_at", UtcTime),
    Index(None, "seen_at"),
    sqlite_autoincrement=True,
)

# By name, the keys with which values in these tables are encrypted; the keys are not here.
data_keys = Table(
    "data_keys",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("first_used_at", UtcTime, nullable=False),
)

# That something was exported, erased or purged, when and by whom; never on whom.
privacy_log = Table(
    "privacy_log",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("at", UtcTime, nullable=False),
    Column("actor", String(255), nullable=False),
    Column("action", String(16), nullable=False),
    # How many rows of each table.
    Column("counts", JsonText, nullable=False),
    Index(None, "action", "id"),
)
