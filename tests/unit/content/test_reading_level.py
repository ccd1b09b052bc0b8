from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from bot.cli import main
from bot.content.card import AnswerCard
from bot.content.reading_level import grade, grade_faults, grade_table, grades

from .conftest import Content, make_card

HARD = "Individualized therapeutic considerations necessitate interdisciplinary communication."
EASY = "Most people feel little. You can rest, and we will help you."


def card(**changes: Any) -> AnswerCard:
    return AnswerCard(**make_card("clinic/hours", **changes))


def test_plain_words_pass_and_hard_ones_are_named_by_wording() -> None:
    assert list(grade_faults(card(web=EASY, sms=EASY))) == []
    ((fault, remedy),) = grade_faults(card(web=HARD, sms=EASY))
    assert fault.startswith("web text reads at grade ")
    assert "grade 8" in remedy


def test_more_and_longer_words_in_a_sentence_read_harder() -> None:
    run_on = EASY.replace(". ", " and ").replace(",", "")

    assert grade(card(web=EASY), "web") < grade(card(web=run_on), "web")


def test_what_a_clinic_fills_in_is_not_the_cards_doing() -> None:
    sentence = "Our hours are {hours}."

    filled = grade(card(web=sentence, unset={"hours": "Call us."}), "web")

    assert filled == grade(card(web="Our hours are it."), "web")


def test_the_wording_for_an_unset_fact_counts() -> None:
    found = card(web="Open {hours}.", sms=EASY, unset={"hours": HARD})

    assert next(fault for fault, _ in grade_faults(found)).startswith("web text reads at grade")


def test_grades_are_said_in_a_few_words() -> None:
    assert grades(card(web=EASY, sms=EASY)) == "web 0.9, sms 0.9"


def test_the_table_names_the_hardest_card_first(content: Content) -> None:
    content.spoil("faq/does_it_hurt", web=HARD)

    _, first, *others = grade_table(content.folder / "answers").splitlines()

    assert first.endswith("faq/does_it_hurt")
    assert len(others) >= 4


def test_the_content_check_reports_it(content: Content) -> None:
    content.spoil("faq/is_it_safe", web=HARD)

    (problem,) = content.problems()

    assert problem.card == "faq/is_it_safe"
    assert "reads at grade" in problem.fault


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["content", "check", "--grades"]) == 0
    assert "Flesch-Kincaid" in capsys.readouterr().out


def test_nothing_is_fetched() -> None:
    """With no way to open a connection, the grade comes out all the same."""
    code = (
        "import socket\n"
        "def refuse(*a, **k): raise OSError('no network')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from bot.content.reading_level import _grade\n"
        f"print(_grade({EASY!r}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(ran.stdout) < 8
