"""Every topic, and every phrase the assistant needs, has an approved card that is in date."""

from __future__ import annotations

from datetime import date

import pytest

from bot.content.checks import check_content
from bot.content.facts import SAMPLES
from bot.content.library import CardLibrary
from bot.content.profile import ClinicProfile
from bot.content.topics import SPECIAL_CARDS, load_topics
from bot.settings import ROOT

ANSWERS = ROOT / "data" / "answers"
PROFILE = ROOT / "data" / "clinic" / "demo.yml"
TOPICS = ROOT / "data" / "topics.yml"


@pytest.fixture(scope="module")
def library() -> CardLibrary:
    return CardLibrary.load(ANSWERS, ClinicProfile.load(PROFILE))


@pytest.mark.parametrize("topic", [*load_topics(TOPICS), *sorted(SPECIAL_CARDS)])
def test_topic_is_answered_in_every_channel(library: CardLibrary, topic: str) -> None:
    assert library.has(topic), f"{topic}: write a card, or have the clinic renew its approval"
    for channel in ("web", "sms", "messenger"):
        assert library.render(topic, channel, given=SAMPLES).text


def test_shipped_content_has_no_problem() -> None:
    problems = check_content(ANSWERS, PROFILE, TOPICS, date.today())

    assert not problems, "\n".join(map(str, problems))
