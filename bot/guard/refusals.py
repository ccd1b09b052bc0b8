"""The ways a request can be refused; each is one status and one code."""

from __future__ import annotations

from bot.errors import BotError


class BadRequest(BotError):
    """The body is not what the documentation asks for."""

    code = "bad_request"
    status = 400


class Unauthorized(BotError):
    """The session token is missing, forged or expired."""

    code = "bad_session"
    status = 401


class Forged(BotError):
    """The request was not signed by whoever it says it is from."""

    code = "forged"
    status = 403


class TooLarge(BotError):
    """The body or the text is over the documented limit."""

    code = "too_large"
    status = 413


class WrongType(BotError):
    """The body is not of the type that the route takes."""

    code = "unsupported_media_type"
    status = 415


class TooFast(BotError):
    """Too many requests in a short time.

    Attributes:
        retry_after: Seconds until the next one is welcome.
    """

    code = "too_fast"
    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many messages. Please wait a moment and try again.")
        self.retry_after = retry_after
