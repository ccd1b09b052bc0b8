"""An action server of which one patient's calls never come back in time."""

from __future__ import annotations

import asyncio
import threading

import aiohttp
from aiohttp import web


class StallingActions:
    """Stands before a real action server and keeps the calls of one conversation."""

    def __init__(self, behind: str, stalled: str, seconds: float) -> None:
        """Makes it.

        Args:
            behind: The real action server's address.
            stalled: The conversation whose calls wait.
            seconds: How long.
        """
        self._behind = behind
        self._stalled = stalled
        self._seconds = seconds
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self.stalls = 0
        self.port = 0

    def __enter__(self) -> StallingActions:
        threading.Thread(target=self._run, daemon=True).start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)

    @property
    def url(self) -> str:
        """Where Rasa finds it."""
        return f"http://127.0.0.1:{self.port}/webhook"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()

    async def _start(self) -> None:
        self._session = aiohttp.ClientSession()
        app = web.Application(client_max_size=2**24)
        app.router.add_post("/webhook", self._act)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]

    async def _act(self, request: web.Request) -> web.Response:
        call = await request.json()
        if call.get("sender_id") == self._stalled:
            self.stalls += 1
            await asyncio.sleep(self._seconds)
        async with self._session.post(self._behind, json=call) as answer:
            body = await answer.read()
            return web.Response(body=body, status=answer.status, content_type="application/json")
