"""Makes the second opinion's layers from the learned messages: ``data/safety/learned/layers.*``.

To be run where many learned messages were added; it takes some ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import yaml
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.loading import load_data

from bot.nlu.adaptation import Adapter, Schedule
from bot.nlu.decision import SAFETY_GROUP, group
from bot.nlu.encoder import (
    Encoder,
    convert_once,
    installed_weights,
    official_weights,
    write_upper,
)
from bot.nlu.red_flag_layers import LAYERS_FILE, RECORD_FILE
from bot.nlu.red_flag_messages import NONE, read_kinds
from bot.nlu.state_cache import training_cache
from bot.nlu.text import normalise
from bot.settings import ROOT

# Examples shown, repeats counted: two to three times each.
PRESENTATIONS = 80_000
RATE = 3e-4


def make(
    messages: Sequence[tuple[str, str]], folder: Path, presentations: int = PRESENTATIONS
) -> None:
    """Adapts the encoder's last layers to the labels, and writes them with their record.

    Args:
        messages: Texts with their labels.
        folder: Where both files go.
        presentations: Examples shown, repeats counted.
    """
    weights_dir = installed_weights()
    texts = [normalise(text) for text, _ in messages]
    labels = [label for _, label in messages]
    with TemporaryDirectory() as target:
        convert_once(weights_dir, Path(target), training_cache())
        encoder = Encoder(Path(target))
        states = encoder.states(texts)
        published = encoder.pool(states)
    adapted = Adapter(official_weights(weights_dir)).adapt(
        [state[1:] for state in states],
        np.ascontiguousarray(published),
        labels,
        Schedule(presentations, RATE),
    )
    write_upper(adapted, folder / LAYERS_FILE)
    record = {
        "sha256": hashlib.sha256((folder / LAYERS_FILE).read_bytes()).hexdigest(),
        "made": date.today().isoformat(),
        "messages": len(messages),
        "presentations": presentations,
    }
    note = "# The layers beside this file; bot/learning/red_flag_layers.py made both.\n"
    (folder / RECORD_FILE).write_text(
        note + yaml.safe_dump(record, sort_keys=False), encoding="utf-8"
    )


def main() -> None:
    """Makes the layers of the project's own messages."""
    parser = argparse.ArgumentParser(prog="python -m bot.learning.red_flag_layers")
    parser.add_argument("--presentations", type=int, default=PRESENTATIONS)
    options = parser.parse_args()
    folder = ROOT / "data" / "safety" / "learned"
    topics = read_topics(ROOT / "data" / "nlu")
    make([*read_kinds(folder), *topics], folder, options.presentations)


def read_topics(folder: Path) -> list[tuple[str, str]]:
    """The topics' examples as harmless messages; those of red flags are left out.

    Args:
        folder: Holds training data in Rasa's form.

    Returns:
        Texts with their labels, such as ``none/faq/fees``.
    """
    return [
        (str(example.get(TEXT)), f"{NONE}/{example.get_full_intent()}")
        for example in load_data(str(folder)).intent_examples
        if group(example.get_full_intent()) != SAFETY_GROUP
    ]


if __name__ == "__main__":
    main()
