from __future__ import annotations

import re
import uuid

import pytest
from sanic import Sanic
from web_client import WebClient

from bot.http import protect
from bot.pages import page_routes
from bot.widget import STATIC_DIR


@pytest.fixture
def client() -> WebClient:
    app = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False)
    protect(app, ())
    app.blueprint(page_routes())
    return WebClient(app)


async def test_the_demo_page_embeds_the_chat_as_a_clinic_would(client: WebClient) -> None:
    answer = await client.get("/")
    page = answer.body.decode()
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert re.findall(r"<script[^>]*>", page) == [
        '<script type="module" src="/widget/patient-faq.js">'
    ]
    assert len(re.findall(r"<patient-faq\b", page)) == 1


async def test_everything_the_demo_page_links_to_is_served(client: WebClient) -> None:
    page = (await client.get("/")).body.decode()
    linked = re.findall(r'(?:src|href)="(/[^"#]*)"', page)
    assert linked
    for path in linked:
        if not path.startswith("/console"):
            assert (await client.get(path)).status == 200, path


async def test_every_module_of_the_widget_may_be_loaded_from_any_website(
    client: WebClient,
) -> None:
    modules = [path.name for path in STATIC_DIR.glob("*.js")]
    assert modules
    for name in modules:
        answer = await client.get(f"/widget/{name}", origin="https://clinic.example")
        assert answer.body == (STATIC_DIR / name).read_bytes()
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "path",
    [
        "/widget/",
        "/widget/index.html",
        "/widget/__init__.py",
        "/widget/../__init__.py",
        "/widget/%2e%2e/__init__.py",
        "/widget/..%2f__init__.py",
        "/widget//etc/passwd",
    ],
)
async def test_no_other_file_can_be_named(client: WebClient, path: str) -> None:
    assert (await client.get(path)).status == 404
