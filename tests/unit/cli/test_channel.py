from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest
from fakes.webhooks import (
    APP_SECRET,
    AUTH_TOKEN,
    batch_of,
    messenger_event,
    settings_for,
    signed_form,
    signed_json,
    sms_fields,
)

from bot.cli import main

PUBLIC_URL = "https://faq.clinic.example"
FIELDS = sms_fields("+17805550134", "does it hurt? 疼", "SM1")


class LocalServer(HTTPServer):
    """Takes whatever is posted and remembers it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.posted: list[tuple[str, bytes, dict[str, str]]] = []
        self.status = 200


class _Handler(BaseHTTPRequestHandler):
    server: LocalServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.posted.append((self.path, body, headers))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def local() -> Iterator[LocalServer]:
    server = LocalServer()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PUBLIC_URL": PUBLIC_URL, **settings_for("http://127.0.0.1:1")}.items():
        monkeypatch.setenv(name, value)


def _file(folder: Path, *lines: str) -> str:
    path = folder / "recorded.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def _replay(local: LocalServer, *arguments: str) -> int:
    return main(["channel", "replay", *arguments, "--to", f"http://127.0.0.1:{local.server_port}/"])


def test_recorded_webhooks_are_sent_as_their_providers_sign_them(
    local: LocalServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = batch_of(messenger_event("1", "hi 疼", "m1"))
    file = _file(tmp_path, urlencode(FIELDS), "", json.dumps(batch))
    assert _replay(local, file) == 0
    assert capsys.readouterr().out == "1: sms 200\n3: messenger 200\n"
    (sms_path, _, sms), (path, body, messenger) = local.posted
    assert (sms_path, path) == ("/webhooks/sms", "/webhooks/messenger")
    _, wanted = signed_form(f"{PUBLIC_URL}/webhooks/sms", FIELDS, AUTH_TOKEN)
    assert sms["x-twilio-signature"] == wanted["x-twilio-signature"]
    digest = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert messenger["x-hub-signature-256"] == f"sha256={digest}"
    assert signed_json(batch)[1]["content-type"] == messenger["content-type"]


def test_new_ids_make_new_messages(local: LocalServer, tmp_path: Path) -> None:
    file = _file(
        tmp_path, urlencode(FIELDS), '{"entry": [{"messaging": [{"message": {"mid": "a"}}]}]}'
    )
    assert _replay(local, file, "--new-ids", "again-") == 0
    assert b"MessageSid=again-SM1" in local.posted[0][1]
    assert b'"mid": "again-a"' in local.posted[1][1]


def test_what_is_not_taken_is_a_failure(local: LocalServer, tmp_path: Path) -> None:
    local.status = 403
    assert _replay(local, _file(tmp_path, urlencode(FIELDS))) == 1


@pytest.mark.parametrize("line", ["hello", "{", '{"entry": [1]}', "Body=x"])
def test_a_line_that_is_no_webhook_is_named(
    local: LocalServer, tmp_path: Path, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _replay(local, _file(tmp_path, line), "--new-ids", "x") == 1
    assert "Line 1 is neither" in capsys.readouterr().err
    assert local.posted == []


def test_a_channel_that_is_off_cannot_be_signed_for(
    local: LocalServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"):
        monkeypatch.delenv(name)
    assert _replay(local, _file(tmp_path, urlencode(FIELDS))) == 1
    assert "sms is off" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "ftp://x", "nowhere"])
def test_a_server_that_is_not_there_is_said(
    tmp_path: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["channel", "replay", _file(tmp_path, urlencode(FIELDS)), "--to", address]) == 1
    assert "bot serve" in capsys.readouterr().err or address != "http://127.0.0.1:1"
