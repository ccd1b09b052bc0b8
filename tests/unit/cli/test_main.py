from __future__ import annotations

import subprocess
import sys

import pytest

from bot.cli import VERBS, main
from bot.errors import SettingError

HEAVY = ("rasa", "rasa_sdk", "tensorflow", "sanic", "sklearn", "onnxruntime", "spacy", "sqlalchemy")
PROBE = """
import sys
from bot.cli import main
try:
    main(["--help"])
except SystemExit as end:
    code = end.code
loaded = [name for name in {heavy} if name in sys.modules]
print(loaded, file=sys.stderr)
sys.exit(code or len(loaded))
"""


def test_help_loads_nothing_heavy() -> None:
    code = PROBE.format(heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for verb in VERBS:
        assert verb in done.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([verb, "--help"])
    assert end.value.code == 0
    assert verb in capsys.readouterr().out


@pytest.mark.parametrize(
    "argv", [[], ["sing"], ["serve", "--port", "high"], ["content"], ["db", "drop"], ["evaluate"]]
)
def test_wrong_use_ends_with_two(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(argv)
    assert end.value.code == 2
    assert "usage: bot" in capsys.readouterr().err


def test_a_fault_is_said_on_standard_error_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(arguments: object) -> int:
        raise SettingError("It is wrong.", remedy="Correct it.")

    monkeypatch.setattr("bot.cli.doctor.run", fail)
    assert main(["doctor"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "bot doctor: It is wrong. Correct it.\n")


def test_a_wrong_setting_is_a_fault_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SESSION_DAYS", "many")
    assert main(["doctor"]) == 1
    assert "SESSION_DAYS" in capsys.readouterr().err


def test_ctrl_c_ends_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.cli.doctor.run", interrupt)
    assert main(["doctor"]) == 130
