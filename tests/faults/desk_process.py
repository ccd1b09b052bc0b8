"""The booking desk as a process of its own, to be killed: inbox, intake, service and tables.

Everything between a taken message and its kept reply is the real thing, but for the turn: Rasa
would take ten seconds to start. `test_kill_server.py` kills the whole server, less often.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, cast

from bot.booking import BookingRequest, BookingService, Status, StatusWords, staff
from bot.booking.staff_notice import staff_notice
from bot.settings import ROOT
from bot.storage.bookings import BookingRepository
from bot.storage.database import Database
from bot.storage.inbox import InboxRepository
from bot.storage.sealing import KeyRing
from bot.turn.intake import Intake
from bot.turn.locks import ConversationLocks
from bot.turn.reply import Reply, ReplyMessage
from bot.turn.turn import Turn

# The desk that comes after a killed one has the same.
KEYS = KeyRing(["a secret of these tests alone: 71c0"])
REQUEST = BookingRequest("Robin", "lower back", "any time", "first", True, "+17805550123")


class FormTurn:
    """Sends the request of the run a message names, and lets staff see and decline every third."""

    def __init__(self, database: Database) -> None:
        words = StatusWords.load(ROOT / "domain.yml", "America/Edmonton", "780-555-0142")
        self._bookings = BookingService(
            BookingRepository(database), tell=words.letter, notify=staff_notice
        )

    def warning_only(self, channel: str, text: str) -> Reply | None:
        return None

    async def warning(self, channel: str, text: str) -> Reply | None:
        return None

    def apology(self, channel: str) -> str:
        return "Sorry."

    async def run(
        self, conversation_id: str, channel: str, text: str, message_id: str, again: bool = False
    ) -> Reply:
        booking = await self._bookings.request(REQUEST, f"form/{text}", conversation_id, channel)
        if text.endswith("3"):
            for to in (Status.SEEN, Status.DECLINED):
                if (await self._bookings.get(booking.reference)).status is not Status.DECLINED:
                    await self._bookings.move(booking.reference, to, staff("Kim"))
        return Reply((ReplyMessage(booking.reference),))


def serve(database_url: str, socket: str) -> None:
    """Runs until it is killed.

    Args:
        database_url: A migrated database.
        socket: The path of a Unix socket; takes and gives one JSON object a line.
    """
    asyncio.run(_serve(database_url, socket))


async def _serve(database_url: str, socket: str) -> None:
    database = Database(database_url, keys=KEYS)
    turn = cast(Turn, FormTurn(database))
    intake = Intake(InboxRepository(database), turn, ConversationLocks())

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked: dict[str, Any] = json.loads(await reader.readline())
        messages = await intake.handle("web", asked["who"], asked["id"], asked["text"])
        writer.write(json.dumps(messages[0]["text"]).encode() + b"\n")
        await writer.drain()
        writer.close()

    Path(socket).unlink(missing_ok=True)
    server = await asyncio.start_unix_server(answer, socket)
    recovering = asyncio.ensure_future(intake.recover())
    async with server:
        await asyncio.gather(server.serve_forever(), recovering)
