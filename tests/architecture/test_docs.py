"""What the documentation tells a reader to type, open or look at is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import ROOT

from .project import DOCS, code_in, name_of

MAKE = re.compile(r"\bmake ([a-z]+)\b")
BOT = re.compile(r"(?:^|[\s/])bot ([a-z]+)(?: ([a-z]+))?", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
FOLDERS = r"(?:actions|benchmarks|bot|data|deploy|docs|tests)"
PLACE = re.compile(rf"(?<![\w./-])({FOLDERS}/[\w./*-]*\w|{FOLDERS}/)(?![\w*<{{])")
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)

every_page = pytest.mark.parametrize("page", DOCS, ids=name_of)


def slugs(page: Path) -> set[str]:
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}


def help_of(capsys: pytest.CaptureFixture[str], *verb: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        main([*verb, "--help"])
    assert stopped.value.code == 0
    return capsys.readouterr().out


@every_page
def test_make_targets_exist(page: Path) -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    assert set(MAKE.findall(code_in(page))) <= targets


@every_page
def test_verbs_exist(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verbs = set(re.findall(r"^    ([a-z]+) ", help_of(capsys), re.MULTILINE))
    for verb, action in BOT.findall(code_in(page)):
        assert verb in verbs, f"`bot {verb}` is not a command"
        actions = re.search(r"\{([a-z,]+)\}", help_of(capsys, verb))
        if action and actions:
            assert action in actions[1].split(","), f"`bot {verb} {action}` is not a command"


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if ":" not in link]
    for link in links:
        path, _, heading = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} leads nowhere"
        assert not heading or heading in slugs(target), f"{link}: there is no such heading"


@every_page
def test_files_named_in_code_exist(page: Path) -> None:
    places = PLACE.findall(code_in(page))
    assert [place for place in places if not list(ROOT.glob(place.rstrip("/")))] == []


def test_quickstart_is_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"^## Quickstart$.*?^```[^\n]*\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
    assert block is not None
    commands = [line.split("#")[0].strip() for line in block[1].splitlines()]
    assert commands == ["make run", "make test"]


def test_readme_keeps_its_order() -> None:
    headings = HEADING.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    wanted = [
        "What it must not be used for",
        "Quickstart",
        "The path of a message",
        "Folders",
        "Testing",
        "Deployment",
        "Licence",
    ]
    assert [heading for heading in headings if heading in wanted] == wanted
