"""Conversations: the list with its filters, one conversation, and uncovering what was written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sanic.response import HTTPResponse

from bot.console.forms import number_of
from bot.console.routes import NothingHere, Route
from bot.console.talk import Talk, talk_of
from bot.console.transcript import Entry, fates_of, letter_entries, original, redacted
from bot.console.visit import Visit
from bot.errors import BotError
from bot.guard.refusals import BadRequest
from bot.handoff import MAX_WORDS
from bot.outbox import Letter, State
from bot.review.desk import redactor_of
from bot.review.model import BANDS
from bot.staff.roles import Permission
from bot.storage.audit import Entry as AuditEntry
from bot.storage.deliveries import DeliveryRepository
from bot.storage.links import LinkRepository
from bot.storage.turns import TurnFilter

PAGE = 50
# Of one conversation at a time.
SHOWN = 60
CHANNELS = ("web", "sms", "messenger")
# What the name of a conversation by text message begins with, before the phone.
SMS = "sms:"
OUTCOMES = (
    "answer", "clarify", "decline", "emergency", "urgent", "crisis", "booking", "handoff",
    "smalltalk", "with_staff", "failed", "unknown",
)  # fmt: skip
REASONS = {
    "contact": "To reach the patient",
    "safety": "For the patient's safety",
    "unclear": "The redacted words are not clear",
    "request": "The patient asked for it",
}


async def show_list(visit: Visit) -> HTTPResponse:
    """Conversations or, with a filter on messages, the messages it lets through."""
    query = visit.query
    wanted = filter_of(query, ZoneInfo(visit.desk.profile.timezone))
    page = await visit.desk.turns.page(wanted, PAGE, number_of(query, "before"))
    return visit.page(
        "conversations.html",
        page=page,
        wanted=wanted,
        channels=CHANNELS,
        outcomes=OUTCOMES,
        bands=BANDS,
        answers=_titles(visit),
        is_narrowed=wanted != TurnFilter(),
    )


async def show_one(visit: Visit, message_id: int) -> HTTPResponse:
    """The conversation that a message belongs to, redacted."""
    return await shown(visit, message_id)


async def shown(
    visit: Visit, message_id: int, *, error: BotError | None = None, typed: str = ""
) -> HTTPResponse:
    """The page of a conversation, redacted.

    Args:
        visit: Who looks.
        message_id: One of its messages.
        error: Why what was asked for was not done; None when nothing went wrong.
        typed: Words that were typed and not sent.
    """
    turns, name = visit.desk.turns, await _name(visit, message_id)
    before = number_of(visit.query, "before")
    page = await turns.of_conversation(name, SHOWN, before)
    letters = await _letters(visit, name)
    names = await turns.booked_names(name)
    start = page.turns[0].at if page.turns and page.older is not None else None
    near = _near(letters, name, start, await _moment(visit, name, before))
    covered = await asyncio.to_thread(_redacted, visit, near, names)
    talk = await talk_of(visit, name, typed)
    entries = redacted(page.turns, covered, fates_of(letters))
    return await _one(visit, message_id, name, entries, talk, older=page.older, error=error)


async def _letters(visit: Visit, name: str) -> list[Letter]:
    """All letters of a conversation; what a provider took and then lost counts as lost."""
    services = visit.desk.services
    letters = await services.outbox.of_conversation(name)
    taken = {letter.provider_id for letter in letters if letter.provider_id}
    lost = await DeliveryRepository(services.database).lost(taken) if taken else frozenset()
    return [
        replace(letter, state=State.DEAD) if letter.provider_id in lost else letter
        for letter in letters
    ]


def _near(
    letters: Iterable[Letter], name: str, start: datetime | None, end: datetime | None
) -> list[Entry]:
    """What was sent without asking beside the messages that are shown.

    Args:
        letters: All of the conversation.
        name: The conversation's.
        start: Of the first message; None where none is older.
        end: Of the first message after them; None where none is newer.
    """
    entries = letter_entries(letters, name.partition(":")[0])
    later = [entry for entry in entries if start is None or entry.at >= start]
    return [entry for entry in later if end is None or entry.at < end]


async def _moment(visit: Visit, name: str, message_id: int | None) -> datetime | None:
    """When a message of a conversation was written; None without one."""
    if message_id is None:
        return None
    up_to_it = await visit.desk.turns.of_conversation(name, 1, message_id + 1)
    return up_to_it.turns[-1].at if up_to_it.turns else None


async def _beside(visit: Visit, name: str) -> list[tuple[str, int]]:
    """Channel and last message of the conversations that this one goes on in, or from."""
    names = await LinkRepository(visit.desk.services.database).beside(name)
    latest = await visit.desk.turns.latest_of(names)
    return [(other.partition(":")[0], latest[other]) for other in names if other in latest]


async def _requests(visit: Visit, name: str) -> list[str]:
    """References of the requests made in a conversation, for those who may read them."""
    if not visit.user.may(Permission.BOOKINGS):
        return []
    found = await visit.desk.services.bookings.of_conversation(name)
    return [booking.reference for booking in found]


async def reveal(visit: Visit, message_id: int) -> HTTPResponse:
    """Shows what was written, this once, and notes who uncovered it and why."""
    reason = visit.form.get("reason", "")
    if reason not in REASONS:
        raise BadRequest("Say why: choose one of the reasons.")
    name = await _name(visit, message_id)
    detail = {"reason": reason}
    entry = AuditEntry(visit.user.actor, "conversation_revealed", str(message_id), detail)
    # First the entry, then the words: nothing is seen that is not noted.
    await visit.desk.office.audit.add(entry)
    entries = await _uncovered(visit, name, number_of(visit.form, "before"))
    talk = await talk_of(visit, name)
    return await _one(visit, message_id, name, entries, talk, is_revealed=True)


async def _uncovered(visit: Visit, name: str, before: int | None) -> list[Entry]:
    """The same part of a conversation that was looked at, as it was written."""
    rows = await visit.desk.services.inbox.history(name)
    cut = len(rows) if before is None else sum(row.id < before for row in rows)
    first = max(0, cut - SHOWN)
    letters = await _letters(visit, name)
    start = rows[first].received_at if first else None
    end = rows[cut].received_at if cut < len(rows) else None
    return original(rows[first:cut], _near(letters, name, start, end), fates_of(letters))


async def mark_read(visit: Visit, message_id: int) -> HTTPResponse:
    """Marks what was seen of a conversation as read."""
    name = await _name(visit, message_id)
    up_to = number_of(visit.form, "up_to") or message_id
    entry = AuditEntry(visit.user.actor, "conversation_read", str(up_to))
    await visit.desk.turns.mark_read(name, up_to, entry)
    return visit.go(f"/conversations/{message_id}", done="read")


def filter_of(query: Mapping[str, str], zone: ZoneInfo) -> TurnFilter:
    """What the list's address asks for; what makes no sense there is left out."""
    band = number_of(query, "sure")
    read = {"yes": True, "no": False}
    return TurnFilter(
        words=query.get("q"),
        channel=_one_of(query.get("channel"), CHANNELS),
        outcome=_one_of(query.get("outcome"), OUTCOMES),
        answer=query.get("answer"),
        band=band if band is not None and band < len(BANDS) else None,
        is_read=read.get(query.get("read", "")),
        start=_midnight(query.get("from"), zone),
        end=_midnight(query.get("to"), zone, days=1),
    )


