from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.booking.answers import FIELDS, WAY, Asked, Reading, read_answer
from bot.booking.fields import Fault
from bot.booking.opening import Doors
from bot.reading import Entity, Read

# A Tuesday, ten in the morning at the clinic.
NOW = datetime(2026, 11, 24, 17, 0, tzinfo=timezone.utc)
FRIDAY = "Friday 27 November 2026"
CONTACT = "+17805550199"


def _never(day: date) -> bool:
    return False


def _on_sundays(day: date) -> bool:
    return day.weekday() == 6


def _asked(
    requested: str | None,
    about_else: bool = False,
    is_closed: Callable[[date], bool] = _never,
) -> Asked:
    return Asked(requested, about_else, NOW, "America/Edmonton", Doors(is_closed))


def _knowing(requested: str, **kept: str) -> Asked:
    return replace(_asked(requested), kept=kept)


@pytest.mark.parametrize(
    ("requested", "text", "value"),
    [
        ("preferred", "friday morning", f"friday morning ({FRIDAY})"),
        ("preferred", "any time", "any time"),
        ("name", "Sam Lee", "Sam Lee"),
        ("name", "李小龙", "李小龙"),
        ("contact", "its 780 555 0199", CONTACT),
        ("contact", "sam@Example.COM", "sam@example.com"),
        ("reason", "my knee", "my knee"),
        ("visit", "It's my first visit", "first"),
        ("visit", "I have been before", "returning"),
        ("visit", "yes", "first"),
        ("visit", "no", "returning"),
        ("visit", "\U0001f44d", "first"),
        ("visit", "2", "returning"),
        ("visit", "oui", "first"),
    ],
)
def test_the_answer_to_a_question_fills_its_field(requested: str, text: str, value: str) -> None:
    assert read_answer(text, _asked(requested)) == Reading({requested: value})


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Yes, send it", {"consent": "yes", "contact_consent": "text"}),
        ("yep", {"consent": "yes", "contact_consent": "text"}),
        ("call", {"consent": "yes", "contact_consent": "call"}),
        ("text me tomorrow", {"consent": "yes", "contact_consent": "text"}),
        ("No, don't send it", {"consent": "no", "contact_consent": None}),
        ("yes, text 780 555 0199", {"consent": "yes", "contact_consent": "text"}),
    ],
)
def test_the_last_answer_says_how_the_clinic_may_answer(
    text: str, values: dict[str, str | None]
) -> None:
    assert read_answer(text, _knowing("consent", contact=CONTACT)) == Reading(values)


def test_another_way_needs_another_contact() -> None:
    asked = _knowing("consent", contact=CONTACT)
    assert read_answer("by email", asked).values == {"contact": None, "consent": None}
    asked = _knowing("consent", contact="sam@example.com")
    assert read_answer("yes", asked).values == {"consent": "yes", "contact_consent": "email"}


@pytest.mark.parametrize(
    ("requested", "text", "name"),
    [
        ("consent", "no it's Samantha", "Samantha"),
        ("contact", "sorry, it's samantha", "samantha"),
        ("visit", "no, Samantha", "Samantha"),
        ("reason", "oops it's Priya", "Priya"),
        ("consent", "call me Priya", "Priya"),
    ],
)
def test_a_name_is_corrected_by_saying_it(requested: str, text: str, name: str) -> None:
    reading = read_answer(text, _knowing(requested, name="Sam"))
    assert reading.values == {"name": name, "consent": None}


@pytest.mark.parametrize(
    ("requested", "text"),
    [
        ("reason", "it's Sciatica"),
        ("reason", "no it's my knee"),
        ("visit", "no, never"),
        ("consent", "no, Thanks"),
        ("contact", "no idea"),
        ("contact", "\x85"),
    ],
)
def test_what_is_no_other_name_leaves_the_name(requested: str, text: str) -> None:
    assert "name" not in read_answer(text, _knowing(requested, name="Sam")).values


