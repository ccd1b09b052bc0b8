from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.plain_name import is_plain_name


@pytest.mark.parametrize(
    "text",
    [
        *("Thu", "Sun", "May", "April", "Grace Kim", "Bye Lee", "Long", "Stop Jones", "Will Call"),
        *(
            "Hi Nguyen",
            "Kim Ray",
            "Al",
            "Price Waters",
            "Hope Long",
            "Will",
            "An Do",
            "sam",
            "sam lee",
        ),
        *(
            "grace kim",
            "O'Brien",
            "Anne-Marie St. Clair",
            "\u674e\u5c0f\u9f99",
            "JO SMITH",
            "Bill Free",
        ),
        *("Thu Nguyen", "Summer Friday", "Robin!", "Dr. May"),
    ],
)
def test_a_name_is_a_name_whatever_it_makes_one_think_of(text: str) -> None:
    assert is_plain_name(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "stop",
            "Stop",
            "Cancel please",
            "Thank you",
            "Good Morning",
            "Direct billing",
            "free parking",
        ),
        *(
            "does it hurt",
            "Does It Hurt?",
            "how much",
            "Friday",
            "friday",
            "tomorrow",
            "thu",
            "december",
        ),
        *(
            "Parking",
            "Insurance",
            "Call me",
            "call",
            "Yes",
            "no",
            "idk",
            "lower back pain",
            "Sciatica",
        ),
        *("780 555 0134", "sam@example.com", "", "?", "a person please", "Human", "friday morning"),
        *("Thursday Afternoon", "Thu Morning", "first", "First visit", "Cash"),
        *("the moon is made of cheese", "I am Sam", "Sam, 780 555 0134"),
    ],
)
def test_a_command_a_question_or_a_day_is_none(text: str) -> None:
    assert not is_plain_name(text)


@given(st.text(max_size=120))
def test_nothing_breaks_it(text: str) -> None:
    assert isinstance(is_plain_name(text), bool)
