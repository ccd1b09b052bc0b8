"""What phrases about days and times mean, said on one Tuesday morning in Edmonton."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading import KINDS, Entity, read
from bot.reading.days import bounds
from bot.reading.hours import is_time, limits

# A Tuesday, 10 in the morning in Edmonton.
NOW = datetime(2026, 11, 24, 17, 0, tzinfo=timezone.utc)
ZONE = "America/Edmonton"

DAYS = """
today                          | 2026-11-24
tomorrow                       | 2026-11-25
tmrw                           | 2026-11-25
tomorow                        | 2026-11-25
yesterday                      | 2026-11-23
last night                     | 2026-11-23
day after tomorrow             | 2026-11-26
the day before yesterday       | 2026-11-22
in 3 days                      | 2026-11-27
in two weeks                   | 2026-12-08
in a couple of weeks           | 2026-12-08
in a month                     | 2026-12-24
two weeks from today           | 2026-12-08
a week from friday             | 2026-12-04
3 weeks ago                    | 2026-11-03
friday                         | 2026-11-27
Fri.                           | 2026-11-27
wensday                        | 2026-11-25
saterday                       | 2026-11-28
this fri                       | 2026-11-27
next monday                    | 2026-11-30
last monday                    | 2026-11-23
friday next week               | 2026-12-04
Nov 30th                       | 2026-11-30
nov 20                         | 2026-11-20
5 december                     | 2026-12-05
the 5th of december            | 2026-12-05
dec. 5th, 2026                 | 2026-12-05
Tuesday December 1st           | 2026-12-01
friday the 4th                 | 2026-12-04
2026-12-05                     | 2026-12-05
15/12                          | 2026-12-15
the 3rd                        | 2026-12-03
feb 28 2028                    | 2028-02-28
christmas day                  | 2026-12-25
xmas                           | 2026-12-25
new year's eve                 | 2026-12-31
new year’s                     | 2027-01-01
boxing day                     | 2026-12-26
family day                     | 2027-02-15
good friday                    | 2027-03-26
easter monday                  | 2027-03-29
easter                         | 2027-03-28
victoria day                   | 2027-05-24
labour day                     | 2027-09-06
thanksgiving                   | 2027-10-11
truth and reconciliation day   | 2027-09-30
next week                      | 2026-11-30/2026-12-06
this week                      | 2026-11-24/2026-11-29
early next week                | 2026-11-30/2026-12-02
late next week                 | 2026-12-03/2026-12-05
rest of the week               | 2026-11-24/2026-11-29
end of the month               | 2026-11-24/2026-11-30
next month                     | 2026-12-01/2026-12-31
beginning of next month        | 2026-12-01/2026-12-10
this weekend                   | 2026-11-28/2026-11-29
in january                     | 2027-01-01/2027-01-31
late january                   | 2027-01-21/2027-01-31
2nd week of december           | 2026-12-08/2026-12-14
last week of december          | 2026-12-25/2026-12-31
week of dec 7                  | 2026-12-07/2026-12-13
dec 5 to dec 9                 | 2026-12-05/2026-12-09
dec 5-9                        | 2026-12-05/2026-12-09
between the 3rd and the 5th    | 2026-12-03/2026-12-05
after the 5th                  | 2026-12-06/..
from the 7th                   | 2026-12-07/..
the 7th onwards                | 2026-12-07/..
before christmas               | ../2026-12-24
until friday                   | ../2026-11-27
"""
TIMES = """
2:30              | 14:30
at 5              | 17:00
5ish              | 17:00
at 9              | 09:00
9 a.m.            | 09:00
three pm          | 15:00
2:30pm            | 14:30
14h30             | 14:30
at 330            | 15:30
330pm             | 15:30
4 o'clock         | 16:00
half past 3       | 15:30
quarter to 4      | 15:45
three thirty      | 15:30
noon              | 12:00
12:30             | 12:30
after 3pm         | 15:00-
after 17:00       | 17:00-
before noon       | -12:00
by 4              | -16:00
i work til 4      | -16:00
not before 3      | 15:00-
no later than 4   | -16:00
no earlier than 3 | 15:00-
10-12             | 10:00-12:00
9-5               | 09:00-17:00
3-5pm             | 15:00-17:00
11-1pm            | 11:00-13:00
between 5 and 6   | 17:00-18:00
from 9 til 11     | 09:00-11:00
"""
PARTS = """
mornings          | -12:00
early morning     | -10:00
first thing       | -10:00
in the am         | -12:00
afternoon         | 12:00-17:00
late afternoon    | 15:00-17:00
evening           | 17:00-
after work        | 17:00-
before work       | -09:00
after lunch       | 13:00-
lunchtime         | 12:00-13:00
any weekday       | mon-fri
weekends          | sat-sun
mondays           | mon
every friday      | fri
mon-fri           | mon-fri
monday to thursday | mon-thu
"""


def _rows(table: str) -> list[tuple[str, str]]:
    rows = (line.split(" | ") for line in table.strip().splitlines())
    return [(text.strip(), value.strip()) for text, value in rows]


def _found(text: str, province: str = "AB") -> tuple[Entity, ...]:
    return read(text, NOW, ZONE, province).entities


def _said(text: str) -> list[tuple[str, str, str | None]]:
    return [(e.kind, e.text, e.value) for e in _found(text)]


@pytest.mark.parametrize(("text", "value"), _rows(DAYS))
def test_a_day_is_resolved(text: str, value: str) -> None:
    assert [(e.kind, e.value, e.role) for e in _found(text)] == [("date", value, None)]


@pytest.mark.parametrize(("text", "value"), _rows(TIMES))
def test_a_time_is_resolved(text: str, value: str) -> None:
    assert [(e.kind, e.value, e.role) for e in _found(text)] == [("time", value, None)]


@pytest.mark.parametrize(("text", "value"), _rows(PARTS))
def test_a_part_of_the_day_or_the_week_is_resolved(text: str, value: str) -> None:
    assert [(e.kind, e.value, e.role) for e in _found(text)] == [("day_part", value, None)]


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("tuesday", ["2026-11-24", "2026-12-01"]),
        ("next friday", ["2026-11-27", "2026-12-04"]),
        ("next weekend", ["2026-11-28", "2026-11-29", "2026-12-05", "2026-12-06"]),
        ("5/12", None),
        ("13/13", None),
        ("Monday Dec 1", None),
        ("feb 29", None),
        ("the 31st", None),
    ],
)
def test_a_day_that_could_be_another_has_no_value(text: str, candidates: list[str] | None) -> None:
    (entity,) = _found(text)
    assert (entity.kind, entity.value) == ("date", None)
    assert entity.info.get("candidates") == candidates


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("31 November", "31 November"),
        ("feb 30", "30 February"),
        ("2026-11-31", "31 November"),
        ("dec 32", "32 December"),
    ],
)
def test_a_day_that_never_comes_is_said_to_be_none(text: str, said: str) -> None:
    (entity,) = _found(text)
    assert entity.value is None
    assert entity.info == {"fault": "no_such_date", "said": said}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "any weekday after work",
            [("day_part", "any weekday", "mon-fri"), ("day_part", "after work", "17:00-")],
        ),
        (
            "tues or thurs morning",
            [
                ("date", "tues", None),
                ("date", "thurs", "2026-11-26"),
                ("day_part", "morning", "-12:00"),
            ],
        ),
        ("the 3rd at 2:30", [("date", "the 3rd", "2026-12-03"), ("time", "at 2:30", "14:30")]),
        ("sat or sun", [("date", "sat", "2026-11-28"), ("date", "sun", "2026-11-29")]),
        ("fri@3pm", [("date", "fri", "2026-11-27"), ("time", "@3pm", "15:00")]),
        (
            "next week, tuesday or friday",
            [("date", "tuesday", "2026-12-01"), ("date", "friday", "2026-12-04")],
        ),
        (
            "next week or friday",
            [("date", "next week", "2026-11-30/2026-12-06"), ("date", "friday", "2026-11-27")],
        ),
        ("tonight", [("date", "tonight", "2026-11-24"), ("day_part", "tonight", "17:00-")]),
        (
            "this evening",
            [("date", "this", "2026-11-24"), ("day_part", "evening", "17:00-")],
        ),
        (
            "dec 24th or 26th",
            [("date", "dec 24th", "2026-12-24"), ("date", "26th", "2026-12-26")],
        ),
        ("dec 3 or 4", [("date", "dec 3", "2026-12-03"), ("date", "4", "2026-12-04")]),
        (
            "dec 3, 4 or the 5th",
            [
                ("date", "dec 3", "2026-12-03"),
                ("date", "4", "2026-12-04"),
                ("date", "5th", "2026-12-05"),
            ],
        ),
        ("dec 3 or 4 pm", [("date", "dec 3", "2026-12-03"), ("time", "4 pm", "16:00")]),
        ("nov 31 or 30", [("date", "nov 31", None), ("date", "30", "2026-11-30")]),
        ("in two weeks on tues", [("date", "in two weeks on tues", "2026-12-08")]),
        ("tuesday in 2 weeks", [("date", "tuesday in 2 weeks", "2026-12-08")]),
        (
            "in 2 weeks, friday at 3",
            [("date", "in 2 weeks, friday", "2026-12-11"), ("time", "at 3", "15:00")],
        ),
    ],
)
def test_several_are_found_in_their_order(
    text: str, said: list[tuple[str, str, str | None]]
) -> None:
    assert _said(text) == said


@pytest.mark.parametrize(
    ("text", "excluded"),
    [
        ("not monday", ["2026-11-30"]),
        ("any day but friday", ["2026-11-27"]),
        ("sorry but friday", []),
        ("next week but not friday", ["2026-12-04"]),
        ("i cant do mondays, wednesday is ok", ["mon"]),
        ("not monday or friday", ["2026-11-30", "2026-11-27"]),
        ("not monday and friday is fine", ["2026-11-30"]),
        ("friday doesn't work", ["2026-11-27"]),
        ("thursday not friday", ["2026-11-27"]),
        ("i'm busy thursday but friday works", ["2026-11-26"]),
        ("friday but not before 3", []),
    ],
)
def test_what_does_not_suit_is_marked(text: str, excluded: list[str]) -> None:
    assert [e.value for e in _found(text) if e.is_excluded] == excluded


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "does it hurt",
        "5",
        "25:99",
        "the 1st available opening",
        "in 2019 it cost $3-5",
        "at 3 clinics",
        "i may march on",
        "i sat down in the sun",
        "i am sore",
        "more than one",
        "good morning",
        "on 23rd ave",
        "疼吗",
        "٪٪٪",
    ],
)
def test_what_is_no_day_and_no_time_is_left_alone(text: str) -> None:
    assert _found(text) == ()


def test_a_number_of_a_phone_is_no_time() -> None:
    assert [e.kind for e in _found("call me at 780-555-0199")] == ["phone"]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("780.555.0199 please", "phone", "+17805550199"),
        ("write to Sam@Example.COM.", "email", "Sam@example.com"),
        ("my name is Sam Lee", "person", "Sam Lee"),
        ("hi, it’s Sam. i want to book", "person", "Sam"),
        ("This is April.", "person", "April"),
    ],
)
def test_names_phones_and_emails_are_found(text: str, kind: str, value: str) -> None:
    assert [(e.kind, e.value) for e in _found(text)] == [(kind, value)]


@pytest.mark.parametrize(
    ("text", "province", "value"),
    [
        ("family day", "BC", "2027-02-15"),
        ("family day", "QC", None),
        ("saint jean baptiste day", "QC", "2027-06-24"),
        ("civic holiday", "ON", "2027-08-02"),
        ("louis riel day", "MB", "2027-02-15"),
        ("nunavut day", "NU", "2027-07-09"),
    ],
)
def test_a_holiday_is_that_of_the_province(text: str, province: str, value: str | None) -> None:
    assert [e.value for e in _found(text, province)] == [value]


def test_days_are_counted_where_the_clinic_is() -> None:
    late_evening = datetime(2026, 11, 25, 4, 0, tzinfo=timezone.utc)
    days = [read("tomorrow", late_evening, zone, "AB").value("date") for zone in (ZONE, "UTC")]
    assert days == ["2026-11-25", "2026-11-26"]


def _loads(code: str, *modules: str) -> list[bool]:
    """Which modules are loaded when code has run by itself."""
    told = f"import sys; {code}; print([m in sys.modules for m in {modules!r}])"
    done = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)
    return [answer == "True" for answer in done.stdout.strip("[]\n").split(", ")]


def test_a_message_without_days_does_not_load_what_resolves_them() -> None:
    code = (
        "from datetime import datetime, timezone; from bot.reading import read;"
        f"read('does it hurt on the first visit', datetime.now(timezone.utc), {ZONE!r}, 'AB')"
    )
    assert _loads(code, "spacy", "dateparser", "holidays") == [True, False, False]


def test_an_action_server_that_is_given_entities_needs_no_spacy() -> None:
    assert _loads("import actions.booking_desk", "bot.reading", "spacy") == [True, False]


_WORDS = """
mon tues friday mondays next this last every week weekend month year in a 3 31 30th 24 59 00 2027
nov feb may . , : / - h am pm noon half past quarter to until from between and or not but except
than earlier later end of the first thing night after work today tonight ago days christmas eve
easter new years 's o'clock ish @ at by name is it's Sam 780-555-0199 sam@example.com 12/25 2026
onwards $
""".split()  # noqa: SIM905


def _check(text: str) -> None:
    for entity in _found(text):
        assert entity.kind in KINDS
        assert text[entity.start : entity.end] == entity.text
        if entity.value is not None and entity.kind == "date":
            first, last = bounds(entity.value)
            assert first is None or last is None or first <= last
        if entity.value is not None and entity.kind == "time":
            assert is_time(entity.value)
            first_moment, last_moment = limits(entity.value)
            assert first_moment <= last_moment


# The first date and the first holiday load a library.
@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    _check(text)


# The first date and the first holiday load a library.
@settings(deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=12), st.sampled_from(["", " ", ", "]))
def test_any_words_of_days_and_times_can_be_read(words: list[str], between: str) -> None:
    _check(between.join(words))


@pytest.mark.parametrize("word", [*_WORDS, "x", "١", "\u202e", "\x00", "é", "👍🏽", "\ud800"])
def test_the_longest_message_can_be_read(word: str) -> None:
    _check((f"{word} " * 2_000)[:2_000])