def test_a_reason_cut_to_the_limit_says_so() -> None:
    reading = read_answer("my back hurts a lot, it is bad " * 80, _asked("reason", True))
    assert len(str(reading.values["reason"])) <= 500
    assert reading.told == {"kept": "500"}


@pytest.mark.parametrize(
    ("requested", "text", "fault"),
    [
        ("preferred", "banana", Fault.UNCLEAR),
        ("preferred", "yesterday", Fault.PAST),
        ("preferred", "november 20", Fault.PAST),
        ("name", "12345", Fault.INVALID),
        ("contact", "ask my wife", Fault.MISSING),
        ("contact", "555 0199", Fault.INCOMPLETE),
        ("contact", "sam@", Fault.INVALID),
        ("reason", "...", Fault.MISSING),
        ("visit", "banana", Fault.UNCLEAR),
        ("consent", "maybe", Fault.UNCLEAR),
        ("consent", "ok?", Fault.UNCLEAR),
    ],
)
def test_an_answer_that_cannot_be_read_empties_its_field_and_says_why(
    requested: str, text: str, fault: Fault
) -> None:
    assert read_answer(text, _asked(requested)) == Reading({requested: None}, fault, requested)


def test_a_day_the_clinic_is_shut_is_refused() -> None:
    reading = read_answer("sunday", _asked("preferred", is_closed=_on_sundays))
    told = {"days": "on Sunday 29 November"}
    assert reading == Reading({"preferred": None}, Fault.CLOSED, "preferred", told)


def test_one_open_day_among_closed_ones_is_enough() -> None:
    reading = read_answer("sunday or friday", _asked("preferred", is_closed=_on_sundays))
    assert str(reading.values["preferred"]).startswith("sunday or friday")
    assert reading.fault is None


def test_a_closed_day_in_the_first_message_is_told() -> None:
    text = "can I book sunday for my neck"
    reading = read_answer(text, _asked(None, is_closed=_on_sundays))
    told = {"days": "on Sunday 29 November"}
    values = {"reason": "neck", "preferred": None}
    assert reading == Reading(values, Fault.CLOSED, "preferred", told)


def test_the_opening_message_fills_all_it_says() -> None:
    text = (
        "My name is Sam Lee, 780 555 0199, new patient, can I book friday morning "
        "for my lower back?"
    )
    assert read_answer(text, _asked(None)) == Reading(
        {
            "name": "Sam Lee",
            "contact": CONTACT,
            "visit": "first",
            "reason": "lower back",
            "preferred": f"friday morning ({FRIDAY})",
        }
    )


def test_the_opening_message_need_not_say_anything() -> None:
    assert read_answer("id like to book", _asked(None)) == Reading()


def test_a_phone_number_comes_before_an_email() -> None:
    reading = read_answer("sam@example.com or 780 555 0199", _asked(None))
    assert reading == Reading({"contact": CONTACT})


def test_details_given_along_the_way_are_kept() -> None:
    reading = read_answer("Sam Lee, my number is 780 555 0199", _asked("name"))
    assert reading == Reading({"name": "Sam Lee", "contact": CONTACT})


def test_details_beside_no_answer_are_kept_without_a_fault() -> None:
    assert read_answer("780 555 0199", _asked("visit")) == Reading({"contact": CONTACT})


@pytest.mark.parametrize("requested", FIELDS)
def test_a_question_about_something_else_is_left_alone(requested: str) -> None:
    assert read_answer("does it hurt?", _asked(requested, about_else=True)) == Reading()


@pytest.mark.parametrize(
    ("requested", "text"),
    [
        ("preferred", "is it safe"),
        ("name", "needles scare me"),
        ("name", "sciatica"),
        ("contact", "how much is it"),
        ("visit", "do you take insurance?"),
        ("consent", "talk to a person"),
    ],
)
def test_a_message_surely_about_something_else_is_no_answer(requested: str, text: str) -> None:
    assert read_answer(text, _asked(requested, about_else=True)) == Reading()


