"""Run by Alembic for each migration, on the connection ``bot.storage.migrate`` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator, Variant

from bot.storage.tables import metadata


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Writes our own column types as the plain ones under them, which no later code changes."""
    if kind == "type" and isinstance(item, TypeDecorator) and not isinstance(item, Variant):
        return f"sa.{item.impl!r}"
    return False


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Leaves out the tables SQLite keeps for itself, and those of its index of words."""
    return not (kind == "table" and str(name).startswith(("sqlite_", "review_words")))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite changes a table by making a new one and copying the rows.
    render_as_batch=True,
    render_item=_render,
    include_name=_is_ours,
)
with context.begin_transaction():
    context.run_migrations()
