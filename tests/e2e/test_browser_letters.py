"""What the clinic decides while the chat is open, in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request, expect

from e2e.booking_talk import reference_in, request_as
from e2e.browser.chromium import DESKTOP
from e2e.browser.widget_page import WidgetPage
from e2e.serving import Server, run_bot
from e2e.test_browser import OpenPage, open_page

__all__ = ["open_page"]
pytestmark = pytest.mark.browser

# Longer than the first look, on a machine with much else to do.
SOON_MS = 60_000
# In ten minutes, when nothing comes.
MOST_LOOKS = 10
TIME = ("--at", "2096-12-04T10:00", "--minutes", "45")


def _booked(page: Page, name: str) -> tuple[WidgetPage, str]:
    widget = WidgetPage(page)
    widget.open()
    *details, consent = request_as(name)
    for text in details:
        widget.ask(text)
    widget.choose(consent)
    return widget, reference_in(widget.wait_for_reply())


def _staff(server: Server, *arguments: str) -> None:
    done = run_bot(server.env, "booking", *arguments, "--by", "Kim")
    assert done.returncode == 0, done.stderr.decode()


def test_a_proposed_time_appears_and_is_announced_without_a_reload(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(DESKTOP)
    widget, reference = _booked(page, "Robin Letter")
    before = widget.entries.count()
    _staff(server, "propose", reference, *TIME)
    expect(widget.entries).to_have_count(before + 1, timeout=SOON_MS)
    assert "can offer Tuesday 4 December 2096 at 10:00 am" in widget.last_reply()
    # A screen reader says what is added to the log.
    log = widget.host.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log.locator(".entry").last).to_contain_text(reference)
    expect(widget.entries.last).to_be_in_viewport()
    widget.choose("That suits me")
    assert "is confirmed" in widget.wait_for_reply()
    assert sum("can offer" in text for text in widget.history_texts()) == 1


def test_a_page_without_a_talk_or_that_is_hidden_asks_for_nothing(open_page: OpenPage) -> None:
    page = open_page(DESKTOP)
    page.clock.install()
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/history"):
            asked.append(request.url)

    page.on("request", note)
    widget = WidgetPage(page)
    widget.open()
    page.clock.run_for(600_000)
    assert asked == []

    # Somebody of the clinic may step in at any time: an open chat looks now and then.
    widget.ask("does it hurt?")
    asked.clear()
    page.clock.run_for(600_000)
    assert 1 <= len(asked) <= MOST_LOOKS

    widget.start_over()
    widget, _ = _booked(page, "Robin Hidden")
    asked.clear()
    _hide(page, True)
    page.clock.run_for(600_000)
    assert asked == []
    with page.expect_response("**/history"):
        _hide(page, False)
    assert len(asked) == 1


def _hide(page: Page, hidden: bool) -> None:
    page.evaluate(
        "(hidden) => {"
        "  Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
        "  document.dispatchEvent(new Event('visibilitychange'));"
        "}",
        hidden,
    )
