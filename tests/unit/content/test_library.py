from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.content.errors import CardUnavailable, ContentError
from bot.content.library import CardLibrary
from bot.content.profile import ClinicProfile

from .conftest import TODAY, Content, make_card, sound_cards


def test_fills_the_words_of_each_channel(content: Content) -> None:
    library = content.library()

    assert library.render("clinic/hours", "sms").text == (
        "Hours: Mon-Fri 9:00-19:00, Sat 10:00-15:00, Sun closed."
    )
    assert library.render("clinic/hours", "web").text == (
        "Our hours are Mon-Fri 9:00-19:00, Sat 10:00-15:00, Sun closed. On holidays we are closed."
    )
    assert library.render("clinic/hours", "messenger").text == (
        library.render("clinic/hours", "web").text
    )


def test_only_the_line_of_an_unset_fact_gives_way(content: Content) -> None:
    content.write("profile.yml", {"name": "X", "phone": "780-555-0100", "hours": None})

    assert content.library().render("clinic/hours", "web").text == (
        "The clinic will tell you its hours: 780-555-0100. Ask about holidays: 780-555-0100."
    )


def test_the_same_unset_wording_is_said_once(content: Content) -> None:
    content.write("profile.yml", {"name": "X", "phone": "780-555-0100"})
    content.spoil(
        "clinic/hours",
        unset=dict.fromkeys(("hours", "holiday_status"), "Call {phone}."),
    )

    assert content.library().render("clinic/hours", "web").text == "Call 780-555-0100."


def test_names_its_sources_in_one_line(content: Content) -> None:
    content.spoil(
        "faq/does_it_hurt",
        sources=[
            {"kind": "article", "section": "A heading"},
            {"kind": "external", "title": "A study", "year": 2021, "reference": "BMJ Open 11"},
        ],
    )

    assert content.library().render("faq/does_it_hurt", "web").source == (
        "the clinic's article on back pain, section “A heading”; A study (2021), BMJ Open 11"
    )
    assert content.library().render("other/clarify", "web").source == ""


@pytest.mark.parametrize(
    "change",
    [
        {"approved_by": ...},
        {"approved_on": ...},
        {"review_by": ...},
        {"review_by": TODAY.replace(day=14)},
    ],
)
def test_serves_no_card_that_is_unapproved_or_past_review(
    content: Content, change: dict[str, object]
) -> None:
    content.spoil("faq/is_it_safe", **change)
    library = content.library()

    assert not library.has("faq/is_it_safe")
    assert "faq/is_it_safe" not in library.topics
    with pytest.raises(CardUnavailable, match="faq/is_it_safe may not be served"):
        library.render("faq/is_it_safe", "web")


def test_a_card_is_still_served_on_its_review_day(content: Content) -> None:
    assert content.library(date(2027, 11, 1)).has("faq/is_it_safe")
    assert not content.library(date(2027, 11, 2)).has("faq/is_it_safe")


def test_without_a_fixed_date_the_clinics_own_date_counts(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = CardLibrary.load(content.folder / "answers", content.profile())
    moment = content.profile().now()
    monkeypatch.setattr(ClinicProfile, "now", lambda _: moment.replace(year=2027, month=10))
    assert library.has("faq/is_it_safe")

    monkeypatch.setattr(ClinicProfile, "now", lambda _: moment.replace(year=2028))
    assert not library.has("faq/is_it_safe")


def test_offers_only_choices_that_can_be_answered(content: Content) -> None:
    cards = sound_cards()
    cards["faq/does_it_hurt"]["choices"] = ["clinic/hours", "faq/is_it_safe"]
    del cards["faq/is_it_safe"]["approved_by"]
    content.write_cards(cards.values())

    assert content.library().render("faq/does_it_hurt", "web").choices == ("clinic/hours",)


def test_title_is_the_label_of_the_card(content: Content) -> None:
    content.spoil("faq/does_it_hurt", title="Does it hurt?")

    assert content.library().title("faq/does_it_hurt") == "Does it hurt?"


def test_a_topic_without_a_card_is_unavailable(content: Content) -> None:
    library = content.library()

    assert not library.has("faq/nothing")
    for ask in (library.title, lambda topic: library.render(topic, "web")):
        with pytest.raises(CardUnavailable, match="no card for faq/nothing"):
            ask("faq/nothing")


def test_refuses_an_unknown_channel(content: Content) -> None:
    with pytest.raises(ValueError, match="fax"):
        content.library().render("faq/is_it_safe", "fax")


def test_two_cards_on_one_topic_are_refused(content: Content) -> None:
    path = content.write_cards([make_card("faq/is_it_safe")], "second.yml")

    with pytest.raises(ContentError, match=rf"{path.name}: a second card faq/is_it_safe"):
        content.library()


def test_a_faulty_card_is_named_with_its_file(content: Content) -> None:
    content.spoil("faq/is_it_safe", title="A label that is far too long")

    with pytest.raises(ContentError, match=r"cards\.yml: faq/is_it_safe: title: .* 20 characters"):
        content.library()


def test_broken_yaml_is_named_with_file_and_line(content: Content) -> None:
    (content.folder / "answers" / "cards.yml").write_text("cards:\n  - id: [\n", encoding="utf-8")

    with pytest.raises(ContentError, match=r"cards\.yml is not valid YAML at line \d"):
        content.library()


@pytest.mark.parametrize("text", ["just words", "answers: []", "cards: none"])
def test_a_file_without_cards_is_refused(content: Content, text: str) -> None:
    (content.folder / "answers" / "cards.yml").write_text(text, encoding="utf-8")

    with pytest.raises(ContentError, match=r"cards\.yml .*`"):
        content.library()


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    profile = ClinicProfile(name="X", phone="780-555-0100")

    with pytest.raises(ContentError, match="no answer cards"):
        CardLibrary.load(tmp_path, profile)


def test_what_is_known_only_now_is_given(content: Content) -> None:
    content.spoil("other/person_closed", web="We open on {next_opening}.")
    library = content.library()

    given = {"next_opening": "Friday"}
    assert library.render("other/person_closed", "web", given=given).text == "We open on Friday."
    with pytest.raises(CardUnavailable, match="next_opening is not known"):
        library.render("other/person_closed", "web")
