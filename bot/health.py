"""Live, ready, metrics: what a proxy and an operator ask."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json, raw

from bot.metrics import REGISTRY

logger = logging.getLogger(__name__)
Check = Callable[[], Awaitable[None]]


def health_routes(checks: dict[str, Check]) -> Blueprint:
    """The routes.

    Args:
        checks: By part; each raises when its part is not ready.
    """
    routes = Blueprint("health")

    async def healthz(request: Request) -> HTTPResponse:
        return json({"status": "ok"})

    async def readyz(request: Request) -> HTTPResponse:
        failing = [name for name, check in checks.items() if not await _passes(check)]
        if failing:
            return json({"status": "not ready", "failing": failing}, 503)
        return json({"status": "ready"})

    async def metrics(request: Request) -> HTTPResponse:
        return raw(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)

    routes.add_route(healthz, "/healthz")
    routes.add_route(readyz, "/readyz")
    routes.add_route(metrics, "/metrics")
    return routes


async def _passes(check: Check) -> bool:
    try:
        await check()
    except Exception as error:
        logger.error("A part is not ready: %s", type(error).__qualname__)
        return False
    return True
