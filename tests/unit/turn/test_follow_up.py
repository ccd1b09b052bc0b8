from __future__ import annotations

from typing import Any

import pytest

from bot.content import CardLibrary
from bot.turn.before import NOTHING, Before
from bot.turn.understanding import Understanding

from .conftest import FakeRasa

UNSURE = [("clinic/fees", 0.3), ("booking/request", 0.25), ("clinic/hours", 0.2)]
OUTSIDE = [("other/out_of_scope", 0.9), ("clinic/hours", 0.1)]
HOURS = Before("answer", ("clinic/hours",))
MUSCLES = Before("answer", ("faq/muscle_tension",))
OFFER = ("clinic/fees", "clinic/hours", "clinic/insurance")


class Talk:
    """Asks in a conversation that stands somewhere."""

    def __init__(self, rasa: FakeRasa, library: CardLibrary) -> None:
        self.rasa = rasa
        self.library = library
        self.parsed: dict[str, Any] = {}
        self._understanding = Understanding(rasa, library)

    async def ask(
        self, text: str, before: Before = NOTHING, **rankings: list[tuple[str, float]]
    ) -> tuple[str, tuple[str, ...]]:
        own = rankings.pop("own", UNSURE)
        self.rasa.said = before
        self.rasa.rankings = {text: own, **{k.replace("_", " "): v for k, v in rankings.items()}}
        parsed = self.parsed = await self._understanding.read(text, recall=self._recall)
        return parsed["decision"]["outcome"], tuple(parsed["decision"]["topics"])

    async def _recall(self) -> Before:
        return await self.rasa.before("a")

    def offered(self) -> Before:
        titles = tuple(map(self.library.title, OFFER))
        return Before("clarify", OFFER, titles, asked=True)


@pytest.fixture
def talk(rasa: FakeRasa, library: CardLibrary) -> Talk:
    return Talk(rasa, library)


async def test_a_clear_message_keeps_its_meaning_and_asks_for_nothing(talk: Talk) -> None:
    own = [("clinic/fees", 0.95), ("clinic/hours", 0.05)]
    assert await talk.ask("and what is it", HOURS, own=own) == ("answer", ("clinic/fees",))
    assert talk.rasa.recalled == []


async def test_an_unclear_message_without_a_lean_stays_as_it_is(talk: Talk) -> None:
    text = "can pregnant women have acupuncture at your clinic"
    assert (await talk.ask(text, HOURS))[0] == "clarify"
    # It may have been said to a warning.
    assert len(talk.rasa.recalled) == 1


async def test_a_fragment_is_read_as_the_question_before(talk: Talk) -> None:
    whole: Any = {"are you open on good friday": [("clinic/hours", 0.99), ("clinic/fees", 0.01)]}
    answered = await talk.ask("what about good friday", HOURS, **whole)
    assert answered == ("answer", ("clinic/hours",))
    assert "are you open on good friday" in talk.rasa.parsed


async def test_a_first_message_is_as_it_was(talk: Talk) -> None:
    assert (await talk.ask("what about good friday"))[0] == "clarify"
    assert talk.rasa.parsed == ["what about good friday"]


async def test_another_matter_stays_declined(talk: Talk) -> None:
    asked = await talk.ask("what about the hockey game", HOURS, own=OUTSIDE)
    assert asked == ("decline", ())
    assert talk.rasa.parsed == ["what about the hockey game"]


async def test_another_matter_that_hides_behind_its_opening_stays_out(talk: Talk) -> None:
    asked = await talk.ask("and manicures", HOURS, manicures=OUTSIDE)
    assert asked[0] == "clarify"
    assert not any("open" in text for text in talk.rasa.parsed)


@pytest.mark.parametrize("text", ["what about my shoulder?", "does it help with that too?"])
async def test_after_what_it_helps_with_another_place_asks_who_it_is_for(
    talk: Talk, text: str
) -> None:
    assert await talk.ask(text, MUSCLES) == ("answer", ("faq/who_benefits",))


