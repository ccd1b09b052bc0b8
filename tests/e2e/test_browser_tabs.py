"""Two tabs, a lost connection and a new page: what the chat in a real Chromium makes of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from e2e.booking_talk import ASKS
from e2e.browser.chromium import DESKTOP, PHONE
from e2e.browser.console_tabs import TAGS
from e2e.browser.widget_page import WidgetPage
from e2e.serving import Server

pytestmark = pytest.mark.browser

HURTS, FEES, HOURS = "does it hurt?", "what are the fees?", "when are you open?"
WCAG = {"runOnly": {"type": "tag", "values": [tag for tag in TAGS if tag.startswith("wcag")]}}
SEEN_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"
FOCUSED = "document.activeElement.localName"


@pytest.fixture(params=[DESKTOP], ids=["desktop"])
def page(request: pytest.FixtureRequest, server: Server, chromium: Browser) -> Iterator[Page]:
    """The demo page in a profile of its own."""
    size: ViewportSize = request.param
    context = chromium.new_context(viewport=size, locale="en-CA")
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.goto(f"{server.base_url}/")
    yield opened
    context.close()
    assert faults == []


def _second(page: Page) -> WidgetPage:
    other = page.context.new_page()
    other.goto(page.url)
    return WidgetPage(other)


def _turns(widget: WidgetPage) -> list[str]:
    return [entry.get_attribute("data-role") or "" for entry in widget.entries.all()]


def _questions(widget: WidgetPage) -> list[str]:
    return widget.host.locator(".entry.patient .text").all_inner_texts()


def test_a_second_tab_shows_both_sides_in_order_and_once(page: Page) -> None:
    first = WidgetPage(page)
    first.open()
    second = _second(page)
    second.open()
    first.ask(HURTS)
    second.ask(FEES)
    first.ask(HOURS)
    for tab in (first, second):
        tab.page.evaluate(SEEN_AGAIN)
        expect(tab.entries).to_have_count(6, timeout=tab.timeout_ms)
        assert _questions(tab) == [HURTS, FEES, HOURS]
        assert _turns(tab) == ["patient", "assistant"] * 3
    assert first.history_texts() == second.history_texts()
    # Another look finds nothing new.
    with second.page.expect_response("**/history"):
        second.page.evaluate(SEEN_AGAIN)
    assert second.ask(HURTS)
    expect(second.entries).to_have_count(8)


def test_what_was_written_offline_is_sent_in_order_when_the_browser_is_online(page: Page) -> None:
    widget = WidgetPage(page)
    widget.open()
    widget.ask(HURTS)
    page.context.set_offline(True)
    widget.send(FEES)
    widget.send(HOURS)
    failed = widget.host.locator(".entry[data-state=failed]")
    expect(failed).to_have_count(2)
    sent: list[str] = []
    page.on("request", lambda each: sent.append((each.post_data_json or {}).get("text", "")))
    page.context.set_offline(False)
    expect(failed).to_have_count(0)
    widget.wait_for_reply()
    assert [text for text in sent if text] == [FEES, HOURS]
    expect(widget.entries).to_have_count(6)
    page.reload()
    expect(widget.entries).to_have_count(6)
    assert _questions(widget) == [HURTS, FEES, HOURS]


def test_a_message_whose_answer_was_lost_is_shown_and_kept_once(page: Page) -> None:
    widget = WidgetPage(page)
    widget.open()
    widget.ask(HURTS)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/message", lose_the_answer)
    widget.send(FEES)
    assert widget.failure()
    page.unroute("**/message")
    page.evaluate(SEEN_AGAIN)
    expect(widget.host.locator(".entry[data-state=failed]")).to_have_count(0)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    widget.ask(HOURS)
    assert _turns(widget) == ["patient", "assistant"] * 3


def test_an_open_panel_is_open_after_a_reload_and_takes_no_focus(page: Page) -> None:
    widget = WidgetPage(page)
    widget.open()
    question = widget.ask(ASKS)
    page.reload()
    expect(widget.panel).to_be_visible()
    expect(widget.entries).to_have_count(2)
    assert widget.last_reply() == question
    assert page.evaluate(FOCUSED) == "body"
    expect(widget.launcher).to_have_attribute("aria-expanded", "true")
    found = Axe().run(page, options=WCAG).response["violations"]
    assert [each["id"] for each in found] == []
    widget.input.focus()
    page.keyboard.press("Escape")
    expect(widget.panel).to_be_hidden()
    page.reload()
    expect(widget.launcher).to_be_visible()
    expect(widget.panel).to_be_hidden()


@pytest.mark.parametrize("page", [PHONE], ids=["phone"], indirect=True)
def test_a_panel_that_fills_the_screen_has_the_focus_again(page: Page) -> None:
    widget = WidgetPage(page)
    widget.open()
    page.reload()
    expect(widget.panel).to_be_visible()
    assert page.evaluate("document.querySelector('patient-faq').shadowRoot.activeElement !== null")
    page.keyboard.press("Escape")
    expect(widget.panel).to_be_hidden()


def test_a_new_tab_begins_with_the_panel_closed(page: Page) -> None:
    widget = WidgetPage(page)
    widget.open()
    second = _second(page)
    expect(second.launcher).to_be_visible()
    expect(second.panel).to_be_hidden()


def test_going_on_by_text_shows_what_was_said_when_its_answer_was_lost(page: Page) -> None:
    def offer(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), "continue_by_text": True})

    page.route("**/web/session", offer)
    page.route("**/web/continue", lambda route: route.fulfill(json={"phone": "780-555-0177"}))
    again = {"linked": True, "messages": []}
    page.route("**/web/continue/confirm", lambda route: route.fulfill(json=again))
    widget = WidgetPage(page)
    widget.open()
    widget.ask(HURTS)
    second = _second(page)
    second.open()
    second.ask(FEES)
    widget.host.get_by_label("Chat options").click()
    widget.host.get_by_role("button", name="Continue by text message").click()
    widget.host.get_by_label("Your mobile number").fill("780-555-0177")
    widget.host.get_by_role("button", name="Text me a code").click()
    widget.host.get_by_label("The code from the text message").fill("123456")
    widget.host.get_by_role("button", name="Continue", exact=True).click()
    expect(widget.entries).to_have_count(4)
    assert _questions(widget) == [HURTS, FEES]
