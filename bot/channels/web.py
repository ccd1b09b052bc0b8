"""The website's chat: server-named sessions, messages with client ids, history."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.channels.web_continue import WebContinue
from bot.channels.web_history import history_entries
from bot.guard.client import known_client
from bot.guard.fields import json_body, message_id_of, text_of
from bot.guard.rate import RateLimit
from bot.guard.refusals import TooFast
from bot.guard.sessions import Sessions
from bot.handoff import Handoff, State
from bot.outbox import OutboxRepository
from bot.storage.inbox import InboxRepository
from bot.turn.intake import Intake

NO_STORE = {"Cache-Control": "no-store"}
PERSON = {State.WAITING: "waiting", State.TAKEN: "here"}
Answer = list[dict[str, Any]]
Thumbs = Callable[[str], Awaitable[Mapping[int, str]]]


class People(Protocol):
    """Know who answers a conversation."""

    async def of_conversation(self, conversation_id: str) -> Handoff | None:
        """The wish for a person, or the talk with one, that is open there."""


class WebChannel(InputChannel):
    """Routes under ``/webhooks/web``; the caller never chooses whose conversation it writes to."""

    def __init__(
        self,
        intake: Intake,
        inbox: InboxRepository,
        sessions: Sessions,
        message_rate: RateLimit,
        session_rate: RateLimit,
        *,
        outbox: OutboxRepository,
        people: People,
        continuing: WebContinue | None = None,
        thumbs: Thumbs | None = None,
    ) -> None:
        """Makes the channel.

        Args:
            intake: Answers messages.
            inbox: Keeps them.
            sessions: Name conversations.
            message_rate: Messages that one conversation may send.
            session_rate: Conversations that one address may open.
            outbox: What the clinic let know.
            people: Know who answers a conversation.
            continuing: Goes on by text message; None: nobody can.
            thumbs: The thumbs that a conversation's answers got; None: nobody gives any.
        """
        self._intake = intake
        self._inbox = inbox
        self._sessions = sessions
        self._message_rate = message_rate
        self._session_rate = session_rate
        self._outbox = outbox
        self._people = people
        self._continuing = continuing
        self._thumbs = thumbs
        # The event loop alone would not keep them.
        self._answering: set[asyncio.Future[Answer]] = set()

    @classmethod
    def name(cls) -> str:
        """The channel's name in rows, metrics and routes."""
        return "web"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes; replies come from the intake, not from ``on_new_message``."""
        routes = Blueprint("web_channel")

        # Sanic marks its handlers with attributes, which bound methods do not take.
        @routes.post("/session")
        async def session(request: Request) -> HTTPResponse:
            return await self.open_session(request)

        @routes.post("/message")
        async def message(request: Request) -> HTTPResponse:
            return await self.take_message(request)

        @routes.get("/history")
        async def history(request: Request) -> HTTPResponse:
            return await self.tell_history(request)

        if self._continuing is not None:
            self._continuing.add_to(routes)
        return routes

    @property
    def _offers(self) -> dict[str, bool]:
        """What the chat may offer here; nothing is said of what is off."""
        return {"continue_by_text": True} if self._continuing is not None else {}

    async def open_session(self, request: Request) -> HTTPResponse:
        """Issues a signed session for a new conversation."""
        if request.body:
            json_body(request.content_type, request.body)
        await self._session_rate.spend(request.remote_addr or request.ip)
        session = self._sessions.issue()
        body = {"session": session.token, "expires_at": session.expires_at.isoformat()}
        return json({**body, **self._offers}, headers=NO_STORE)

    async def take_message(self, request: Request) -> HTTPResponse:
        """Answers one message; the same ``message_id`` again gets the same answer."""
        conversation = self._sessions.conversation_of(request.headers.get("authorization"))
        body = json_body(request.content_type, request.body)
        text, message_id = text_of(body), message_id_of(body)
        try:
            await self._message_rate.spend(conversation)
        except TooFast:
            # However fast somebody writes, a red flag gets its number.
            if warning := self._intake.warning(self.name(), text):
                return json({"messages": warning}, headers=NO_STORE)
            raise
        with known_client(request.remote_addr or request.ip):
            answer = self._intake.handle(self.name(), conversation, message_id, text)
            messages = await self._whoever_waits(answer)
        return json({"messages": messages}, headers=NO_STORE)

    async def _whoever_waits(self, answer: Awaitable[Answer]) -> Answer:
        """Sees the answer to its end; a patient who has left meanwhile finds it in the history."""
        task = asyncio.ensure_future(answer)
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)
        return await asyncio.shield(task)

    async def tell_history(self, request: Request) -> HTTPResponse:
        """The conversation so far, oldest first, with what the clinic let know.

        With ``person`` while one of the clinic is awaited (``waiting``) or answers (``here``).
        """
        conversation = self._sessions.conversation_of(request.headers.get("authorization"))
        rows = await self._inbox.history(conversation)
        letters = await self._outbox.of_conversation(conversation)
        # What was sent elsewhere, such as a reminder by text message, is not shown here.
        mine = [letter for letter in letters if letter.channel == self.name()]
        thumbs = await self._thumbs(conversation) if self._thumbs else {}
        messages = history_entries(rows, mine, thumbs)
        body: dict[str, Any] = {"messages": messages, **self._offers}
        handoff = await self._people.of_conversation(conversation)
        if handoff is not None and handoff.state in PERSON:
            body["person"] = PERSON[handoff.state]
        return json(body, headers=NO_STORE)
