"""The staff console's front door.

It holds no patient data and asks for none: until staff can sign in here, bookings are read with
``bot booking`` on the server itself.
"""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html

PAGE = """<!doctype html>
<html lang="en-CA">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Staff console</title>
<link rel="stylesheet" href="/widget/demo.css">
<main>
<h1>Staff console</h1>
<p>Signing in is not available in this version, so nothing about patients is shown here.</p>
<p>On the server, <code>bot booking list</code> shows the booking requests and
<code>bot booking show REFERENCE</code> shows one of them.</p>
</main>
</html>
"""


def console_routes() -> Blueprint:
    """``GET /console/``."""
    routes = Blueprint("console", url_prefix="/console")

    async def front_door(request: Request) -> HTTPResponse:
        return html(PAGE)

    routes.add_route(front_door, "/")
    return routes
