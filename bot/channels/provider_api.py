"""One way to providers' APIs: a shared connection pool, short waits, and plain outcomes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.outbox import Later, Unknown

# Together shorter than the lease of a letter.
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 15.0
TOO_MANY, SERVER_ERROR = 429, 500


class ProviderApi:
    """Posts to one provider; the connections are made at the first request."""

    def __init__(self, answer_seconds: float = ANSWER_SECONDS) -> None:
        """Makes the client.

        Args:
            answer_seconds: How long an answer is waited for.
        """
        self._timeout = aiohttp.ClientTimeout(total=answer_seconds, sock_connect=CONNECT_SECONDS)
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, **request: Any) -> tuple[int, Mapping[str, Any]]:
        """Posts and reads the answer.

        Args:
            url: Where to.
            request: As ``aiohttp`` takes it: ``data`` or ``json``, ``params``, ``auth``.

        Returns:
            The status, below 500 and not 429, and the JSON object of the answer, empty when it is
            none.

        Raises:
            Later: when the provider is not reached, is too busy or has a fault of its own.
            Unknown: when it was reached and did not answer.
        """
        try:
            async with self._opened().post(url, allow_redirects=False, **request) as response:
                if response.status == TOO_MANY or response.status >= SERVER_ERROR:
                    raise Later(
                        f"The provider answers {response.status}.", _seconds(response.headers)
                    )
                return response.status, await _object(response)
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            kind = Later if _was_not_reached(error) else Unknown
            raise kind(f"The provider did not answer ({type(error).__name__}).") from None

    async def close(self) -> None:
        """Closes the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        return self._session


def _was_not_reached(error: Exception) -> bool:
    """Whether there was no connection, so that nothing can have been sent."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return True
    # aiohttp has one class for two timeouts, and tells them apart in words alone.
    is_timeout = isinstance(error, aiohttp.ServerTimeoutError)
    return is_timeout and str(error).startswith("Connection timeout")


async def _object(response: aiohttp.ClientResponse) -> Mapping[str, Any]:
    try:
        answer = await response.json(content_type=None)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _seconds(headers: Mapping[str, str]) -> float | None:
    """What ``Retry-After`` asks for in seconds; dates are not read."""
    value = headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() else None
