"""Without its key the database tells nothing of a patient; with a wrong one nothing is lost."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from e2e.booking_talk import ASKS, CONSENT, VISIT, WHEN, reference_in
from e2e.patient import Patient
from e2e.serving import Server, run_bot

NAME, PHONE = "Quendolyn", "780-555-0161"
OTHER_NAME, EMAIL = "Zephyrine", "zephyrine.post@example.org"
# Anything that would betray them: as written, as read, and in any file of the database.
BETRAYING = (NAME, PHONE, "7805550161", OTHER_NAME, EMAIL)
WORDS = ("xylophones", "marmalade", "trombones", "zucchini")
WISH = "can i talk to a person"
SOON_SECONDS = 30


@pytest.fixture
def own_server(trained: None, tmp_path: Path) -> Iterator[Server]:
    """A server whose keys a test may change."""
    server = Server(tmp_path, DATA_KEYS=secrets.token_hex())
    try:
        server.start()
        yield server
    finally:
        server.kill()


def _book(patient: Patient, name: str, contact: str, reason: str) -> str:
    texts = (ASKS, WHEN, name, f"you can reach me at {contact}", reason, VISIT)
    for text in texts:
        patient.say(text)
    reply = patient.say("Email me" if "@" in contact else CONSENT)
    return reference_in(reply.text)


def _files(database: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in database.parent.glob(f"{database.name}*")}


def _wait_for_copies(database: Path) -> None:
    """Until the redacted copies are made, which follow each reply a moment later."""
    missing = (
        "SELECT count(*) FROM inbox "
        "WHERE status != 'received' AND id NOT IN (SELECT inbox_id FROM review_turns)"
    )
    deadline = time.monotonic() + SOON_SECONDS
    while time.monotonic() < deadline:
        with closing(sqlite3.connect(database)) as connection:
            if connection.execute(missing).fetchone() == (0,):
                return
        time.sleep(0.2)
    pytest.fail("no copies were made")


def _without_copies(database: Path, folder: Path) -> bytes:
    """The bytes of the database had staff no redacted copies to search."""
    folder.mkdir()
    for name in _files(database):
        shutil.copy(database.parent / name, folder / name)
    with closing(sqlite3.connect(folder / database.name, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("DELETE FROM review_turns")
        connection.execute("INSERT INTO review_words(review_words) VALUES('optimize')")
        connection.execute("VACUUM INTO ?", (str(folder / "rest.db"),))
    return (folder / "rest.db").read_bytes()


def test_the_files_tell_nothing_of_a_patient(own_server: Server, tmp_path: Path) -> None:
    first, second = own_server.patient(), own_server.patient()
    first.say("does it hurt when i play xylophones?")
    reference = _book(first, NAME, PHONE, "a sore wrist from trombones")
    other = _book(second, OTHER_NAME, EMAIL, "marmalade jars are hard to open")
    assert "person" in second.say(WISH).text
    second.say("it is about zucchini, really")
    for patient in (first, second):
        patient.say("what is the status of my request?")
    _wait_for_copies(own_server.database)

    # Staff's copies are to be searched: what is not covered in them is there.
    assert b"xylophones" in b"".join(_files(own_server.database).values())
    for name, content in _files(own_server.database).items():
        for mark in BETRAYING:
            assert mark.lower().encode() not in content.lower(), (mark, name)
    rest = _without_copies(own_server.database, tmp_path / "copy")
    assert reference.encode() in rest
    for word in WORDS:
        assert word.encode() not in rest, word

    # It is all there for who has the key.
    kept = {row["reference"]: row for row in own_server.bookings()}
    assert (kept[reference]["name"], kept[other]["email"]) == (NAME, EMAIL)
    assert "does it hurt when i play xylophones?" in first.said()
    done = run_bot(own_server.env, "patient", "export", EMAIL)
    assert b"zucchini" in done.stdout


def _starts_unready(server: Server, keys: str) -> None:
    server.stop()
    server.env["DATA_KEYS"] = keys
    server.path = "/healthz"
    server.start()


def _starts(server: Server, keys: str) -> None:
    server.stop()
    server.env["DATA_KEYS"] = keys
    server.path = "/readyz"
    server.start()


def test_a_wrong_key_is_said_and_loses_nothing(own_server: Server, warning: str) -> None:
    first, second = own_server.env["DATA_KEYS"], secrets.token_hex()
    patient = own_server.patient()
    reference = _book(patient, NAME, PHONE, "a sore wrist")
    before = patient.history()

    _starts_unready(own_server, second)
    ready = own_server.http.get("/readyz")
    assert (ready.status, ready.json["failing"]) == (503, ["data_keys"])
    assert "DATA_KEYS" in own_server.tail()
    assert patient.post("does it hurt?").status == 503
    assert patient.say("i have crushing chest pain").text.startswith(warning.partition("\n")[0])
    doctor = run_bot(own_server.env, "doctor")
    assert doctor.returncode == 1
    assert any("FAULT sealing" in line for line in doctor.stdout.decode().splitlines())
    for verb in (("booking", "list"), ("patient", "erase", PHONE), ("db", "seal")):
        refused = run_bot(own_server.env, *verb)
        assert (refused.returncode, b"DATA_KEYS" in refused.stderr) == (1, True), verb

    _starts(own_server, f"{second},{first}")
    assert patient.history() == before
    assert patient.say("does it hurt?").ids == ["faq/does_it_hurt"]
    sealed = run_bot(own_server.env, "db", "seal")
    assert sealed.returncode == 0, sealed.stderr.decode()

    _starts(own_server, second)
    assert patient.history()[: len(before)] == before
    assert [row["reference"] for row in own_server.bookings()] == [reference]