@pytest.mark.parametrize("requested", ["preferred", "contact", "visit"])
def test_a_question_nobody_knows_is_no_wrong_answer(requested: str) -> None:
    assert read_answer("what do you mean?", _asked(requested)) == Reading()


def test_a_plain_answer_counts_though_it_sounds_like_a_topic() -> None:
    reading = read_answer("sciatica down my leg", _asked("reason", about_else=True))
    assert reading == Reading({"reason": "sciatica down my leg"})


@pytest.mark.parametrize("text", ["do you keep my number?", "why", "what is this for?"])
def test_a_question_is_never_consent(text: str) -> None:
    assert read_answer(text, _asked("consent")).values.get("consent") is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("wrong number", {"contact": None}),
        ("the name is wrong", {"name": None}),
        ("thats not my email", {"contact": None}),
        ("my phone isn't right", {"contact": None}),
        ("can we change the day", {"preferred": None}),
        ("fix the reason", {"reason": None}),
        ("change the day to friday", {"preferred": f"friday ({FRIDAY})"}),
        ("wrong number, it's 780 555 0199", {"contact": CONTACT}),
        ("wrong email, should be sam@example.com", {"contact": "sam@example.com"}),
        ("please correct my name to Sam Li", {"name": "Sam Li"}),
        ("change the day to banana", {"preferred": None}),
    ],
)
@pytest.mark.parametrize("requested", ["consent", "visit"])
def test_a_correction_changes_its_field_and_asks_for_consent_again(
    requested: str, text: str, values: dict[str, str | None]
) -> None:
    assert read_answer(text, _asked(requested)) == Reading({**values, "consent": None})


def test_a_new_detail_instead_of_consent_is_no_consent() -> None:
    reading = read_answer("yes but use sam@example.com", _asked("consent"))
    assert reading == Reading({"contact": "sam@example.com", "consent": None})


def test_consent_is_never_taken_from_an_answer_to_another_question() -> None:
    for requested in (None, "preferred", "name", "contact", "reason", "visit"):
        reading = read_answer("yes, yes, I agree, go ahead", _asked(requested))
        assert reading.values.get("consent") is None


# The first date and the first holiday load a library.
@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from([None, *FIELDS]), st.booleans())
def test_any_text_gives_a_reading_of_known_fields(
    text: str, requested: str | None, about_else: bool
) -> None:
    reading = read_answer(text, _asked(requested, about_else))
    assert reading.values.keys() <= {*FIELDS, WAY}
    assert (reading.fault is None) == (reading.at is None)
    assert all(value is None or value.strip() for value in reading.values.values())
    if requested != "consent":
        assert reading.values.get("consent") is None


def test_a_reason_that_sounds_like_a_correction_is_a_reason() -> None:
    words = "i slept wrong, every day its worse"
    assert read_answer(words, _asked("reason")) == Reading({"reason": words})


def test_a_correction_while_the_reason_is_asked_still_counts() -> None:
    expected = Reading({"contact": None, "consent": None})
    assert read_answer("sorry wrong number", _asked("reason")) == expected


def test_a_new_number_right_after_the_complaint_is_taken() -> None:
    expected = Reading({"contact": CONTACT, "consent": None})
    assert read_answer("wrong number 780 555 0199", _asked("consent")) == expected


@pytest.mark.parametrize(
    ("requested", "text"),
    [
        ("name", "friday would be better"),
        ("contact", "no wait, friday"),
        ("reason", "actually can we do friday"),
        ("consent", "no, friday"),
        ("consent", "yes, but make it friday"),
    ],
)
def test_a_new_day_instead_of_an_answer_moves_the_day(requested: str, text: str) -> None:
    reading = read_answer(text, _asked(requested))
    assert FRIDAY in str(reading.values["preferred"])
    assert reading.values["consent"] is None
    assert reading.fault is None


WEEKDAYS = (time(9), time(19))
DOORS = Doors(_on_sundays, lambda day: None if _on_sundays(day) else WEEKDAYS, "Mon-Sat 9:00-19:00")


