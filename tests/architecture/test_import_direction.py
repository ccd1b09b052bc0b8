"""Who may import whom; docs/architecture.md gives the reasons."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import ROOT

from .project import imports_of, is_below, module_of, name_of, python_files

# What patients, staff and operators touch: it may import the rooms, and no room imports it.
SHELL = ("bot.cli", "bot.console", "bot.channels", "bot.server", "actions")
SHELL_PARTS = (
    *("bot.doctor", "bot.health", "bot.http", "bot.openapi", "bot.pages"),
    *("bot.openapi_webhooks", "bot.providers", "bot.undelivered", "bot.visits"),
)
FRAMEWORKS = ("rasa", "rasa_sdk", "sanic")
WITHOUT_FRAMEWORKS = (
    *("bot/safety", "bot/content", "bot/privacy", "bot/booking", "bot/continuing", "bot/reading"),
    "bot/handoff",
)


def rooms() -> list[Path]:
    folders = (path.parent for path in sorted((ROOT / "bot").glob("*/__init__.py")))
    return [folder for folder in folders if not is_below(f"bot.{folder.name}", *SHELL)]


def offences(files: list[Path], *forbidden: str) -> list[str]:
    return [
        f"{name_of(path)} imports {module}"
        for path in files
        for module in imports_of(path)
        if is_below(module, *forbidden)
    ]


def strangers(room: str, *allowed: str) -> list[str]:
    return [
        f"{name_of(path)} imports {module}"
        for path in python_files(room.replace(".", "/"))
        for module in imports_of(path)
        if is_below(module, "bot", "actions") and not is_below(module, room, *allowed)
    ]


def test_the_named_rooms_exist() -> None:
    modules = {module_of(path) for path in python_files("bot", "actions")}
    assert {*SHELL, *SHELL_PARTS} <= modules
    assert {"safety", "content", "booking", "nlu", "privacy", "reading", "storage"} <= {
        room.name for room in rooms()
    }


@pytest.mark.parametrize("room", rooms(), ids=lambda room: str(room.name))
def test_a_room_never_imports_the_shell(room: Path) -> None:
    files = python_files(name_of(room))
    assert files
    assert offences(files, *SHELL, *SHELL_PARTS) == []


def test_settings_and_errors_import_nothing_of_the_project_but_each_other() -> None:
    files = [ROOT / "bot" / "settings.py", ROOT / "bot" / "errors.py"]
    found = [f"{module_of(path)} imports {m}" for path in files for m in imports_of(path)]
    allowed = ("bot.errors", "bot.settings")
    assert [f for f in found if " bot." in f and not is_below(f.split()[-1], *allowed)] == []


@pytest.mark.parametrize("room", WITHOUT_FRAMEWORKS)
def test_clinical_and_private_rooms_need_no_framework(room: str) -> None:
    assert offences(python_files(room), *FRAMEWORKS) == []


def test_understanding_stands_alone() -> None:
    assert strangers("bot.nlu", "bot.errors", "bot.settings", "bot.reading") == []


def test_reading_stands_alone() -> None:
    assert strangers("bot.reading") == []


def test_red_flags_depend_on_nothing_but_themselves() -> None:
    assert strangers("bot.safety", "bot.errors") == []


def test_imports_are_seen_in_every_form() -> None:
    assert "bot.errors.BotError" in set(imports_of(ROOT / "bot" / "cli" / "__init__.py"))
    # Inside a function, and by way of the package.
    assert "bot.services" in set(imports_of(ROOT / "bot" / "server.py"))
    assert "rasa.model_training.train" in set(imports_of(ROOT / "bot" / "learning" / "train.py"))
