"""Serve patients and staff over HTTP."""

from __future__ import annotations

import argparse
import asyncio

from bot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the verb's options."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=5005, help="port to listen on")
    parser.add_argument("--workers", type=int, default=1, help="server processes")


def run(arguments: argparse.Namespace) -> int:
    """Loads the model once and serves until Ctrl-C."""
    from bot.learning.fingerprint import served_path
    from bot.runtime import prepare

    settings = Settings.from_env()
    prepare(settings.cache_dir, settings.log_level)
    settings.require_secret()
    from bot.guard.connection import PunctualConnection
    from bot.server import check_port, check_workers, create_app, require_model
    from bot.storage.migrate import migrate

    check_workers(settings, arguments.workers)
    check_port(arguments.host, arguments.port)
    asyncio.run(migrate(settings.database_url))
    model = require_model(served_path(settings))
    app = create_app(settings, model)
    _announce(arguments.host, arguments.port)
    app.run(
        arguments.host,
        arguments.port,
        workers=arguments.workers,
        protocol=PunctualConnection,
        access_log=False,
        motd=False,
    )
    return 0


def _announce(host: str, port: int) -> None:
    base = f"http://{host}:{port}"
    print(f"Demo clinic page  {base}/", flush=True)
    print(f"Staff console     {base}/console/", flush=True)
    print("Ctrl-C stops everything.", flush=True)
