from __future__ import annotations

import pytest

from bot.cli import main
from bot.content.errors import ContentError
from bot.content.trace import trace

from .conftest import Content


def traced(content: Content, *ids: str) -> str:
    return trace(content.folder / "answers", content.folder / "topics.yml", ids)


def test_shows_each_sentence_with_its_wordings_and_source(content: Content) -> None:
    content.spoil("faq/does_it_hurt", web="A short answer. Call us.")

    assert traced(content, "faq/does_it_hurt").splitlines() == [
        "faq/does_it_hurt (grade: web 0.5, sms 0.9)",
        "  [web, sms] A short answer.",
        "      -> the clinic's article on back pain, section “A heading”",
        "  [web] Call us.",
        "      -- not clinical: about the clinic or the assistant, or mere talk",
    ]


def test_shows_what_stands_on_nothing(content: Content) -> None:
    content.spoil("faq/does_it_hurt", web="It tingles.", not_clinical=[])

    assert "!! NO SOURCE" in traced(content, "faq/does_it_hurt")


def test_shows_every_card_when_none_is_named(content: Content) -> None:
    shown = {line.split()[0] for line in traced(content).splitlines() if "(grade" in line}
    assert {"faq/does_it_hurt", "clinic/hours", "safety/emergency"} <= shown


def test_an_unknown_card_is_named(content: Content) -> None:
    with pytest.raises(ContentError, match="no card faq/horoscope"):
        traced(content, "faq/horoscope")


def test_a_faulty_card_is_named(content: Content) -> None:
    content.spoil("faq/does_it_hurt", title="x" * 21)

    with pytest.raises(ContentError, match="faq/does_it_hurt: title"):
        traced(content)


def test_the_command_traces_the_shipped_cards(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["content", "trace", "faq/session_length"]) == 0
    shown = capsys.readouterr().out
    assert "section “What to Expect During an Acupuncture Session?”" in shown
    assert "NO SOURCE" not in shown
