from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.content.errors import ContentError
from bot.content.facts import PLACEHOLDERS, facts_of
from bot.content.profile import ClinicProfile

from .conftest import PROFILE, Content

EDMONTON = ZoneInfo("America/Edmonton")


def profile_with(**changes: Any) -> ClinicProfile:
    return ClinicProfile(**{**PROFILE, **changes})


def test_what_is_not_stated_is_none() -> None:
    facts = facts_of(ClinicProfile(name="X", phone="780-555-0100"))

    assert {name for name, text in facts.items() if text is not None} == {
        "name",
        "phone",
        "emergency",
        "nurse_line",
        "crisis",
    }
    assert set(facts) == PLACEHOLDERS


def test_stated_facts_read_as_text() -> None:
    facts = facts_of(
        profile_with(
            fees=[
                {"service": "first visit", "price": "$110"},
                {"service": "other", "price": "$85"},
            ],
            payment_methods=["debit", "cash"],
            practitioners=[{"name": "A. Example", "credentials": "R.Ac."}],
            direct_billing_insurers=["Example Insurer"],
            closed_on_statutory_holidays=False,
        )
    )

    assert facts["fees"] == "first visit $110, other $85"
    assert facts["payment_methods"] == "debit, cash"
    assert facts["practitioners"] == "A. Example (R.Ac.)"
    assert facts["insurers"] == "Example Insurer"
    assert facts["holiday_status"] == "open"


def test_alberta_is_the_default_for_emergency_numbers() -> None:
    numbers = ClinicProfile(name="X", phone="780-555-0100").emergency_numbers

    assert (numbers.emergency, numbers.nurse_line, numbers.crisis) == (
        "911",
        "Health Link 811",
        "988",
    )


def test_another_province_has_its_own_health_line() -> None:
    assert profile_with(province="BC").emergency_numbers.nurse_line == "HealthLink BC 811"


@pytest.mark.parametrize(
    "address",
    [
        "https://clinic.example",
        "https://clinic.example:8443/book?ref={reference}&on={day}#top",
    ],
)
def test_a_clinic_may_have_a_scheduler(address: str) -> None:
    assert profile_with(scheduler_url=address).scheduler_url == address


def test_a_province_whose_health_line_is_unknown_must_state_it() -> None:
    with pytest.raises(ValueError, match="set emergency_numbers"):
        profile_with(province="NU")

    numbers = {"emergency": "911", "nurse_line": "a local line", "crisis": "988"}
    assert (
        profile_with(province="NU", emergency_numbers=numbers).emergency_numbers.dict() == numbers
    )


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "8:30-17:00"), "Mon-Sun"),
        (
            {
                **dict.fromkeys(("mon", "wed", "fri"), "9:00-19:00"),
                **dict.fromkeys(("tue", "thu", "sat", "sun"), "closed"),
            },
            "Mon 9:00-19:00, Tue closed, Wed 9:00-19:00, Thu closed, Fri 9:00-19:00, "
            "Sat-Sun closed",
        ),
    ],
)
def test_hours_read_as_runs_of_days(hours: dict[str, str], text: str) -> None:
    assert str(profile_with(hours=hours).hours).startswith(text)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"hours": {"mon": "9:00-17:00"}}, "tue, wed, thu, fri, sat, sun not given"),
        ({"hours": {**PROFILE["hours"], "mon": "nine to five"}}, "must read like"),  # type: ignore[dict-item]
        ({"hours": {**PROFILE["hours"], "mon": "17:00-9:00"}}, "open before it closes"),  # type: ignore[dict-item]
        ({"timezone": "Mars/Base"}, "America/Edmonton"),
        ({"province": "ZZ"}, "must be one of AB"),
        ({"scheduler_url": "http://clinic.example/book"}, "https://clinic.example/book"),
        ({"scheduler_url": "https://clinic.example/{name}"}, "{reference} and {day}"),
        ({"scheduler_url": "https://clinic.example/a b"}, "{reference} and {day}"),
        ({"phone": ""}, "phone"),
        ({"fax": "none"}, "fax"),
    ],
)
def test_a_wrong_fact_is_named_with_the_file(
    content: Content, change: dict[str, Any], fault: str
) -> None:
    path = content.write("profile.yml", {**PROFILE, **change})

    with pytest.raises(ContentError) as caught:
        content.profile()

    assert str(path) in caught.value.message
    assert fault in caught.value.message
    assert caught.value.remedy


def test_a_missing_file_is_named(content: Content) -> None:
    with pytest.raises(ContentError, match=r"absent\.yml cannot be read"):
        ClinicProfile.load(content.folder / "absent.yml")


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (datetime(2026, 11, 24, 8, 59), False),
        (datetime(2026, 11, 24, 9, 0), True),
        (datetime(2026, 11, 24, 19, 0), False),
        (datetime(2026, 11, 29, 12, 0), False),  # a Sunday
        (datetime(2026, 12, 25, 12, 0), False),  # Christmas, a Friday
    ],
)
def test_is_open_by_the_clinics_clock(moment: datetime, is_open: bool) -> None:
    assert profile_with().is_open(moment.replace(tzinfo=EDMONTON)) is is_open


def test_is_open_converts_other_zones() -> None:
    assert profile_with().is_open(datetime(2026, 11, 24, 16, 30, tzinfo=ZoneInfo("UTC")))


def test_statutory_holidays_are_those_of_the_province() -> None:
    family_day = date(2027, 2, 15)

    assert profile_with().opening_on(family_day) is None
    assert profile_with(province="QC").opening_on(family_day) is not None
    assert profile_with(closed_on_statutory_holidays=None).opening_on(family_day) is not None


def test_next_opening_skips_closed_days_and_holidays() -> None:
    christmas_eve = datetime(2026, 12, 24, 20, 0, tzinfo=EDMONTON)
    profile = profile_with(closures=[date(2026, 12, 26)])

    assert profile.next_opening(christmas_eve) == datetime(2026, 12, 28, 9, 0, tzinfo=EDMONTON)


def test_next_opening_can_be_later_today() -> None:
    early = datetime(2026, 11, 24, 7, 0, tzinfo=EDMONTON)

    assert profile_with().next_opening(early) == early.replace(hour=9)


def test_unset_hours_leave_openness_unknown() -> None:
    profile = profile_with(hours=None)
    noon = datetime(2026, 11, 24, 12, 0, tzinfo=EDMONTON)

    assert profile.is_open(noon) is None
    assert profile.next_opening(noon) is None


def test_a_clinic_shut_for_good_has_no_next_opening() -> None:
    shut = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "closed")

    assert profile_with(hours=shut).next_opening(datetime(2026, 11, 24, tzinfo=EDMONTON)) is None


@pytest.mark.parametrize("minutes", [0, -5, 481])
def test_minutes_until_a_person_answers_are_less_than_a_working_day(minutes: int) -> None:
    with pytest.raises(ValueError, match="1 to 480 minutes"):
        profile_with(person_minutes=minutes)
