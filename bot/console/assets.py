"""The console's own styles, script and icon; they hold nothing of anybody's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

STATIC = Path(__file__).parent / "static"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
# They change with the version; a browser asks again, and is told so in a few bytes.
CACHE = {"Cache-Control": "public, max-age=300"}


def asset_routes() -> Blueprint:
    """``GET /console/static/<file>`` for each file that is there at start, and for no other."""
    routes = Blueprint("console_assets", url_prefix="/console/static")
    for path in sorted(STATIC.iterdir()):
        if path.suffix in TYPES:
            name = path.name.replace(".", "_").replace("-", "_")
            routes.add_route(_serving(path), f"/{path.name}", name=name)
    return routes


def _serving(path: Path) -> Callable[[Request], Awaitable[HTTPResponse]]:
    content, kind = path.read_bytes(), TYPES[path.suffix]

    async def serve(request: Request) -> HTTPResponse:
        return raw(content, content_type=kind, headers=dict(CACHE))

    return serve
