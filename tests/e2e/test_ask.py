"""The `bot` commands that answer, list, examine and evaluate, run as an operator runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import ROOT
from e2e.booking_talk import NAME, REASON, book
from e2e.patient import Patient
from e2e.serving import Server, environment, run_bot

FORM: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "intent": (str, type(None)),
    "confidence": (float,),
    "outcome": (str,),
    "answer_ids": (list,),
    "reply": (list,),
    "ms": (float,),
}
OUTCOMES = {
    "answer",
    "clarify",
    "decline",
    "emergency",
    "urgent",
    "crisis",
    "booking",
    "handoff",
    "smalltalk",
}
FLAGGED = "i cant feel anything between my legs and i wet myself. how much does a visit cost?"
# A line as it is read, the text it must be taken for, and the answer when it is beyond doubt.
LINES: tuple[tuple[bytes, str, str | None], ...] = (
    (b'{"text": "does it hurt"}', "does it hurt", "faq/does_it_hurt"),
    (b"how much is a visit", "how much is a visit", "clinic/fees"),
    (b'{"text": "does it hurt", "expect": 5}', "does it hurt", "faq/does_it_hurt"),
    (b"what is the capital of mongolia", "what is the capital of mongolia", "other/out_of_scope"),
    (FLAGGED.encode(), FLAGGED, "safety/emergency"),
    (b"i want to kill myself", "i want to kill myself", "safety/crisis"),
    (b"I'd like to book an appointment", "I'd like to book an appointment", "booking/request"),
    (b"stop", "stop", None),
    (b"can I talk to a real person please", "can I talk to a real person please", "handoff/human"),
    (b"", "", None),
    (b"   ", "   ", None),
    (b'{"message": "no text"}', '{"message": "no text"}', None),
    (b'{"text": 5}', '{"text": 5}', None),
    (b'{"text": "cut off', '{"text": "cut off', None),
    (b'["a", "list"]', '["a", "list"]', None),
    (b'{"text": "two\\nlines"}', "two\nlines", None),
    (b'{"text": "half \\ud83d"}', "half ?", None),
    (b'{"text": "NUL \\u0000"}', "NUL \0", None),
    ("😀😀".encode(), "😀😀", None),
    (b"/restart", "/restart", None),
    (b"broken \xff\xfe bytes", "broken \ufffd\ufffd bytes", None),
    (b"does it hurt?\r", "does it hurt?", "faq/does_it_hurt"),
    (b"a" * 10_000, "a" * 10_000, None),
    (b"why not " * 12_500, "why not " * 12_500, None),
    ("针灸疼吗".encode(), "针灸疼吗", "other/out_of_scope"),
    ("combien coûte chaque visite".encode(), "combien coûte chaque visite", "other/out_of_scope"),
    (b"does it hurt", "does it hurt", "faq/does_it_hurt"),
)


@pytest.fixture(scope="module")
def asked(trained: None, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The answers to all lines, from one process; the last line has no line end."""
    database = tmp_path_factory.mktemp("ask") / "bot.db"
    lines = b"\n".join(line for line, _, _ in LINES)
    done = run_bot(environment(DATABASE_URL=f"sqlite:///{database}"), "ask", "--jsonl", stdin=lines)
    assert done.returncode == 0, done.stderr.decode()
    assert not database.exists(), "asking keeps nothing"
    *rows, rest = done.stdout.decode().split("\n")
    assert rest == ""
    return [json.loads(row) for row in rows]


def test_each_line_gets_one_object_in_order(asked: list[dict[str, Any]]) -> None:
    assert [row["text"] for row in asked] == [text for _, text, _ in LINES]


def test_every_object_has_the_documented_form(asked: list[dict[str, Any]]) -> None:
    for row in asked:
        assert list(row) == list(FORM)
        for name, kinds in FORM.items():
            assert isinstance(row[name], kinds), (name, row)
        assert row["outcome"] in OUTCOMES
        assert 0 <= row["confidence"] <= 1
        assert row["ms"] >= 0
        assert row["reply"]
        assert all(isinstance(text, str) and text.strip() for text in row["reply"])


def test_only_documented_ids_are_answered(asked: list[dict[str, Any]]) -> None:
    topics = yaml.safe_load((ROOT / "data" / "topics.yml").read_text(encoding="utf-8"))
    known = {f"{group}/{name}" for group, names in topics.items() for name in names}
    for row in asked:
        assert row["answer_ids"] or row["outcome"] == "smalltalk", row
        assert set(row["answer_ids"]) <= known, row


