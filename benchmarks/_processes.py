"""Commands and servers as processes of their own, as a user would start them."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bot.errors import BotError
from bot.settings import Settings

READY_SECONDS = 300
STOP_SECONDS = 30
POLL_SECONDS = 0.05
LOG_TAIL = 2_000
PROCESSES = Path("/proc")
KB_PER_MB = 1024

Command = Sequence[str | Path]


class ProcessFailed(BotError):
    """A measured command did not do its work."""

    code = "benchmark_failed"


@dataclass(frozen=True)
class Place:
    """Where a command runs.

    Attributes:
        cwd: Its folder.
        env: Its whole environment.
        log: Takes all that it prints.
    """

    cwd: Path
    env: Mapping[str, str]
    log: Path

    def tail(self) -> str:
        """The end of what was printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-LOG_TAIL:]


@dataclass(frozen=True)
class Running:
    """A server that answers.

    Attributes:
        base_url: Its address.
        ready_s: Seconds from its start to its first good answer.
        pid: Leader of its process group.
    """

    base_url: str
    ready_s: float
    pid: int

    def rss_mb(self) -> float | None:
        """Resident memory of all its processes now; None where the system has no /proc."""
        return group_rss_mb(self.pid)


def environment(**settings: str) -> dict[str, str]:
    """The shell's environment with these settings and no others of the project's.

    Both systems are kept from looking for a GPU and from reporting to anybody.
    """
    ours = {name.upper() for name in Settings.__fields__}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {"RASA_TELEMETRY_ENABLED": "false", "CUDA_VISIBLE_DEVICES": "-1"} | settings


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def timed(command: Command, place: Place) -> float:
    """Runs a command to its end.

    Returns:
        Seconds, from the start of the process.

    Raises:
        ProcessFailed: with the end of what it printed.
    """
    started = time.perf_counter()
    with place.log.open("ab") as log:
        done = subprocess.run(
            list(command),
            cwd=place.cwd,
            env=dict(place.env),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0:
        raise ProcessFailed(f"{_shown(command)} failed.", remedy=f"It printed:\n{place.tail()}")
    return time.perf_counter() - started


@contextlib.contextmanager
def serving(command: Command, place: Place, port: int, ready_path: str) -> Iterator[Running]:
    """A server for the length of a `with` block.

    Args:
        command: Starts it.
        place: Where it runs.
        port: Where it listens.
        ready_path: A path that answers 200 once it can take messages.

    Raises:
        ProcessFailed: when it does not come up; with the end of what it printed.
    """
    started = time.perf_counter()
    with place.log.open("ab") as log:
        process = subprocess.Popen(
            list(command),
            cwd=place.cwd,
            env=dict(place.env),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        base_url = f"http://127.0.0.1:{port}"
        while not _answers(base_url + ready_path):
            if process.poll() is not None or time.perf_counter() - started > READY_SECONDS:
                raise ProcessFailed(
                    f"{_shown(command)} did not come up.", remedy=f"It printed:\n{place.tail()}"
                )
            time.sleep(POLL_SECONDS)
        yield Running(base_url, time.perf_counter() - started, process.pid)
    finally:
        _stop(process)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=10) as response:
            return bool(response.status == 200)  # noqa: PLR2004
    except (URLError, OSError):
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ctrl-C for the whole group; at once if that does not end it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def group_rss_mb(group: int) -> float | None:
    """Resident memory of a process group, in MiB; shared pages count once for each process."""
    if not PROCESSES.is_dir():
        return None
    kilobytes = 0
    for folder in PROCESSES.glob("[0-9]*"):
        # A process may end while it is looked at.
        with contextlib.suppress(OSError, ValueError):
            if os.getpgid(int(folder.name)) == group:
                kilobytes += _rss_kb(folder / "status")
    return round(kilobytes / KB_PER_MB, 1)


def _rss_kb(status: Path) -> int:
    for line in status.read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def _shown(command: Command) -> str:
    return " ".join(Path(part).name if isinstance(part, Path) else part for part in command)
