"""What the repository keeps, and what it never names."""

from __future__ import annotations

import re

import pytest

from bot.settings import ROOT

from .project import kept_files, name_of

LOCKS = frozenset({"uv.lock"})
FORBIDDEN = {
    "a package registry's host": re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.(?:com|org)"),
    "an absolute path of one machine": re.compile(r"(?<![\w.])/(?:work|root|home/[a-z]+|Users)/"),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what: str) -> None:
    found = []
    for path in kept_files():
        content = path.read_bytes()
        if path.name not in LOCKS and b"\0" not in content:
            match = FORBIDDEN[what].search(content.decode("utf-8"))
            found += [f"{name_of(path)}: {match[0]}"] if match else []
    assert found == []


@pytest.mark.parametrize("folder", ["var/", "models/", ".rasa/", ".venv/"])
def test_what_is_made_is_not_kept(folder: str) -> None:
    assert folder in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert [name_of(p) for p in kept_files() if f"/{folder}" in f"/{name_of(p)}"] == []