def test_clear_lines_get_their_answer_first(asked: list[dict[str, Any]]) -> None:
    first = [row["answer_ids"][:1] for row in asked]
    expected = [[answer] if answer else first[i] for i, (_, _, answer) in enumerate(LINES)]
    assert first == expected


def test_a_red_flag_is_told_first_and_its_question_answered(
    asked: list[dict[str, Any]], warning: str
) -> None:
    (row,) = [row for row in asked if row["text"] == FLAGGED]
    assert row["outcome"] == "emergency"
    assert row["answer_ids"] == ["safety/emergency", "clinic/fees"]
    assert row["reply"][0] == warning


def test_each_line_is_a_conversation_of_its_own(asked: list[dict[str, Any]]) -> None:
    booking = [row["text"] for row in asked].index("I'd like to book an appointment")
    assert asked[booking + 1]["text"] == "stop"
    assert "nothing was sent" not in " ".join(asked[booking + 1]["reply"]), "there is no request"
    hurts = [row for row in asked if row["text"] == "does it hurt"]
    assert all(row["reply"] == hurts[0]["reply"] for row in hurts)


def test_one_question_on_the_command_line(trained: None) -> None:
    done = run_bot(environment(), "ask", "how much is a visit")
    assert done.returncode == 0, done.stderr.decode()
    assert "$110" in done.stdout.decode()
    assert "{" not in done.stdout.decode()


def test_nothing_to_ask_is_wrong_use() -> None:
    done = run_bot(environment(), "ask")
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr


def test_bookings_are_listed_and_shown(server: Server, patient: Patient) -> None:
    reference = book(patient)
    (listed,) = [b for b in server.bookings() if b["reference"] == reference]
    shown = run_bot(server.env, "booking", "show", reference.lower(), "--json")
    assert shown.returncode == 0, shown.stderr.decode()
    booking = json.loads(shown.stdout)
    events = booking.pop("events")
    assert booking == listed
    assert (booking["name"], booking["reason"], booking["consent"]) == (NAME, REASON, True)
    assert [(event["actor"], event["change"]) for event in events] == [("patient", "received")]


def test_an_unknown_booking_is_a_fault_with_a_remedy(server: Server) -> None:
    done = run_bot(server.env, "booking", "show", "B00-000", "--json")
    assert done.returncode == 1
    assert done.stdout == b""
    assert b"bot booking list" in done.stderr


def test_the_doctor_finds_a_running_server_well(server: Server) -> None:
    done = run_bot(server.env, "doctor")
    assert done.returncode == 0, done.stdout.decode()
    assert "FAULT" not in done.stdout.decode()


def test_the_doctor_names_each_fault_and_its_remedy(tmp_path: Path) -> None:
    env = environment(
        DATABASE_URL="postgresql://someone:password@127.0.0.1:1/none",
        REDIS_URL="redis://127.0.0.1:1/0",
        CLINIC_PROFILE=str(tmp_path / "missing.yml"),
        MODELS_DIR=str(tmp_path),
    )
    done = run_bot(env, "doctor")
    assert done.returncode == 1
    said = done.stdout.decode()
    faults = {line.split()[1] for line in said.splitlines() if line.startswith("FAULT")}
    assert {"secrets", "model", "content", "database", "locks"} <= faults
    for remedy in ("openssl rand", "bot train", "DATABASE_URL", "REDIS_URL", "missing.yml"):
        assert remedy in said
    assert "someone:password" not in said
    assert b"Traceback" not in done.stderr


def test_evaluation_fails_below_the_bar(trained: None, tmp_path: Path) -> None:
    labelled = tmp_path / "labelled.jsonl"
    rows = (
        {"text": "does it hurt", "expect": "faq/does_it_hurt"},
        {"text": "how much is a visit", "expect": ["clinic/fees", "clinic/insurance"]},
        {"text": "how long does a session take", "expect": "faq/children"},
    )
    labelled.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = run_bot(environment(), "evaluate", str(labelled), "--min-accuracy", "0.9")
    said = done.stdout.decode()
    assert done.returncode == 1, done.stderr.decode()
    assert "66.7%" in said
    assert "faq/children" in said


def test_evaluation_names_the_line_that_is_wrong(tmp_path: Path) -> None:
    labelled = tmp_path / "labelled.jsonl"
    labelled.write_text('{"text": "hi", "expect": "smalltalk/greet"}\n{"text": "hi"}\n')
    done = run_bot(environment(), "evaluate", str(labelled))
    assert done.returncode == 1
    assert b"labelled.jsonl:2" in done.stderr
    assert b"Traceback" not in done.stderr
