from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli import main


@pytest.fixture(autouse=True)
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'bot.db'}")
    monkeypatch.setenv("PUBLIC_URL", "https://faq.clinic.example/")
    monkeypatch.delenv("SECRET_KEY", raising=False)


def _said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(["user", *arguments]) == code
    out, err = capsys.readouterr()
    return err if code else out


def test_a_new_user_gets_a_link(capsys: pytest.CaptureFixture[str]) -> None:
    said = _said(capsys, "add", "Kim Example", "--role", "front desk")
    assert "Kim Example (Front desk)" in said
    assert re.search(r"^https://faq\.clinic\.example/console/enrol/[\w-]{43}$", said, re.MULTILINE)
    assert "front-desk  invited" in _said(capsys, "list")


def test_a_reset_gives_another_link(capsys: pytest.CaptureFixture[str]) -> None:
    first = _said(capsys, "add", "Kim", "--role", "admin")
    assert _said(capsys, "reset", "kim").splitlines()[-1] != first.splitlines()[-1]


def test_a_user_is_shut_out_and_let_in(capsys: pytest.CaptureFixture[str]) -> None:
    _said(capsys, "add", "Kim", "--role", "reviewer")
    assert "disabled" in _said(capsys, "disable", "Kim")
    assert "invited" in _said(capsys, "enable", "Kim")
    assert "practitioner" in _said(capsys, "role", "Kim", "--role", "practitioner")


def test_the_last_admin_stays(capsys: pytest.CaptureFixture[str]) -> None:
    _said(capsys, "add", "Kim", "--role", "admin")
    assert "One admin must stay" in _said(capsys, "disable", "Kim", code=1)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["add", "Kim", "--role", "owner"], "reviewer, front-desk, practitioner, admin"),
        (["add", "", "--role", "admin"], "1 to 64 characters"),
        (["reset", "Nobody"], "bot user list"),
    ],
)
def test_what_is_wrong_is_said_with_its_remedy(
    capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert told in _said(capsys, *arguments, code=1)


def test_nobody_is_said_to_be_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    assert "bot user add" in _said(capsys, "list")
    _said(capsys, "add", "Kim", "--role", "admin")
    assert "bot user reset" in _said(capsys, "add", "KIM", "--role", "admin", code=1)
