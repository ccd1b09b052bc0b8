from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, Table

from bot.storage.draft import draft
from bot.storage.tables import metadata
from bot.storage.types import PlainText, UtcTime


@pytest.fixture
def new_table() -> Iterator[Table]:
    table = Table(
        "opinions",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("text", PlainText, nullable=False),
        Column("at", UtcTime, nullable=False),
    )
    yield table
    metadata.remove(table)


async def test_a_new_table_becomes_the_next_migration(tmp_path: Path, new_table: Table) -> None:
    written = await draft("opinions of patients", tmp_path)
    content = written.read_text()
    assert written.name.endswith("_opinions_of_patients.py")
    assert f'create_table("{new_table.name}"'.replace('"', "'") in content
    compile(content, str(written), "exec")


async def test_a_draft_uses_plain_types_that_later_code_cannot_change(
    tmp_path: Path, new_table: Table
) -> None:
    content = (await draft(f"add {new_table.name}", tmp_path)).read_text()
    assert "bot.storage" not in content
    assert "sa.String(length=32)" in content


async def test_a_draft_without_a_change_does_nothing(tmp_path: Path) -> None:
    content = (await draft("nothing", tmp_path)).read_text()
    assert "op." not in content
