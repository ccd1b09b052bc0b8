"""Parts of the system as processes of their own, started and stopped as a user does it."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from bot.settings import ROOT, Settings
from e2e.http_client import HttpClient
from e2e.patient import Patient

UNTAUGHT = ROOT / "var" / "untaught"
BOT = Path(sys.executable).with_name("bot")
# Generous: a machine under load starts slowly, and that is no fault of the server.
READY_SECONDS = 180
# What a user is promised after Ctrl-C.
STOP_SECONDS = 20
COMMAND_SECONDS = 300
POLL_SECONDS = 0.2
LOG_TAIL = 4_000


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**settings: str) -> dict[str, str]:
    """The shell's environment with these settings and no others of the project's."""
    ours = {name.upper() for name in Settings.__fields__}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    # What somebody taught the assistant on this machine must not change what is tested.
    return kept | {"LEARNED_DIR": str(UNTAUGHT), **settings}


def run_bot(
    env: Mapping[str, str], *arguments: str, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Runs one `bot` command to its end."""
    return subprocess.run(
        [BOT, *arguments],
        cwd=ROOT,
        env=dict(env),
        input=stdin,
        capture_output=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )


class Service:
    """A long-running command in a process group of its own, as a terminal would start it."""

    def __init__(
        self, command: Sequence[str | Path], port: int, path: str, env: Mapping[str, str], log: Path
    ) -> None:
        """Describes the service; `start` starts it.

        Args:
            command: What is run, in the project's folder.
            port: Where it will listen.
            path: A path that answers 200 once it is ready.
            env: Its whole environment.
            log: Takes all that it prints.
        """
        self.command = command
        self.port = port
        self.path = path
        self.env = dict(env)
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it and waits until it is ready; otherwise fails with the end of its log."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                list(self.command),
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + READY_SECONDS
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                pytest.fail(f"{self.command} did not come up:\n{self.tail()}", pytrace=False)
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Presses Ctrl-C; fails the test unless it ends in time with exit code 0."""
        process = self._process
        assert process is not None, "not started"
        os.killpg(process.pid, signal.SIGINT)
        try:
            code = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pytest.fail(f"still running {STOP_SECONDS} s after Ctrl-C:\n{self.tail()}")
        finally:
            self.kill()
        assert code == 0, self.tail()

    def kill(self) -> None:
        """Ends the whole group at once, as a crash does; does nothing when it has ended."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def restart(self) -> None:
        """Ctrl-C, then the same command again."""
        self.stop()
        self.start()

    def tail(self) -> str:
        """The end of what it printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-LOG_TAIL:]

    def _is_ready(self) -> bool:
        try:
            with urlopen(f"{self.base_url}{self.path}", timeout=5) as response:
                return bool(response.status == 200)
        except (URLError, OSError):
            return False


class Server(Service):
    """`bot serve` with a database of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        """Describes the server.

        Args:
            folder: Takes the database and the log.
            settings: More of the environment.
        """
        port = free_port()
        self.database = folder / "bot.db"
        self.secret = secrets.token_hex()
        own = {"DATABASE_URL": f"sqlite:///{self.database}", "SECRET_KEY": self.secret}
        own["LEARNED_DIR"] = str(folder / "learned")
        env = environment(**{**own, **settings})
        command = (BOT, "serve", "--port", str(port))
        super().__init__(command, port, "/readyz", env, folder / "server.log")
        self.http = HttpClient(port)

    def patient(self) -> Patient:
        """A patient who has just opened the chat."""
        return Patient(self.http)

    def bookings(self) -> list[dict[str, Any]]:
        """All booking requests, newest first, as `bot booking list` tells them."""
        listed = run_bot(self.env, "booking", "list", "--json")
        assert listed.returncode == 0, listed.stderr.decode()
        return [json.loads(line) for line in listed.stdout.splitlines()]
