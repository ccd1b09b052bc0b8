from __future__ import annotations

import uuid

import pytest
from sanic import Sanic
from web_client import WebClient

from bot.errors import SettingError
from bot.health import Check, health_routes
from bot.metrics import TURNS


async def _works() -> None:
    return None


async def _is_down() -> None:
    raise SettingError("The database at db.internal is down.")


async def _breaks() -> None:
    raise OSError("db.internal")


def _client(**checks: Check) -> WebClient:
    app = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False)
    app.blueprint(health_routes(checks))
    return WebClient(app)


async def test_it_is_live_whatever_else_is_down() -> None:
    answer = await _client(database=_is_down).get("/healthz")
    assert (answer.status, answer.json) == (200, {"status": "ok"})


async def test_it_is_ready_when_every_part_is() -> None:
    answer = await _client(database=_works, model=_works).get("/readyz")
    assert (answer.status, answer.json) == (200, {"status": "ready"})


@pytest.mark.parametrize("failure", [_is_down, _breaks])
async def test_it_names_the_parts_that_are_not_ready_and_no_more(failure: Check) -> None:
    answer = await _client(model=_works, database=failure, locks=failure).get("/readyz")
    assert answer.status == 503
    assert answer.json == {"status": "not ready", "failing": ["database", "locks"]}
    assert "db.internal" not in answer.body.decode()


async def test_metrics_are_prometheus_text() -> None:
    TURNS.labels("web", "answer").inc()
    answer = await _client().get("/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'bot_turns_total{channel="web",outcome="answer"}' in answer.body.decode()
