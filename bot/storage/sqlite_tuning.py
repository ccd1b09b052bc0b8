"""How SQLite keeps what was promised: durable commits, no words left behind, writers in turn."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import await_only


def tune(engine: AsyncEngine, busy_seconds: float) -> None:
    """Sets up every connection of an engine.

    Args:
        engine: Over SQLite.
        busy_seconds: How long a transaction waits for another writer.
    """
    pragmas = (
        # A booking the patient was told about must survive a power cut.
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
        # What is deleted is overwritten, so that erased words are not left in the file. FAST would
        # leave them in free pages.
        "PRAGMA secure_delete = ON",
    )

    @event.listens_for(engine.sync_engine, "connect")  # type: ignore[untyped-decorator]
    def _on_connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {round(busy_seconds * 1000)}")
        _use_wal(cursor, busy_seconds)
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")  # type: ignore[untyped-decorator]
    def _on_begin(connection: Connection) -> None:
        # Without a BEGIN a reader's statement is its own transaction: two round trips less.
        if not connection.get_execution_options().get("read_only", False):
            connection.exec_driver_sql("BEGIN IMMEDIATE")


def _use_wal(cursor: Any, busy_seconds: float) -> None:
    """Sets the journal mode; SQLite's busy timeout does not cover the first change of a file's."""
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            await_only(asyncio.sleep(0.05))
        else:
            return
