"""The two served systems: how each is trained, started and talked to."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks._clients import project_chat, stock_chat
from benchmarks._load import Begin
from benchmarks._processes import Command, Place, environment
from benchmarks._stock_project import write_stock_project
from bot.settings import ROOT

BOT = Path(sys.executable).with_name("bot")
RASA = (sys.executable, "-m", "rasa")
# The limits guard a clinic against one visitor who floods it; here one address is all visitors.
NO_LIMIT = "1000000/minute"


@dataclass(frozen=True)
class Served:
    """One system, ready to be measured.

    Attributes:
        place: Where its commands run.
        train: Trains the model that `serve` serves.
        serve: Starts the server on the port.
        ready_path: Answers 200 once the model is loaded.
        chat: Opens conversations at a base URL.
    """

    place: Place
    train: Command
    serve: Callable[[int], Command]
    ready_path: str
    chat: Callable[[aiohttp.ClientSession, str], Begin]


def project(folder: Path) -> Served:
    """The project itself, with a database, a model and a cache of its own.

    Args:
        folder: Takes them.
    """
    folder.mkdir(parents=True)
    env = environment(
        DATABASE_URL=f"sqlite:///{folder / 'bot.db'}",
        MODELS_DIR=str(folder / "models"),
        CACHE_DIR=str(folder / "cache"),
        SECRET_KEY=secrets.token_hex(),
        RATE_LIMIT=NO_LIMIT,
        SESSION_RATE_LIMIT=NO_LIMIT,
    )
    return Served(
        place=Place(ROOT, env, folder / "log"),
        train=(BOT, "train"),
        serve=lambda port: (BOT, "serve", "--port", str(port)),
        ready_path="/readyz",
        chat=project_chat,
    )


def stock(folder: Path, seed: int, epochs: int | None, per_intent: int | None) -> Served:
    """A stock Rasa project with the project's own examples and answers.

    Args:
        folder: Takes it.
        seed: For the stock pipeline.
        epochs: Instead of Rasa's own number.
        per_intent: At most so many examples of each intent; None takes all.
    """
    write_stock_project(folder, seed, epochs, per_intent)
    env = environment(RASA_CACHE_DIRECTORY=str(folder / "cache"))
    return Served(
        place=Place(folder, env, folder / "log"),
        train=(*RASA, "train", "--fixed-model-name", "stock"),
        serve=lambda port: (*RASA, "run", "--enable-api", "--port", str(port)),
        ready_path="/status",
        chat=stock_chat,
    )
