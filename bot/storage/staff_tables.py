"""The tables of the staff console: who may sign in, who has, and what they did."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.storage.metadata import BigId, metadata
from bot.storage.types import JsonText, PlainText, UtcTime

DIGEST = 64

# A disabled user stays, so that the audit trail still names somebody.
users = Table(
    "users",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("name", String(64), nullable=False),
    # The name as it is compared: two that look the same are the same user.
    Column("name_key", String(255), nullable=False),
    Column("role", String(16), nullable=False),
    Column("is_disabled", Boolean, nullable=False),
    Column("password_hash", Text),
    # Encrypted; NULL until the user has enrolled.
    Column("totp_sealed", Text),
    # The time step of the last code taken: none is taken twice.
    Column("totp_step", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcTime, nullable=False),
    Column("signed_in_at", UtcTime),
    UniqueConstraint("name_key"),
    sqlite_autoincrement=True,
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("user_id", BigId, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("code_hash", String(DIGEST), nullable=False),
    UniqueConstraint("user_id", "code_hash"),
)

# One open invitation a user at most.
enrolments = Table(
    "enrolments",
    metadata,
    Column("user_id", BigId, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("token_hash", String(DIGEST), nullable=False),
    # The secret shown as a QR code; encrypted, and NULL until the link is first opened.
    Column("totp_sealed", Text),
    Column("expires_at", UtcTime, nullable=False),
    UniqueConstraint("token_hash"),
)

console_sessions = Table(
    "console_sessions",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("token_hash", String(DIGEST), nullable=False),
    Column("user_id", BigId, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    # Which browser, in a few words, for the user's own list.
    Column("browser", PlainText, nullable=False),
    UniqueConstraint("token_hash"),
    Index(None, "user_id"),
    sqlite_autoincrement=True,
)

# Failed tries to sign in; `scope` is a keyed hash of an account, an address or a device.
sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("scope", String(DIGEST), nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "scope", "id"),
    Index(None, "at"),
    sqlite_autoincrement=True,
)

# Who changed or uncovered what; only ever added to, and never a patient's words.
audit = Table(
    "audit",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("at", UtcTime, nullable=False),
    Column("actor", PlainText, nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", PlainText, nullable=False),
    Column("detail", JsonText, nullable=False),
    Index(None, "action", "id"),
    sqlite_autoincrement=True,
)
