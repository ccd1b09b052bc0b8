"""Ask one message, or many from standard input, without a server."""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TextIO

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.learning.asking import Asking


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the verb's options."""
    parser.add_argument("text", nargs="?", help="the message")
    parser.add_argument(
        "--jsonl",
        action="store_true",
        help="read a message a line (JSON with `text`, or plain) and write a JSON object a line",
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints the reply, or one JSON object for each line read."""
    if not arguments.jsonl and arguments.text is None:
        print("bot ask: give a message, or --jsonl", file=sys.stderr)
        return 2
    from bot.runtime import prepare

    settings = Settings.from_env()
    prepare(settings.cache_dir, "ERROR")
    return asyncio.run(_ask(settings, arguments))


async def _ask(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.learning.asking import Asking

    asking = await Asking.open(settings)
    try:
        if arguments.jsonl:
            _speak_utf8(sys.stdin, sys.stdout)
            await _answer_lines(asking, sys.stdin, sys.stdout)
        else:
            print("\n\n".join((await asking.ask(arguments.text))["reply"]))
    finally:
        await asking.close()
    return 0


def _speak_utf8(*streams: TextIO) -> None:
    """JSON is UTF-8 whatever the terminal is; one broken byte must not stop the lines after it."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


async def _answer_lines(asking: Asking, source: TextIO, target: TextIO) -> None:
    for text in _texts(source):
        result = await asking.ask(text)
        target.write(json.dumps(result, ensure_ascii=False) + "\n")
        target.flush()


def _texts(source: TextIO) -> Iterator[str]:
    """One text for each line, so that output lines stay beside input lines."""
    for line in source:
        # Half a surrogate pair cannot be written out again.
        yield _text_of(line.rstrip("\r\n")).encode("utf-8", "replace").decode("utf-8")


def _text_of(line: str) -> str:
    if line.lstrip().startswith("{"):
        try:
            row: Any = json.loads(line)
        except (ValueError, RecursionError):
            return line
        if isinstance(row, dict) and isinstance(row.get("text"), str):
            return str(row["text"])
    return line
