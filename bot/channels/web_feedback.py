"""``POST /webhooks/web/feedback``: a thumb on an answer of one's own conversation."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.guard.fields import json_body, message_id_of
from bot.guard.rate import RateLimit
from bot.guard.refusals import BadRequest, TooLarge
from bot.guard.sessions import Sessions
from bot.review.feedback import MAX_REMARK, REASONS, THUMBS, FeedbackDesk

logger = logging.getLogger(__name__)
PATH = "/webhooks/web/feedback"
NO_STORE = {"Cache-Control": "no-store"}
Warn = Callable[[str, str], list[dict[str, Any]] | None]


class FeedbackRoute:
    """The route and what it needs."""

    def __init__(
        self, desk: FeedbackDesk, sessions: Sessions, rate: RateLimit, warning: Warn
    ) -> None:
        """Makes the route.

        Args:
            desk: Keeps thumbs.
            sessions: Name the conversation.
            rate: Thumbs that one conversation may give.
            warning: The warning for a red flag in a text on a channel; None without one.
        """
        self._desk = desk
        self._sessions = sessions
        self._rate = rate
        self._warning = warning

    def blueprint(self) -> Blueprint:
        """The route on a blueprint of its own."""
        routes = Blueprint("web_feedback")

        async def give(request: Request) -> HTTPResponse:
            return await self.give(request)

        routes.add_route(give, PATH, methods=["POST"])
        return routes

    async def give(self, request: Request) -> HTTPResponse:
        """Keeps a thumb; whoever types a red flag here is told whom to call, as in the chat."""
        conversation = self._sessions.conversation_of(request.headers.get("authorization"))
        body = json_body(request.content_type, request.body)
        message_id, thumb = message_id_of(body), _one_of(body, "thumb", THUMBS)
        reason = _one_of(body, "reason", REASONS) if body.get("reason") else ""
        remark = _remark_of(body)
        warning = (self._warning("web", remark) if remark.strip() else None) or []
        try:
            await self._rate.spend(conversation)
            await self._desk.give(conversation, message_id, thumb, reason, remark)
        except Exception as error:
            if not warning:
                raise
            # Whatever is wrong with the thumb, the warning is said.
            logger.error("A thumb could not be kept: %s", type(error).__qualname__)
        return json({"thumb": thumb, "messages": warning}, headers=NO_STORE)


def _one_of(body: dict[str, Any], name: str, known: tuple[str, ...]) -> str:
    value = body.get(name)
    if not isinstance(value, str) or value not in known:
        raise BadRequest(f"`{name}` must be one of: {', '.join(known)}.")
    return value


def _remark_of(body: dict[str, Any]) -> str:
    remark = body.get("remark", "")
    if not isinstance(remark, str):
        raise BadRequest("`remark` must be text.")
    if len(remark) > MAX_REMARK:
        raise TooLarge(f"A remark may have {MAX_REMARK} characters at most.")
    return remark.encode("utf-8", "replace").decode("utf-8")
