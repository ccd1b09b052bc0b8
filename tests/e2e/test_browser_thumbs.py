"""Thumbs under the answers of the web chat, in a real Chromium."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from e2e.browser.console_tabs import TAGS
from e2e.browser.widget_page import WidgetPage
from e2e.serving import Server

pytestmark = pytest.mark.browser

WCAG = {"runOnly": {"type": "tag", "values": [tag for tag in TAGS if tag.startswith("wcag")]}}
SMALL = {"width": 320, "height": 640}


@pytest.fixture(params=["light", "dark"])
def chat(request: pytest.FixtureRequest, server: Server, chromium: Browser) -> Iterator[WidgetPage]:
    context = chromium.new_context(
        viewport=SMALL,  # type: ignore[arg-type]
        color_scheme=request.param,
        locale="en-CA",
    )
    faults: list[str] = []
    page: Page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{server.base_url}/")
    widget = WidgetPage(page)
    widget.open()
    yield widget
    context.close()
    assert faults == []


def _kept(server: Server) -> list[tuple[str, str, str]]:
    with sqlite3.connect(server.database) as connection:
        rows = connection.execute("SELECT thumb, reason, remark FROM feedback ORDER BY id")
        return [(str(a), str(b), str(c)) for a, b, c in rows]


def _thumb(chat: WidgetPage, label: str) -> Locator:
    return chat.host.get_by_role("button", name=label, exact=True)


def test_an_answer_that_did_not_help_is_told_by_keyboard(server: Server, chat: WidgetPage) -> None:
    chat.ask("does it hurt?")
    down = _thumb(chat, "This did not help")
    expect(down).to_have_attribute("aria-pressed", "false")
    down.focus()
    chat.page.keyboard.press("Enter")
    expect(down).to_have_attribute("aria-expanded", "true")
    chat.page.keyboard.press("Tab")
    chat.page.keyboard.press("Space")
    expect(chat.host.get_by_label("Not what I asked")).to_be_checked()
    chat.page.keyboard.press("Tab")
    chat.page.keyboard.type("call me on 780-555-0177")
    found = Axe().run(chat.page, options=WCAG).response["violations"]
    assert [v["id"] for v in found] == []
    panel = chat.panel.bounding_box()
    box = chat.host.locator(".reasons").bounding_box()
    assert panel
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= SMALL["width"]
    chat.page.keyboard.press("Tab")
    chat.page.keyboard.press("Enter")
    expect(chat.host.locator(".thumb-status")).to_have_text("Thank you.")
    expect(chat.host.locator(".reasons")).to_be_hidden()
    expect(down).to_be_focused()
    assert _kept(server)[-1] == ("down", "other_question", "call me on [phone]")


def test_a_thumb_is_still_there_after_a_reload_and_can_be_changed(
    server: Server, chat: WidgetPage
) -> None:
    chat.ask("does it hurt?")
    _thumb(chat, "This helped").click()
    expect(chat.host.locator(".thumb-status")).to_have_text("Thank you.")
    chat.page.reload()
    chat.open()
    expect(_thumb(chat, "This helped")).to_have_attribute("aria-pressed", "true")
    _thumb(chat, "This did not help").click()
    expect(_thumb(chat, "This helped")).to_have_attribute("aria-pressed", "false")
    expect(chat.host.locator(".thumb-status")).to_have_text("Thank you.")
    assert _kept(server)[-1] == ("down", "", "")


def test_warnings_bookings_and_greetings_are_not_rated(chat: WidgetPage) -> None:
    for text in ("i have crushing chest pain", "hello there", "i want to book a visit"):
        chat.ask(text)
    expect(chat.host.locator(".thumb")).to_have_count(0)


def test_a_red_flag_in_the_remark_is_answered(chat: WidgetPage) -> None:
    chat.ask("does it hurt?")
    _thumb(chat, "This did not help").click()
    remark = chat.host.get_by_label("In your own words")
    remark.fill("i have crushing chest pain and my arm is numb")
    chat.host.get_by_role("button", name="Tell the clinic").click()
    expect(chat.host.locator(".entry.safety .call")).to_be_visible()


def test_a_thumb_that_is_lost_is_said_so(chat: WidgetPage) -> None:
    chat.ask("does it hurt?")
    body = json.dumps({"error": {"code": "unavailable", "message": "x"}})
    chat.page.route("**/webhooks/web/feedback", lambda r: r.fulfill(status=503, body=body))
    _thumb(chat, "This helped").click()
    expect(chat.host.locator(".thumb-status")).to_have_text("Not sent. Please try again.")