def _at_the_doors(requested: str | None, about_else: bool = False) -> Asked:
    return Asked(requested, about_else, NOW, "America/Edmonton", DOORS)


@pytest.mark.parametrize(
    ("text", "fault", "told"),
    [
        ("friday at 8pm", Fault.OUTSIDE, {"hours": "Friday 27 November: 9:00-19:00"}),
        ("at 9pm", Fault.OUTSIDE, {"hours": "Mon-Sat 9:00-19:00"}),
        ("sunday", Fault.CLOSED, {"days": "on Sunday 29 November"}),
        ("31 november", Fault.NO_SUCH_DATE, {"day": "31 November"}),
        ("today at 9am", Fault.PAST, {}),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_what_to_tell(
    text: str, fault: Fault, told: dict[str, str]
) -> None:
    reading = read_answer(text, _at_the_doors("preferred"))
    assert reading == Reading({"preferred": None}, fault, "preferred", told)


@pytest.mark.parametrize("text", ["do you open on sunday?", "any chance on sunday"])
def test_a_closed_day_is_told_also_when_it_was_asked_for(text: str) -> None:
    assert read_answer(text, _at_the_doors("preferred")).fault is Fault.CLOSED
    assert read_answer(text, _at_the_doors("preferred", about_else=True)) == Reading()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("11pm", Fault.OUTSIDE),
        ("any weekday at 11pm", Fault.OUTSIDE),
        ("sunday?", Fault.CLOSED),
        ("can I come on sunday?", Fault.CLOSED),
        ("saturday?", None),
        ("how about friday?", None),
    ],
)
def test_a_bare_time_is_a_wish_whatever_topic_it_sounds_like(
    text: str, fault: Fault | None
) -> None:
    reading = read_answer(text, _at_the_doors("preferred", about_else=True))
    assert reading.fault is fault
    assert bool(reading.values["preferred"]) is (fault is None)


def test_a_closed_day_is_told_whatever_it_seems_to_be_about() -> None:
    reading = read_answer("sundays", _at_the_doors("preferred", about_else=True))
    assert (reading.fault, reading.told) == (Fault.CLOSED, {"days": "on Sundays"})


def test_the_closed_day_among_open_ones_is_told() -> None:
    reading = read_answer("sat or sun", _at_the_doors("preferred"))
    assert reading.values == {"preferred": "sat or sun (Saturday 28 November 2026)"}
    assert (reading.fault, reading.told) == (None, {"closed": "Sunday 29 November"})


@pytest.mark.parametrize("text", ["no, sunday", "change the day to sunday"])
def test_a_closed_day_instead_of_consent_is_neither_taken_nor_a_no(text: str) -> None:
    reading = read_answer(text, _at_the_doors("consent"))
    assert reading.values == {"preferred": None, "consent": None}
    assert (reading.fault, reading.at) == (Fault.CLOSED, "preferred")


def test_what_understanding_read_is_not_read_again() -> None:
    text = "friday, usual number"
    date_and_phone = (
        Entity("date", 0, 6, "friday", "2026-12-04"),
        Entity("phone", 8, 20, "usual number", CONTACT),
    )
    asked = replace(_asked("preferred"), found=Read(text, date_and_phone))
    assert read_answer(text, asked).values == {
        "preferred": "friday (Friday 4 December 2026)",
        "contact": CONTACT,
    }


def test_a_long_name_is_taken_whole() -> None:
    text = "hi this is Maria del Carmen Santos Ruiz, can I book friday"
    assert read_answer(text, _asked(None)).values["name"] == "Maria del Carmen Santos Ruiz"


def test_another_week_instead_of_an_answer_moves_the_day() -> None:
    reading = read_answer("actually next week", _asked("contact"))
    period = "Monday 30 November 2026 to Sunday 6 December 2026"
    assert reading == Reading({"preferred": f"next week ({period})", "consent": None})


