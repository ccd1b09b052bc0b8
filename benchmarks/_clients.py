"""How a patient reaches each system: the project's web channel, stock Rasa's REST channel."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import aiohttp

from benchmarks._load import Begin, Say

TIMEOUT = aiohttp.ClientTimeout(total=60)
OK = 200


def http() -> aiohttp.ClientSession:
    """A client without a limit of its own on connections."""
    return aiohttp.ClientSession(timeout=TIMEOUT, connector=aiohttp.TCPConnector(limit=0))


def project_chat(client: aiohttp.ClientSession, base_url: str) -> Begin:
    """Conversations over `/webhooks/web`: a signed session each."""

    async def begin() -> Say:
        opened = await _post(client, f"{base_url}/webhooks/web/session", {}, {})
        # A refused session lets each of its messages fail, and they are counted.
        token = opened["session"] if opened else "none"
        headers = {"Authorization": f"Bearer {token}"}

        async def say(text: str) -> bool:
            body = {"text": text, "message_id": str(uuid4())}
            answer = await _post(client, f"{base_url}/webhooks/web/message", body, headers)
            return bool(answer and answer.get("messages"))

        return say

    return begin


def stock_chat(client: aiohttp.ClientSession, base_url: str) -> Begin:
    """Conversations over `/webhooks/rest/webhook`: a sender's name each."""

    async def begin() -> Say:
        sender = str(uuid4())

        async def say(text: str) -> bool:
            body = {"sender": sender, "message": text}
            # An empty list is how this channel tells that the turn has failed.
            return bool(await _post(client, f"{base_url}/webhooks/rest/webhook", body, {}))

        return say

    return begin


async def _post(
    client: aiohttp.ClientSession, url: str, body: dict[str, Any], headers: dict[str, str]
) -> Any:
    """The JSON answer; None for a refusal or a broken connection."""
    try:
        async with client.post(url, json=body, headers=headers) as response:
            return await response.json() if response.status == OK else None
    except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
        return None