async def test_nothing_is_touched_while_a_request_is_filled_in(talk: Talk) -> None:
    booking = Before("clarify", OFFER, ("Fees and payment",), asked=True, is_booking=True)
    for text in ("why?", "yes", "1", "what about good friday"):
        own = [("clinic/fees", 0.95), ("clinic/hours", 0.05)]
        assert await talk.ask(text, booking, own=own) == ("answer", ("clinic/fees",)), text


async def test_a_flag_of_its_own_is_never_removed(talk: Talk) -> None:
    own = [("safety/emergency", 0.99), ("clinic/hours", 0.01)]
    for text in ("why", "and now", "yes", "2"):
        assert await talk.ask(text, talk.offered(), own=own) == (
            "emergency",
            ("safety/emergency",),
        ), text


async def test_a_completed_form_never_raises_a_flag(talk: Talk) -> None:
    whole: Any = {"are you open on good friday": [("safety/crisis", 0.99), ("clinic/hours", 0.01)]}
    assert await talk.ask("what about good friday", HOURS, **whole) == ("answer", ("clinic/hours",))


@pytest.mark.parametrize(
    ("text", "topic"),
    [("the second one", "clinic/hours"), ("1", "clinic/fees"), ("last", "clinic/insurance")],
)
async def test_an_offered_choice_is_taken_by_its_place(talk: Talk, text: str, topic: str) -> None:
    assert await talk.ask(text, talk.offered()) == ("answer", (topic,))


async def test_yes_to_the_only_choice_takes_it(talk: Talk) -> None:
    title = talk.library.title("faq/does_it_hurt")
    only = Before("clarify", ("faq/does_it_hurt",), (title,), asked=True)
    assert await talk.ask("yes", only) == ("answer", ("faq/does_it_hurt",))


async def test_yes_to_several_choices_offers_them_again_and_no_declines(talk: Talk) -> None:
    assert await talk.ask("yes", talk.offered()) == ("clarify", OFFER)
    assert await talk.ask("none of these", talk.offered()) == ("decline", ())


@pytest.mark.parametrize(
    ("text", "topic"), [("are you sure?", "faq/evidence"), ("why?", "faq/why_it_helps")]
)
async def test_a_doubt_about_what_it_helps_with_is_answered(
    talk: Talk, text: str, topic: str
) -> None:
    assert await talk.ask(text, MUSCLES) == ("answer", (topic,))


async def test_no_card_is_said_twice_in_answer_to_a_reaction(talk: Talk) -> None:
    reasons = Before("answer", ("faq/why_it_helps",))
    assert await talk.ask("why?", reasons) == ("answer", ("faq/about_acupuncture",))


@pytest.mark.parametrize("text", ["should i stop", "do i have to stop taking it?"])
async def test_whether_to_stop_is_never_a_word_to_the_dialogue(talk: Talk, text: str) -> None:
    thinner = Before("answer", ("faq/blood_thinners",))
    assert await talk.ask(text, thinner) == ("answer", ("faq/medication_changes",))


async def test_whether_what_was_felt_is_normal_is_told_with_the_side_effects(talk: Talk) -> None:
    felt = await talk.ask("is that normal?", Before("answer", ("faq/aftercare",)))
    assert felt == ("answer", ("faq/side_effects",))


@pytest.mark.parametrize("text", ["tell me more", "why?", "really?"])
async def test_any_other_answer_offers_what_its_card_goes_on_to(talk: Talk, text: str) -> None:
    choices = talk.library.render("clinic/hours", "web").choices
    assert await talk.ask(text, HOURS) == ("clarify", choices)


async def test_a_card_that_goes_on_to_nothing_leaves_the_message_as_it_is(talk: Talk) -> None:
    unsure = await talk.ask("tell me more", Before("handoff", ("handoff/human",)))
    assert unsure[0] == "clarify"
    assert set(unsure[1]) == {topic for topic, _ in UNSURE}


async def test_a_doubted_warning_is_said_again(talk: Talk) -> None:
    warned = Before("emergency", ("safety/emergency", "clinic/fees"))
    assert await talk.ask("are you sure?", warned) == ("emergency", ("safety/emergency",))


