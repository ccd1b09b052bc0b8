"""The topics the assistant must be able to answer, and the phrases it needs besides."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from bot.content.errors import ContentError
from bot.content.yaml_file import faults, read_mapping

# Said when the assistant cannot answer at all, or by a channel; patients never ask for these.
SPECIAL_CARDS = frozenset(
    {
        "other/attachment",
        "other/clarify",
        "other/continued",
        "other/english_only",
        "other/first_contact",
        "other/from_clinic",
        "other/from_person",
        "other/help",
        "other/person_closed",
        "other/person_here",
        "other/person_left",
        "other/person_missed",
        "other/person_open",
        "other/phone_code",
        "other/request_moved",
        "other/technical_trouble",
        "other/too_fast",
        "other/unreadable",
        "smalltalk/after_a_joke",
    }
)
# Sent as one message, since whoever gets it may read either language.
SAID_TOGETHER = frozenset({"other/english_only"})
# Said to patients who write in French.
IN_FRENCH = SAID_TOGETHER | {
    "safety/emergency",
    "safety/urgent",
    "safety/crisis",
    "smalltalk/after_a_joke",
}


class Topic(BaseModel):
    """One topic.

    Attributes:
        source: What its answer must rest on: the clinic's article, the clinic's own profile, or
            published health information; None for phrases that state no facts.
        means: What patients ask when they mean it.
    """

    source: Literal["article", "clinic", "care"] | None
    means: str

    class Config:
        frozen = True
        extra = "forbid"


def load_topics(path: Path) -> dict[str, Topic]:
    """Reads ``data/topics.yml``: ``group: {name: {source, means}}``.

    Returns:
        Topics by id, such as ``faq/does_it_hurt``, in the order of the file.

    Raises:
        ContentError: the file cannot be read or an entry is wrong.
    """
    topics = {}
    for group, entries in read_mapping(path).items():
        if not isinstance(entries, dict):
            raise ContentError(f"{path}: {group} holds no topics.", remedy="Add one or remove it.")
        for name, entry in entries.items():
            topics[f"{group}/{name}"] = _topic(path, f"{group}/{name}", entry)
    return topics


def _topic(path: Path, topic: str, entry: object) -> Topic:
    try:
        return Topic.parse_obj(entry)
    except ValidationError as error:
        raise ContentError(
            f"{path}: {topic}: {'; '.join(faults(error))}.",
            remedy='Write it as {source: clinic, means: "what patients ask"}.',
        ) from None