@pytest.mark.parametrize("text", ["i have been in june", "i came this week", "came yesterday"])
def test_a_time_of_an_earlier_visit_moves_nothing(text: str) -> None:
    assert read_answer(text, _asked("visit")) == Reading({"visit": "returning"})


def test_a_name_that_is_also_a_day_stays_a_name() -> None:
    assert read_answer("Summer Friday", _asked("name")).values == {"name": "Summer Friday"}


NAMED = {"name": "Al", "contact": CONTACT, "reason": "sore neck", "visit": "first"}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("no, been before", {"visit": "returning"}),
        ("nope its neck and shoulder", {"reason": "neck and shoulder"}),
        ("no its my knee", {"reason": "knee"}),
        ("no, for my left knee", {"reason": "left knee"}),
        ("sorry, 780 555 0111", {"contact": "+17805550111"}),
        ("no, friday", {"preferred": f"friday ({FRIDAY})"}),
        ("no it's Alan", {"name": "Alan"}),
        ("its Alan not Al", {"name": "Alan"}),
        ("Alan, not Al", {"name": "Alan"}),
    ],
)
def test_a_no_that_goes_on_is_a_correction(text: str, values: dict[str, str]) -> None:
    assert read_answer(text, _knowing("consent", **NAMED)).values == {**values, "consent": None}


@pytest.mark.parametrize(
    "text", ["not yet", "no, that's wrong", "no wait", "hmm no maybe", "not really"]
)
def test_an_unclear_no_is_asked_about(text: str) -> None:
    reading = read_answer(text, _knowing("consent", **NAMED))
    assert (reading.values, reading.at) == ({"consent": None}, "consent")


@pytest.mark.parametrize(
    "text", ["no", "nope", "no thanks", "don't send it", "cancel it", "forget it", "i dont want to"]
)
def test_plain_words_give_a_request_up(text: str) -> None:
    assert read_answer(text, _knowing("consent", **NAMED)).values["consent"] == "no"


@pytest.mark.parametrize(
    "text",
    [
        "780 555 0199",
        "i don't know",
        "not sure",
        "yes",
        "call me",
        "n/a",
        "my number is 780 555 0199",
    ],
)
def test_what_is_no_reason_is_asked_again(text: str) -> None:
    reading = read_answer(text, _knowing("reason", contact=CONTACT))
    assert (reading.values, reading.fault) == ({"reason": None}, Fault.UNCLEAR)


def test_a_first_visit_is_no_reason_but_is_kept() -> None:
    for text in ("first visit", "its my first visit"):
        assert read_answer(text, _knowing("reason")).values == {"visit": "first"}
    values = read_answer("first visit for my back", _knowing("reason")).values
    assert values == {"reason": "back"}


@pytest.mark.parametrize("text", ["ok text me", "yes call me"])
def test_a_way_of_contact_says_nothing_of_the_visit(text: str) -> None:
    assert read_answer(text, _knowing("visit")).values == {"visit": None}


@pytest.mark.parametrize(
    "text", ["Thu", "Grace Kim", "Bye Lee", "Long", "Stop Jones", "Will Call", "Hi Nguyen"]
)
def test_at_the_name_question_a_name_is_a_name(text: str) -> None:
    asked = replace(_knowing("name", preferred="thursday after 5"), about_else=True)
    assert read_answer(text, asked) == Reading({"name": text})


def test_a_name_is_taken_and_the_question_beside_it_is_told() -> None:
    asked = _asked("name", about_else=True)
    for text in ("Kim Ray. will it hurt?", "will it hurt? Kim Ray", "Kim Ray, does it hurt?"):
        assert read_answer(text, asked) == Reading({"name": "Kim Ray"}, asks=True)
    contact = read_answer("780 555 0199. do you take insurance?", _asked("contact", True))
    assert contact == Reading({"contact": CONTACT}, asks=True)


