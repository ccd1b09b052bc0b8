from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.content import CardLibrary, ClinicProfile
from bot.content.card_file import read_cards
from bot.handoff import Handoff, HandoffWords, State
from bot.settings import Settings

SETTINGS = Settings.from_env({})
CARDS = read_cards(SETTINGS.answers_dir)
DEMO = ClinicProfile.load(SETTINGS.clinic_profile)
ZONE = ZoneInfo("America/Edmonton")


def _words(**facts: Any) -> HandoffWords:
    profile = DEMO.copy(update=facts)
    return HandoffWords(CardLibrary(CARDS, profile), profile)


def _asked(words: HandoffWords, at: str, channel: str = "web") -> str:
    topic, given = words.asked(datetime.fromisoformat(at).replace(tzinfo=ZONE))
    return words.library.render(topic, channel, given=given).text


@pytest.mark.parametrize("channel", ["web", "sms", "messenger"])
def test_who_asks_while_the_clinic_is_open_is_told_until_when(channel: str) -> None:
    told = _asked(_words(), "2026-11-05T10:00", channel)
    assert "open until 7:00 pm today" in told
    assert "as soon as they can" in told
    assert "within" not in told
    assert DEMO.phone in told


def test_minutes_are_named_only_where_the_clinic_states_them() -> None:
    told = _asked(_words(person_minutes=20), "2026-11-05T10:00")
    assert "usually answers within 20 minutes" in told


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-05T20:00", "Friday 6 November 2026 at 9:00 am"),
        ("2026-11-05T06:00", "Thursday 5 November 2026 at 9:00 am"),
        ("2026-11-07T16:00", "Monday 9 November 2026 at 9:00 am"),
        # Remembrance Day.
        ("2026-11-10T20:00", "Thursday 12 November 2026 at 9:00 am"),
        ("2026-11-11T12:00", "Thursday 12 November 2026 at 9:00 am"),
    ],
)
def test_who_asks_while_it_is_closed_is_told_when_it_opens(at: str, opens: str) -> None:
    told = _asked(_words(), at)
    assert f"closed now and opens on {opens}." in told
    assert "may not be read before then." in told


@pytest.mark.parametrize("facts", [{"hours": None}, {"closed_on_statutory_holidays": None}])
def test_no_time_is_named_that_nobody_stated(facts: dict[str, Any]) -> None:
    words = _words(**facts)
    if words.profile.hours is None:
        assert words.asked(datetime(2026, 11, 5, 10, tzinfo=ZONE)) == ("handoff/human", {})
    else:
        # Without a word on holidays the usual hours are all there is.
        assert "open until 7:00 pm" in _asked(words, "2026-11-11T12:00")


def test_a_person_is_named_only_where_the_clinic_says_so() -> None:
    assert _words().from_staff("Hello.", "sms", "Kim") == f"From {DEMO.name}: Hello."
    named = _words(shows_staff_names=True).from_staff("Hello.", "web", "Kim")
    assert named == f"From Kim at {DEMO.name}: Hello."


def test_letters_have_a_key_for_each_change() -> None:
    at = datetime(2026, 11, 5, 10, tzinfo=ZONE)
    handoff = Handoff(7, "web:a", "web", State.TAKEN, 2, at)
    words = _words()
    keys = {
        letter.idempotency_key
        for version in (2, 3)
        for tell in (words.here, words.left, words.missed)
        for letter in tell(Handoff(7, "web:a", "web", handoff.state, version, at))
    }
    assert len(keys) == 6
    assert DEMO.phone in words.missed(handoff)[0].body


def test_cards_past_their_review_keep_nobody_from_a_person(
    caplog: pytest.LogCaptureFixture,
) -> None:
    library = CardLibrary(CARDS, DEMO, today=date(2099, 1, 1))
    words = HandoffWords(library, DEMO)
    handoff = Handoff(7, "web:a", "web", State.TAKEN, 2, datetime(2099, 1, 1, tzinfo=ZONE))
    assert (words.here(handoff), words.left(handoff), words.missed(handoff)) == ((), (), ())
    assert words.from_staff("Hello.", "web", "Kim") == f"{DEMO.name}: Hello."
    assert "other/person_here" in caplog.text
