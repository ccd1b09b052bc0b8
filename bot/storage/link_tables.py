"""The tables of a web chat that goes on by text message: codes for phones, and what they linked."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, UniqueConstraint

from bot.storage.metadata import BigId, metadata
from bot.storage.types import UtcTime

# Codes of the last day. The code is there only as a keyed hash; the phone until the code is over,
# and after that, as for whoever asked, only as a keyed hash that is counted.
phone_codes = Table(
    "phone_codes",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("conversation_id", String(255), nullable=False),
    Column("phone", String(32)),
    Column("phone_mark", String(64), nullable=False),
    Column("client_mark", String(64)),
    Column("code_mark", String(64)),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("used_at", UtcTime),
    # 1 when it was sent; a code that was not does not count against its phone.
    Column("sent", Integer, nullable=False, server_default="0"),
    Index(None, "conversation_id", "id"),
    Index(None, "phone_mark", "created_at"),
    Index(None, "client_mark", "created_at"),
    Index(None, "created_at"),
    sqlite_autoincrement=True,
)

# A web chat and the text messages of a phone that was proved in it; the newest proof counts.
conversation_links = Table(
    "conversation_links",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("conversation_id", String(255), nullable=False),
    Column("sms_id", String(255), nullable=False),
    Column("linked_at", UtcTime, nullable=False),
    UniqueConstraint("conversation_id", "sms_id"),
    Index(None, "sms_id", "linked_at"),
    Index(None, "linked_at"),
    sqlite_autoincrement=True,
)
