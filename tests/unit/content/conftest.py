"""A small, sound set of content files that each test may spoil in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.content.checks import check_content
from bot.content.library import CardLibrary
from bot.content.problem import Problem
from bot.content.profile import ClinicProfile
from bot.content.sentences import sentences
from bot.content.topics import IN_FRENCH, SPECIAL_CARDS

TODAY = date(2027, 1, 15)
FRENCH = {"web": "En anglais.", "sms": "En anglais.", "to_be_approved": True}
TOPICS = {
    "faq": {
        "does_it_hurt": {"source": "article", "means": "does it hurt"},
        "is_it_safe": {"source": "care", "means": "is it safe"},
    },
    "clinic": {"hours": {"source": "clinic", "means": "opening hours"}},
    "safety": {"emergency": {"means": "life in danger"}},
}
PROFILE = {
    "name": "Example Clinic",
    "phone": "780-555-0142",
    "hours": {
        **dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "9:00-19:00"),
        "sat": "10:00-15:00",
        "sun": "closed",
    },
    "closed_on_statutory_holidays": True,
}

MakeCard = Callable[..., dict[str, Any]]


def make_card(topic: str, **changes: Any) -> dict[str, Any]:
    """The fields of a sound card on a topic, as they stand in a file."""
    return {
        "id": topic,
        "title": topic.split("/")[1][:20],
        "web": "A short answer.",
        "sms": "A short answer.",
        "approved_by": "Example approval",
        "approved_on": date(2026, 11, 1),
        "review_by": date(2027, 11, 1),
        **changes,
    }


def with_talk(card: dict[str, Any]) -> dict[str, Any]:
    """The card with what stands on no source named as not clinical, unless it names that itself."""
    wordings = [card["web"], card["sms"], *card.get("unset", {}).values()]
    grounded = {said for source in card.get("sources", ()) for said in source.get("says", ())}
    said = dict.fromkeys(sentence for text in wordings for sentence in sentences(text))
    return {"not_clinical": [sentence for sentence in said if sentence not in grounded], **card}


def sound_cards() -> dict[str, dict[str, Any]]:
    """A sound card for each of the topics above and for each special phrase, by id."""
    cards = [
        make_card(
            "faq/does_it_hurt",
            sources=[{"kind": "article", "section": "A heading", "says": ["A short answer."]}],
        ),
        make_card(
            "faq/is_it_safe",
            web="Please ask first.",
            sms="Please ask first.",
            sources=[{"kind": "care_principle", "says": ["Please ask first."]}],
        ),
        make_card(
            "clinic/hours",
            web="Our hours are {hours}.\nOn holidays we are {holiday_status}.",
            sms="Hours: {hours}.",
            unset={
                "hours": "The clinic will tell you its hours: {phone}.",
                "holiday_status": "Ask about holidays: {phone}.",
            },
            sources=[{"kind": "clinic"}],
        ),
        make_card(
            "safety/emergency",
            web="Call {emergency} now. Wait.",
            sms="Call {emergency}.",
            fr={
                "web": "Appelez le {emergency}.",
                "sms": "Appelez le {emergency}.",
                "to_be_approved": True,
            },
        ),
        *(
            make_card(special, fr=FRENCH if special in IN_FRENCH else None)
            for special in SPECIAL_CARDS
        ),
    ]
    return {card["id"]: card for card in cards}


@dataclass(frozen=True)
class Content:
    """Content files in a temporary folder."""

    folder: Path

    def __post_init__(self) -> None:
        (self.folder / "answers").mkdir()
        self.write("topics.yml", TOPICS)
        self.write("profile.yml", PROFILE)
        self.write_cards(map(with_talk, sound_cards().values()))

    def write(self, name: str, content: Any) -> Path:
        path = self.folder / name
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return path

    def write_cards(self, cards: Any, name: str = "cards.yml") -> Path:
        return self.write(f"answers/{name}", {"cards": list(cards)})

    def spoil(self, topic: str, **changes: Any) -> None:
        """Changes fields of one card; a field set to ``...`` is left out."""
        cards = sound_cards()
        changed = {**cards[topic], **changes}
        cards[topic] = {name: value for name, value in changed.items() if value is not ...}
        self.write_cards(map(with_talk, cards.values()))

    def profile(self) -> ClinicProfile:
        return ClinicProfile.load(self.folder / "profile.yml")

    def library(self, today: date = TODAY) -> CardLibrary:
        return CardLibrary.load(self.folder / "answers", self.profile(), today)

    def problems(self, today: date = TODAY) -> list[Problem]:
        return check_content(
            self.folder / "answers",
            self.folder / "profile.yml",
            self.folder / "topics.yml",
            today,
        )


@pytest.fixture
def content(tmp_path: Path) -> Content:
    return Content(tmp_path)
