"""The answers that staff choose from, by their titles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from bot.content import CardLibrary
from bot.content.topics import load_topics
from bot.review.sameness import folded
from bot.settings import ROOT

TOPICS = ROOT / "data" / "topics.yml"
OUT_OF_SCOPE = "other/out_of_scope"
NOT_OURS = "Nothing of ours: decline it"
GROUPS = {
    "faq": "Acupuncture",
    "clinic": "The clinic",
    "booking": "Visits",
    "handoff": "A person",
    "safety": "Red flags",
    "smalltalk": "Small talk",
    "other": "Anything else",
}


@dataclass(frozen=True)
class Choice:
    """One answer to choose.

    Attributes:
        topic: Its id; never shown.
        title: As patients see it.
        means: What patients ask when they mean it.
        group: The heading it stands under.
    """

    topic: str
    title: str
    means: str
    group: str

    @property
    def words(self) -> str:
        """What a search looks through."""
        return folded(f"{self.title} {self.means} {self.group}")


def choices_of(library: CardLibrary, find: str = "") -> list[Choice]:
    """Every topic that patients may ask about, in the order of the list of topics.

    Args:
        library: Tells the titles.
        find: Only those in which all of these words or beginnings stand.
    """
    wanted = folded(find).split() if find.strip() else []
    found = [
        Choice(topic, _title(library, topic), means, GROUPS.get(topic.partition("/")[0], ""))
        for topic, means in _topics()
        if library.has(topic)
    ]
    return [choice for choice in found if all(word in choice.words for word in wanted)]


def titles_of(library: CardLibrary) -> dict[str, str]:
    """The title of each topic that may be answered."""
    return {topic: library.title(topic) for topic in library.topics}


def _title(library: CardLibrary, topic: str) -> str:
    return NOT_OURS if topic == OUT_OF_SCOPE else library.title(topic)


@lru_cache(maxsize=1)
def _topics() -> tuple[tuple[str, str], ...]:
    return tuple((topic, entry.means) for topic, entry in load_topics(TOPICS).items())