@pytest.mark.parametrize("level", ["emergency", "urgent", "crisis"])
async def test_after_a_warning_what_is_not_understood_hears_it_again(
    talk: Talk, level: str
) -> None:
    warned = Before(level, (f"safety/{level}", "clinic/fees"))
    for text in ("nothing matters anymore", "and on sundays"):
        assert await talk.ask(text, warned) == (level, (f"safety/{level}",))
    outside = [("other/out_of_scope", 0.99), ("clinic/fees", 0.01)]
    assert (await talk.ask("what is the capital of mongolia", warned, own=outside))[0] == "decline"
    # What is understood is answered.
    own = [("clinic/hours", 0.99), ("clinic/fees", 0.01)]
    assert await talk.ask("when do you open", warned, own=own) == ("answer", ("clinic/hours",))


@pytest.mark.parametrize(
    "text",
    [
        "should i wait till morning",
        "can i drive myself",
        "how long will it take",
        "i dont want to call anyone",
        "what if i just wait",
    ],
)
async def test_who_hesitates_after_a_warning_hears_it_again(talk: Talk, text: str) -> None:
    own = [("faq/prepare", 0.99), ("clinic/fees", 0.01)]
    warned = Before("emergency", ("safety/emergency",))
    assert await talk.ask(text, warned, own=own) == ("emergency", ("safety/emergency",))
    assert await talk.ask(text, HOURS, own=own) == ("answer", ("faq/prepare",))


@pytest.mark.parametrize(
    "text", ["is it really that serious?", "I'm fine now", "im ok", "its gone now", "false alarm"]
)
@pytest.mark.parametrize("level", ["emergency", "urgent", "crisis"])
async def test_a_warning_that_is_played_down_stands(talk: Talk, text: str, level: str) -> None:
    topic = f"safety/{level}"
    assert await talk.ask(text, Before(level, (topic,))) == (level, (topic,))
    paused = Before(level, (topic, "booking/request"), is_booking=True)
    assert await talk.ask(text, paused) == (level, (topic,))


@pytest.mark.parametrize(
    "text", ["it was a joke", "lol just kidding", "haha jk", "sorry, only joking"]
)
async def test_a_warning_for_a_joke_is_followed_by_a_calm_word(talk: Talk, text: str) -> None:
    calm = ("smalltalk", ("smalltalk/after_a_joke",))
    assert await talk.ask(text, Before("crisis", ("safety/crisis",))) == calm
    assert await talk.ask(text, Before("emergency", ("safety/emergency",))) == calm
    assert (await talk.ask(text, HOURS))[1] != calm[1], "nothing was warned of"


@pytest.mark.parametrize(
    ("text", "topic"),
    [("c'était une blague", "smalltalk/after_a_joke"), ("ça va mieux", "safety/crisis")],
)
async def test_a_word_to_a_warning_in_french_is_answered_in_french(
    talk: Talk, text: str, topic: str
) -> None:
    warned = Before("crisis", ("safety/crisis",))
    assert (await talk.ask(text, warned))[1] == (topic,)
    assert talk.parsed["language"] == "fr"
    assert (await talk.ask(text, HOURS))[1] not in {("smalltalk/after_a_joke",), ("safety/crisis",)}


@pytest.mark.parametrize("channel", ["web", "sms", "messenger"])
def test_the_calm_word_keeps_the_numbers(library: CardLibrary, channel: str) -> None:
    text = library.render("smalltalk/after_a_joke", channel).text
    assert all(number in text for number in ("911", "811", "988"))


async def test_small_talk_that_goes_on_with_a_question_is_doubted(talk: Talk) -> None:
    own = [("smalltalk/goodbye", 0.7), ("clinic/hours", 0.2), ("clinic/fees", 0.1)]
    whole: Any = {"are you open till when": [("clinic/hours", 0.99), ("clinic/fees", 0.01)]}
    assert await talk.ask("and till when", HOURS, own=own, **whole) == ("answer", HOURS.topics)
    assert (await talk.ask("till when", HOURS, own=own))[1] == ("smalltalk/goodbye",)
    plain = [("smalltalk/goodbye", 0.99), ("clinic/hours", 0.01)]
    assert (await talk.ask("and till then bye", HOURS, own=plain))[1] == ("smalltalk/goodbye",)
