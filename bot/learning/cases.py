"""The messages on which an old and a new model are compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.learning.evaluation import BENIGN, Case, read_cases
from bot.learning.traffic import Labelled, case_of
from bot.nlu.red_flag_messages import NONE, read_messages

LABELS = "labels"
# Sets that the rules were developed on measure nothing any more.
DEVELOPED_ON = "_dev"
# Where there are no evaluation messages: so many of the tabled ones are enough to see a fault.
EVERY = 10
NO_SET = (
    "There are no evaluation messages here (EVALUATION_DIR): the models were compared on labelled "
    "messages alone, and on red flags that both were trained on."
)


@dataclass(frozen=True)
class Asked:
    """A message that both models are asked.

    Attributes:
        name: The file it comes from, or ``labels``.
        case: The message and what is right.
        inbox_id: Of a patient's message; None for the others.
    """

    name: str
    case: Case
    inbox_id: int | None = None


def evaluation_files(folder: Path) -> list[Path]:
    """The files of evaluation messages, by name; none where there is no such folder."""
    return [p for p in sorted(folder.glob("*.jsonl")) if not p.stem.endswith(DEVELOPED_ON)]


def cases_of(
    evaluation_dir: Path, safety_dir: Path, labelled: Iterable[Labelled]
) -> tuple[list[Asked], list[str]]:
    """Every message to ask, and what a reader of the scores should know.

    Args:
        evaluation_dir: Labelled messages that no model is trained on; may be missing.
        safety_dir: The red-flag tables with the messages learned for them.
        labelled: Messages of patients.
    """
    files = evaluation_files(evaluation_dir)
    asked = [Asked(path.name, case) for path in files for case in read_cases(path)]
    notes = []
    if not asked:
        notes.append(NO_SET)
        messages = read_messages(safety_dir / "learned")[::EVERY]
        asked = [Asked("learned", _flag_case(text, label)) for text, label in messages]
    for one in labelled:
        if case := case_of(one):
            asked.append(Asked(LABELS, case, one.item.turn.inbox_id))
    return asked, notes


def _flag_case(text: str, label: str) -> Case:
    level = label.partition("/")[0]
    return Case(text, (BENIGN if label == NONE else f"safety/{level}",))
