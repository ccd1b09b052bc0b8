"""The configurations that are compared: the project's own, whole or in part, and Rasa's."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import yaml

from benchmarks._ablations import ABLATIONS, Config, ablated
from bot.errors import SettingError
from bot.settings import ROOT

SYSTEMS = ("project", "stock")
# What `rasa init` copies into a new project, and what Rasa fills its empty keys from when it
# trains (`DefaultV1Recipe.complete_config`). Read as files: importing Rasa takes many seconds.
STOCK_CONFIG = "cli/initial_project/config.yml"
STOCK_DEFAULTS = "engine/recipes/config_files/default_config.yml"
# The components whose result depends on a random start or order, and what they call its seed.
SEEDED = {
    "DIETClassifier": "random_seed",
    "ResponseSelector": "random_seed",
    "TEDPolicy": "random_seed",
    "UnexpecTEDIntentPolicy": "random_seed",
    "bot.nlu.sentence_encoder.SentenceEncoder": "seed",
}


def project_config(root: Path = ROOT) -> Config:
    """The project's `config.yml`, as it is."""
    return _read(root / "config.yml")


def stock_config(seed: int, epochs: int | None = None) -> Config:
    """What a new Rasa project trains with.

    Args:
        seed: Makes the result repeatable; Rasa's own default is another one each time.
        epochs: Instead of Rasa's own number; None leaves it.
    """
    rasa = _rasa_folder()
    config, defaults = _read(rasa / STOCK_CONFIG), _read(rasa / STOCK_DEFAULTS)
    for key in ("pipeline", "policies"):
        config[key] = config.get(key) or defaults[key]
        config[key] = [_adjusted(component, seed, epochs) for component in config[key]]
    return config


def config_of(system: str, seed: int, epochs: int | None = None) -> Config:
    """The configuration of a system; epochs concern `stock` alone."""
    if system == "stock":
        return stock_config(seed, epochs)
    project = project_config()
    project["pipeline"] = [_adjusted(component, seed, None) for component in project["pipeline"]]
    return ablated(project, system) if system in ABLATIONS else project


def chosen_systems(text: str, known: Sequence[str] = SYSTEMS) -> list[str]:
    """Reads `project,stock`.

    Raises:
        SettingError: names the system there is no such thing as.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    wrong = sorted(set(names) - set(known))
    if wrong or not names:
        raise SettingError(
            f"There is no system {', '.join(wrong) or 'named'}.",
            remedy=f"Choose from {', '.join(known)}.",
        )
    return names


def _adjusted(component: Config, seed: int, epochs: int | None) -> Config:
    name = SEEDED.get(component["name"])
    if name is None:
        return component
    trained = {name: seed} | ({} if epochs is None else {"epochs": epochs})
    return component | trained


def _rasa_folder() -> Path:
    spec = find_spec("rasa")
    if spec is None or not spec.submodule_search_locations:
        raise SettingError("Rasa is not installed.", remedy="Run `make setup`.")
    return Path(spec.submodule_search_locations[0])


def _read(path: Path) -> Config:
    found: Config = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found
