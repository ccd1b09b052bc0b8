from __future__ import annotations

import io
import json
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from bot.cli import main


class FakeAsking:
    """Stands where the loaded model would be; repeats what it is asked."""

    asked: list[str]
    closed: bool

    def __init__(self) -> None:
        self.asked, self.closed = [], False

    async def open(self, settings: Any) -> FakeAsking:
        return self

    async def ask(self, text: str) -> dict[str, Any]:
        self.asked.append(text)
        if text == "break":
            raise RuntimeError("broken")
        return {"text": text, "reply": [f"You said {text}.", "😀 疼"], "answer_ids": []}

    async def close(self) -> None:
        self.closed = True


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> FakeAsking:
    fake = FakeAsking()
    monkeypatch.setitem(sys.modules, "bot.learning.asking", SimpleNamespace(Asking=fake))
    monkeypatch.setattr("bot.runtime.prepare", lambda *values: None)
    return fake


class Console:
    """Standard input and output as bytes, as a terminal in UTF-8 has them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, typed: bytes) -> None:
        self._out = io.BytesIO()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed), "utf-8"))
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(self._out, "utf-8"))

    @property
    def lines(self) -> list[dict[str, Any]]:
        sys.stdout.flush()
        return [json.loads(line) for line in self._out.getvalue().decode().splitlines()]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (b'{"text": "does it hurt"}', "does it hurt"),
        (b'  {"text": "does it hurt", "id": 7}', "does it hurt"),
        (b"does it hurt", "does it hurt"),
        (b'"does it hurt"', '"does it hurt"'),
        (b"", ""),
        (b"   ", "   "),
        (b'{"text": ""}', ""),
        (b"{broken", "{broken"),
        (b'{"text": 7}', '{"text": 7}'),
        (b'{"words": "x"}', '{"words": "x"}'),
        (b"[1, 2]", "[1, 2]"),
        (b'{"text": "two\\nlines"}', "two\nlines"),
        ("疼吗 😀".encode(), "疼吗 😀"),
        (b'{"text": "\\ud83d\\ude00"}', "😀"),
        (b'{"text": "half \\ud83d"}', "half ?"),
        (b"null", "null"),
    ],
)
def test_each_line_is_one_message(
    asking: FakeAsking, monkeypatch: pytest.MonkeyPatch, line: bytes, text: str
) -> None:
    console = Console(monkeypatch, line + b"\n")
    assert main(["ask", "--jsonl"]) == 0
    assert asking.asked == [text]
    assert [answer["text"] for answer in console.lines] == [text]


def test_answers_stand_beside_their_lines(
    asking: FakeAsking, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Console(monkeypatch, b'{"text": "one"}\n\n{broken\r\nlast without an end')
    assert main(["ask", "--jsonl"]) == 0
    assert [answer["text"] for answer in console.lines] == [
        "one",
        "",
        "{broken",
        "last without an end",
    ]
    assert asking.closed


def test_bytes_that_are_no_text_do_not_stop_the_rest(
    asking: FakeAsking, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Console(monkeypatch, b"caf\xe9\nsecond\n")
    assert main(["ask", "--jsonl"]) == 0
    assert len(console.lines) == 2
    assert console.lines[1]["text"] == "second"


def test_no_lines_give_no_answers(asking: FakeAsking, monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console(monkeypatch, b"")
    assert main(["ask", "--jsonl"]) == 0
    assert console.lines == []


def test_one_message_prints_its_reply(
    asking: FakeAsking, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "does it hurt"]) == 0
    assert capsys.readouterr().out == "You said does it hurt.\n\n😀 疼\n"


def test_nothing_to_ask_is_wrong_use(
    asking: FakeAsking, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask"]) == 2
    assert "--jsonl" in capsys.readouterr().err
    assert asking.asked == []


def test_the_model_is_let_go_after_a_failure(asking: FakeAsking) -> None:
    with pytest.raises(RuntimeError):
        main(["ask", "break"])
    assert asking.closed