@pytest.mark.parametrize("text", ["first", "First visit", "free parking", "insurance"])
def test_what_nobody_is_called_is_no_name(text: str) -> None:
    assert read_answer(text, _asked("name")).fault is Fault.UNCLEAR
    assert read_answer("my name is Price", _asked("name")).values == {"name": "Price"}


@pytest.mark.parametrize("text", ["no wait make it 3", "yes and my knee too", "no idea"])
def test_a_no_with_something_else_says_nothing_of_the_visit(text: str) -> None:
    assert read_answer(text, _asked("visit")).values == {"visit": None}


def test_a_name_with_a_short_day_in_it_is_no_day() -> None:
    said = read_answer("book an appointment for Thu Nguyen friday at 2", _asked(None)).values
    assert said == {"name": "Thu Nguyen", "preferred": f"friday at 2 ({FRIDAY})"}


def test_a_list_of_days_is_a_wish() -> None:
    said = read_answer("dec 3 or 4", _asked("preferred")).values["preferred"]
    assert said == "dec 3 or 4 (Thursday 3 December 2026, Friday 4 December 2026)"
    said = read_answer("in two weeks on tues", _asked("preferred")).values["preferred"]
    assert said == "in two weeks on tues (Tuesday 8 December 2026)"


@pytest.mark.parametrize(
    ("text", "preferred"),
    [
        ("book friday 10", f"friday 10 ({FRIDAY})"),
        ("can i come fri 10 or 2", f"fri 10 or 2 ({FRIDAY})"),
        ("friday 9ish", f"friday 9ish ({FRIDAY})"),
        ("friday at 2", f"friday at 2 ({FRIDAY})"),
    ],
)
def test_the_hour_beside_a_day_is_kept_from_the_opening_message(text: str, preferred: str) -> None:
    assert read_answer(text, _asked(None)).values == {"preferred": preferred}


def test_a_bare_hour_is_held_against_the_clinic_s_hours() -> None:
    reading = read_answer("friday 8", replace(_asked("preferred"), doors=DOORS))
    assert (reading.fault, reading.at) == (Fault.OUTSIDE, "preferred")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("friday, for Sam O'Neil", {"name": "Sam O'Neil", "preferred": f"friday ({FRIDAY})"}),
        ("its for my mom joan", {"name": "joan"}),
        ("friday for Lower Back", {"reason": "Lower Back", "preferred": f"friday ({FRIDAY})"}),
    ],
)
def test_whom_the_visit_is_for_is_kept_at_the_question_for_a_day(
    text: str, values: dict[str, str]
) -> None:
    assert read_answer(text, _asked("preferred")).values == values


@pytest.mark.parametrize(
    ("requested", "text", "values"),
    [
        ("contact", "its for my mom Joan", {"name": "Joan"}),
        ("contact", "780 555 0199 for Jo Lee", {"name": "Jo Lee", "contact": CONTACT}),
        ("reason", "it's for my mom Joan", {"name": "Joan"}),
        ("visit", "It's for Joan Lee", {"name": "Joan Lee"}),
        ("consent", "text me, it's for my mom Joan", {"name": "Joan", "consent": None}),
        ("name", "for Joan Lee", {"name": "Joan Lee"}),
    ],
)
def test_whom_the_visit_is_for_is_taken_at_any_question(
    requested: str, text: str, values: dict[str, str]
) -> None:
    assert read_answer(text, _knowing(requested, name="Sam")) == Reading(values)


@pytest.mark.parametrize(
    ("requested", "text"),
    [
        ("reason", "It's for Rotator Cuff"),
        ("reason", "my friend Lisa said you help with necks"),
        ("contact", "780 555 0199, ask for Joan"),
        ("contact", "780 555 0199 for Emergencies"),
    ],
)
def test_what_is_for_something_else_leaves_the_name(requested: str, text: str) -> None:
    assert "name" not in read_answer(text, _knowing(requested, name="Sam")).values


def test_what_a_visit_is_for_is_no_name() -> None:
    assert read_answer("for free parking", _asked("name")).fault is Fault.UNCLEAR
