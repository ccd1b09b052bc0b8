from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from bot.learning.confusion_page import confusion_page
from bot.learning.evaluation import Case, Report


def _answer(outcome: str, *ids: str) -> dict[str, Any]:
    return {"answer_ids": list(ids), "outcome": outcome, "ms": 1.0}


class Cells(HTMLParser):
    """Collects the text of the table cells and checks that what opens is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
        if tag not in {"meta", "html"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "html":
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"td", "th"}:
            self.rows[-1][-1] += data


REPORT = Report(
    [
        (Case("does it hurt", ("faq/does_it_hurt",)), _answer("answer", "faq/does_it_hurt")),
        (Case("<b>sting?</b>", ("faq/does_it_hurt",)), _answer("answer", "faq/needle_fear")),
        (Case("price", ("clinic/fees",)), _answer("clarify", "clinic/fees", "clinic/insurance")),
    ]
)


def test_each_message_is_counted_where_it_went() -> None:
    rows = Cells(confusion_page(REPORT)).rows
    assert rows[:3] == [
        ["", "(clarified)", "faq/does_it_hurt", "faq/needle_fear"],
        ["clinic/fees", "1", "", ""],
        ["faq/does_it_hurt", "", "1", "1"],
    ]


def test_mistakes_are_quoted_as_text_not_as_markup() -> None:
    page = confusion_page(REPORT)
    assert "<b>" not in page
    assert ["wrong", "faq/does_it_hurt", "faq/needle_fear", "<b>sting?</b>"] in Cells(page).rows
    assert "33.3% right" in page


def test_an_empty_evaluation_is_a_page() -> None:
    assert Cells(confusion_page(Report([]))).open == []