def _one_of(value: str | None, known: tuple[str, ...]) -> str | None:
    return value if value in known else None


def _midnight(text: str | None, zone: ZoneInfo, days: int = 0) -> datetime | None:
    try:
        day = date.fromisoformat(text or "") + timedelta(days=days)
        # A year that no clock reaches is no day of the clinic's either.
        return datetime.combine(day, time(), zone) if 2000 <= day.year <= 2100 else None  # noqa: PLR2004
    except (ValueError, OverflowError):
        return None


async def _name(visit: Visit, message_id: int) -> str:
    name = await visit.desk.turns.conversation(message_id)
    if name is None:
        raise NothingHere
    return name


def _redacted(visit: Visit, letters: list[Entry], names: frozenset[str]) -> list[Entry]:
    if not letters:
        return []
    redact = redactor_of(visit.desk.profile).redact
    return [replace(letter, text=redact(letter.text, names)) for letter in letters]


def _titles(visit: Visit) -> dict[str, str]:
    library = visit.desk.services.library
    return {topic: library.title(topic) for topic in library.topics}


async def _one(
    visit: Visit,
    message_id: int,
    name: str,
    entries: list[Entry],
    talk: Talk,
    *,
    older: int | None = None,
    is_revealed: bool = False,
    error: BotError | None = None,
) -> HTTPResponse:
    return visit.page(
        "conversation.html",
        error.status if error else 200,
        talk=talk,
        beside=await _beside(visit, name),
        requests=await _requests(visit, name),
        phone=name.removeprefix(SMS) if name.startswith(SMS) else "",
        error=error.message if error else "",
        most_words=MAX_WORDS,
        message_id=message_id,
        entries=entries,
        newest=max((entry.anchor for entry in entries), default=message_id),
        has_unread=any(entry.turn and not entry.turn.is_read for entry in entries),
        older=older,
        titles=_titles(visit),
        bands=BANDS,
        reasons=REASONS,
        is_revealed=is_revealed,
    )


READ = Permission.CONVERSATIONS
ROUTES = (
    Route("GET", "/conversations", READ, show_list),
    Route("GET", "/conversations/<message_id:int>", READ, show_one),
    Route("POST", "/conversations/<message_id:int>/read", READ, mark_read),
    Route("POST", "/conversations/<message_id:int>/reveal", Permission.REVEAL, reveal),
)
