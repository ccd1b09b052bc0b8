"""Going on by text message in a real Chromium: by keyboard, on a narrow phone, in the dark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from fakes.provider_api import ProviderFake
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from e2e.booking_talk import ASKS, WHEN
from e2e.browser.widget_page import WidgetPage
from e2e.serving import Server
from e2e.texter import CODE, Texter, another

pytestmark = pytest.mark.browser

NARROW = ViewportSize(width=320, height=640)
NUMBERS = count(7_805_550_130)
Scheme = Literal["light", "dark"]
OpenChat = Callable[..., WidgetPage]


@pytest.fixture()
def open_chat(texting: Server, chromium: Browser) -> Iterator[OpenChat]:
    """Opens the chat with a request begun; fails when the page throws an error."""
    errors: list[str] = []
    contexts = []

    def opened(viewport: ViewportSize = NARROW, scheme: Scheme = "light") -> WidgetPage:
        context = chromium.new_context(viewport=viewport, locale="en-CA", color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{texting.base_url}/")
        widget = WidgetPage(page)
        widget.open()
        return widget

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture()
def phone(texting: Server, phones: ProviderFake) -> Texter:
    return Texter(texting, phones, f"+1{next(NUMBERS)}")


def _shot(page: Page, folder: Path, name: str) -> None:
    page.screenshot(path=folder / f"{name}.png")


def _form(widget: WidgetPage) -> Locator:
    return widget.host.get_by_role("form", name="Continue by text message")


def _fits(widget: WidgetPage) -> None:
    """Nothing is wider than the window, and every control is a finger wide."""
    form = _form(widget)
    wide = "form => form.scrollWidth - form.clientWidth"
    assert form.evaluate(wide) <= 0
    for control in form.locator("button:visible, input:visible").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 320


def _violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA."""
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, options={"runOnly": rules}).response["violations"]
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found]


def test_a_patient_goes_on_by_text_with_the_keyboard_alone(
    open_chat: OpenChat, phone: Texter, tmp_path: Path
) -> None:
    widget = open_chat()
    page = widget.page
    # A chat in which nothing was said has nothing to go on with.
    widget.host.get_by_label("Chat options").click()
    expect(widget.host.get_by_role("button", name="Continue by text message")).to_be_hidden()
    page.keyboard.press("Escape")
    for said in (ASKS, WHEN):
        widget.ask(said)

    widget.host.get_by_label("Chat options").focus()
    page.keyboard.press("Enter")
    item = widget.host.get_by_role("button", name="Continue by text message")
    expect(item).to_be_focused()
    _shot(page, tmp_path, "menu")
    page.keyboard.press("Enter")
    number = widget.host.get_by_label("Your mobile number")
    expect(number).to_be_focused()
    expect(widget.input).to_be_hidden()
    expect(_form(widget)).to_contain_text("you agree to get that text")
    _fits(widget)
    _shot(page, tmp_path, "number")

    page.keyboard.type("+44 20 7946 0018")
    page.keyboard.press("Enter")
    fault = _form(widget).get_by_role("alert")
    expect(fault).to_contain_text("Canada and the United States")
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(number).to_be_focused()
    _shot(page, tmp_path, "not_textable")

    number.fill(phone.number)
    page.keyboard.press("Enter")
    field = widget.host.get_by_label("The code from the text message")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("autocomplete", "one-time-code")
    expect(_form(widget)).to_contain_text("can get our texts, a code is on its way")
    _fits(widget)
    found = CODE.match(phone.next_text(0))
    assert found
    page.keyboard.type(another(found[1]))
    page.keyboard.press("Enter")
    expect(fault).to_contain_text("That is not the code")
    _shot(page, tmp_path, "wrong_code")
    assert _violations(page) == []
    field.fill(found[1])
    page.keyboard.press("Enter")
    expect(_form(widget)).to_be_hidden()
    expect(widget.input).to_be_visible()
    assert "goes on by text message" in widget.last_reply()
    expect(widget.entries.last).to_be_in_viewport()
    _shot(page, tmp_path, "done")
    assert "What name should the request be under?" in phone.next_text(1)
    # The word is shown once, also when the history is read again.
    page.reload()
    widget.open()
    expect(widget.host.get_by_text(re.compile("goes on by text message"))).to_have_count(1)


def test_it_can_be_left_and_reads_well_in_the_dark(
    open_chat: OpenChat, phone: Texter, tmp_path: Path
) -> None:
    widget = open_chat(ViewportSize(width=1280, height=800), "dark")
    page = widget.page
    widget.ask("does it hurt?")
    widget.host.get_by_label("Chat options").click()
    widget.host.get_by_role("button", name="Continue by text message").click()
    page.keyboard.press("Enter")
    expect(_form(widget).get_by_role("alert")).to_contain_text("Please type your mobile number")
    widget.host.get_by_label("Your mobile number").fill(phone.number)
    widget.host.get_by_role("button", name="Text me a code").click()
    expect(widget.host.get_by_label("The code from the text message")).to_be_focused()
    _shot(page, tmp_path, "dark")
    assert _violations(page) == []
    widget.host.get_by_role("button", name="Another code or number").click()
    expect(widget.host.get_by_label("Your mobile number")).to_be_focused()
    widget.host.get_by_role("button", name="Back to the chat").click()
    expect(_form(widget)).to_be_hidden()
    expect(widget.input).to_be_focused()
    assert widget.ask("what are your hours?")
