"""Any talk with the booking form, without Rasa: what is read, and what becomes of the slots."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from actions.booking_desk import doors_of
from bot.booking.answers import FIELDS, WAY, Asked, Reading, read_answer
from bot.booking.choice import MAX_REASON

from .phrasings import NOW, ZONE, phrasings, profile

DOORS = doors_of(profile())
PLAIN = {
    "preferred": "friday morning",
    "name": "Robin Lee",
    "contact": "780 555 0134",
    "reason": "sore lower back",
    "visit": "first visit",
}
# One field each, in words that name it.
DETAILS = {
    "preferred": (
        "can I book next tuesday after 4",
        "change the day to thursday",
        "make it friday",
        "can we change the time to weekday mornings",
    ),
    "name": ("my name is Samantha", "please correct my name to Ana Li", "the name is wrong"),
    "contact": (
        "wrong number, it's 780 555 0177",
        "my email is sam@example.com",
        "+44 20 7946 0018",
    ),
    "reason": ("it's for my left knee", "change the reason to neck pain"),
    "visit": ("I am a new patient", "it's not my first visit"),
}
NONSENSE = (
    "banana",
    "...",
    "?!",
    "lol",
    "hmm",
    "xx",
    "\U0001f600",
    "\u202e",
    "\x00",
    "{name}",
    "%s",
    "null",
    "the moon is made of cheese",
    "<i></i>",
    "'; --",
    "\ud800",
    "idk",
    "blah blah",
    "je ne sais pas",
)
QUESTIONS = (
    "does it hurt?",
    "how much is it",
    "do you take insurance?",
    "where do I park?",
    "is it safe?",
    "what are your hours?",
    "can I eat before?",
)
GONE = (
    "yesterday",
    "nov 20",
    "any time yesterday",
    "last week",
    "today at 8am",
    "20 november 2025",
)
# At the question for a name, whatever they make one think of.
NAMES = ("Thu", "Grace Kim", "Bye Lee", "Long", "Stop Jones", "Will Call", "Hi Nguyen", "May")
# To the summary: each corrects one field, and gives nothing up.
NOT_SO = {
    "reason": ("no its neck and shoulder", "nope, my left knee"),
    "visit": ("no, been before", "no its my first time"),
    "name": ("no it's Samantha",),
    "contact": ("sorry, 780 555 0177",),
    "preferred": ("no, any friday",),
}
UNCLEAR_NO = ("not yet", "no wait", "not really", "no, that's wrong")
# The time of day is the complaint's.
COMPLAINTS = (
    "can i book, my back hurts at night",
    "i'd like a visit for pain every evening",
    "an appointment please, my neck is stiff in the morning",
)
_BRACKET_DAY = re.compile(r"(\d{1,2}) ([A-Z][a-z]+) (\d{4})")
Slots = dict[str, str]


def plain_answer(asked: Asked) -> str:
    """What answers a question in the words it offers."""
    return PLAIN.get(asked.requested or "preferred", asked.ways[0])


def days_in(preferred: str) -> list[date]:
    """The days that were added to the patient's words."""
    _, _, note = preferred.rpartition(" (")
    found = _BRACKET_DAY.findall(note)
    return [datetime.strptime(" ".join(day), "%d %B %Y").date() for day in found]


def asked_for(requested: str | None, slots: Slots, about_else: bool = False) -> Asked:
    """The state a message finds."""
    return Asked(requested, about_else, NOW, ZONE, DOORS, kept=dict(slots))


