"""The pages anybody may open: the demo clinic page, and the widget's files for any website."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, file

from bot.widget import STATIC_DIR

# Clinics embed the widget's modules from their own site, and browsers ask for leave to do so.
ANY_SITE = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"}
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


def page_routes() -> Blueprint:
    """``GET /`` and ``GET /widget/<file>``."""
    routes = Blueprint("pages")
    files = {path.name: path for path in STATIC_DIR.iterdir() if path.suffix in TYPES}

    async def demo_page(request: Request) -> HTTPResponse:
        return await file(STATIC_DIR / "index.html", mime_type="text/html; charset=utf-8")

    async def widget_file(request: Request, name: str) -> HTTPResponse:
        path = files[name]
        return await file(path, mime_type=TYPES[path.suffix], headers=dict(ANY_SITE))

    routes.add_route(demo_page, "/")
    for name in files:
        # Only files found at start have a route: no name in a request reaches the file system.
        routes.add_route(
            lambda request, name=name: widget_file(request, name),
            f"/widget/{name}",
            name=f"widget_{name.replace('.', '_').replace('-', '_')}",
        )
    return routes