class Talk(RuleBasedStateMachine):
    """The form's loop: asks for the first empty field, reads the answer, fills the slots."""

    def __init__(self) -> None:
        super().__init__()
        self.slots: Slots = {}
        self.requested: str | None = None

    def say(self, text: str, about_else: bool = False) -> Reading:
        asked = asked_for(self.requested, self.slots, about_else)
        reading = read_answer(text, asked)
        self._fill(reading.values)
        self._ask()
        return reading

    def _fill(self, values: Mapping[str, str | None]) -> None:
        for field, value in values.items():
            if value is None:
                self.slots.pop(field, None)
            else:
                self.slots[field] = value

    def _ask(self) -> None:
        self.requested = next((field for field in FIELDS if field not in self.slots), None)
        if self.requested is None:
            # Sent; another request begins.
            self.slots = {}

    def _before(self) -> tuple[Slots, str | None]:
        return dict(self.slots), self.requested

    @rule()
    def answers(self) -> None:
        before, requested = self._before()
        if requested is None:
            return
        reading = self.say(plain_answer(asked_for(requested, self.slots)))
        assert reading.values.get(requested), (requested, reading)
        assert changed(before, reading.values) <= {requested, WAY}

    @rule(row=st.sampled_from(phrasings()))
    def says_what_patients_say(self, row: Any) -> None:
        _, requested = self._before()
        self._no_consent_but_asked(self.say(row.text), requested)

    @rule(said=st.sampled_from([(f, text) for f, texts in DETAILS.items() for text in texts]))
    def corrects(self, said: tuple[str, str]) -> None:
        field, text = said
        before, requested = self._before()
        reading = self.say(text)
        if requested == "reason":
            # Whatever is written there may be the reason too.
            assert changed(before, reading.values) <= {field, "reason", "consent"}
        else:
            assert changed(before, reading.values) <= {field, "consent"}, (requested, text)

    @rule(name=st.sampled_from(NAMES), about_else=st.booleans())
    def gives_a_name(self, name: str, about_else: bool) -> None:
        before, requested = self._before()
        if requested != "name":
            return
        reading = self.say(name, about_else)
        assert reading.values == {"name": name}
        assert self.slots == {**before, "name": name}

    @rule(said=st.sampled_from([(f, text) for f, texts in NOT_SO.items() for text in texts]))
    def says_that_the_summary_is_not_right(self, said: tuple[str, str]) -> None:
        field, text = said
        before, requested = self._before()
        if requested != "consent":
            return
        reading = self.say(text)
        assert changed(before, reading.values) <= {field}, (text, reading)
        assert self.requested == "consent"

    @rule(text=st.sampled_from(UNCLEAR_NO))
    def says_an_unclear_no(self, text: str) -> None:
        before, requested = self._before()
        if requested != "consent":
            return
        self.say(text)
        assert (self.slots, self.requested) == (before, "consent"), text

    @rule(text=st.sampled_from(COMPLAINTS))
    def tells_when_it_hurts(self, text: str) -> None:
        before, _ = self._before()
        reading = self.say(text)
        assert reading.values.get("preferred") in {None, before.get("preferred")}, reading

    @rule(time=st.sampled_from(["4pm", "10:30 am", "after 3"]))
    def moves_the_time(self, time: str) -> None:
        before, requested = self._before()
        days = days_in(before.get("preferred", ""))
        if requested in {None, "preferred"} or not days:
            return
        self.say(f"change the time to {time}")
        assert days_in(self.slots["preferred"]) == days
        assert time in self.slots["preferred"]

    @rule(text=st.sampled_from(NONSENSE), about_else=st.booleans())
    def says_nonsense(self, text: str, about_else: bool) -> None:
        self._leaves_the_rest(text, about_else)

    @rule(text=st.sampled_from(QUESTIONS))
    def asks(self, text: str) -> None:
        _, requested = self._before()
        reading = self._leaves_the_rest(text, about_else=True)
        assert requested is None or not reading.values

    @rule(text=st.sampled_from(GONE))
    def names_a_day_gone_by(self, text: str) -> None:
        _, requested = self._before()
        reading = self.say(text)
        if requested == "preferred":
            assert not reading.values.get("preferred"), (text, reading)

    @rule(text=st.text(max_size=60))
    def writes_anything(self, text: str) -> None:
        _, requested = self._before()
        self._no_consent_but_asked(self.say(text), requested)

    @rule(
        word=st.sampled_from(["pain", "\u0e01", "friday ", "<b>", "780", "a?"]),
        times=st.integers(300, 2_500),
    )
    def writes_far_too_much(self, word: str, times: int) -> None:
        _, requested = self._before()
        self._no_consent_but_asked(self.say(word * times), requested)

    def _leaves_the_rest(self, text: str, about_else: bool) -> Reading:
        before, requested = self._before()
        reading = self.say(text, about_else)
        free = {requested} if requested else set()
        assert changed(before, reading.values) <= free, (requested, text, reading)
        self._no_consent_but_asked(reading, requested)
        return reading

    def _no_consent_but_asked(self, reading: Reading, requested: str | None) -> None:
        if requested != "consent":
            assert not reading.values.get("consent")
            assert not reading.values.get(WAY)

    @invariant()
    def no_day_gone_by_is_kept(self) -> None:
        days = days_in(self.slots.get("preferred", ""))
        assert all(day >= NOW.date() for day in days)

    @invariant()
    def nothing_is_longer_than_its_limit(self) -> None:
        assert len(self.slots.get("reason", "")) <= MAX_REASON
        assert len(self.slots.get("name", "")) <= 80

    @invariant()
    def a_way_comes_only_with_consent(self) -> None:
        assert WAY not in self.slots or "consent" in self.slots

    @invariant()
    def it_can_be_finished_from_here(self) -> None:
        slots, requested = dict(self.slots), self.requested
        for _ in FIELDS:
            if requested is None and slots:
                break
            asked = asked_for(requested or "preferred", slots)
            values = read_answer(plain_answer(asked), asked).values
            slots |= {field: value for field, value in values.items() if value}
            requested = next((field for field in FIELDS if field not in slots), None)
        assert requested is None, (slots, requested)


def changed(before: Slots, values: Mapping[str, str | None]) -> set[str]:
    """Filled fields to which a message gives another value, or none."""
    return {field for field in before if field in values and values[field] != before[field]}


TestTalk = Talk.TestCase
TestTalk.settings = settings(
    max_examples=60,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
