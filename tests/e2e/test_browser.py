"""The demo clinic page in a real Chromium, used as a patient uses it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, ViewportSize, expect

from e2e.booking_talk import reference_in, request_as
from e2e.browser.chromium import DESKTOP, PHONE
from e2e.browser.widget_page import WidgetPage
from e2e.serving import Server

pytestmark = pytest.mark.browser

OpenPage = Callable[[ViewportSize], Page]


@pytest.fixture()
def open_page(server: Server, chromium: Browser) -> Iterator[OpenPage]:
    """Opens the demo page in a fresh browser profile; fails when it logs or throws an error."""
    contexts = []
    errors: list[str] = []

    def opened(viewport: ViewportSize) -> Page:
        context = chromium.new_context(viewport=viewport, locale="en-CA")
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("requestfailed", lambda request: errors.extend(_failure(request)))
        page.goto(f"{server.base_url}/")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def _failure(request: Request) -> list[str]:
    # A page that is left or reloaded gives up what it was still loading; that is no fault.
    is_given_up = request.failure == "net::ERR_ABORTED"
    return [] if is_given_up else [f"{request.url}: {request.failure}"]


def _shot(page: Page, folder: Path, name: str) -> None:
    page.screenshot(path=folder / f"{name}.png")


def test_the_page_embeds_the_chat_as_a_clinic_would(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(DESKTOP)
    expect(page.locator("script")).to_have_count(1)
    expect(page.locator("script[type=module][src]")).to_have_count(1)
    expect(page.locator("patient-faq")).to_have_count(1)
    expect(page.get_by_text("This is not a real clinic")).to_be_visible()
    _shot(page, tmp_path, "page")


def test_nothing_comes_from_another_host(server: Server, open_page: OpenPage) -> None:
    page = open_page(DESKTOP)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    widget = WidgetPage(page)
    widget.open()
    widget.ask("does it hurt?")
    assert asked
    assert all(url.startswith(server.base_url) for url in asked)


def test_a_question_gets_its_approved_answer_with_its_source(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(DESKTOP)
    widget = WidgetPage(page)
    widget.open()
    assert "tingl" in widget.ask("does it hurt?")
    (source,) = widget.sources()
    assert source.startswith("Source: the clinic's article")
    _shot(page, tmp_path, "answer")
    choice = widget.choices()[0]
    widget.choose(choice)
    assert widget.wait_for_reply()
    assert choice in widget.history_texts()


def test_an_emergency_is_prominent_and_one_tap_from_911(
    open_page: OpenPage, warning: str, tmp_path: Path
) -> None:
    page = open_page(PHONE)
    widget = WidgetPage(page)
    widget.open()
    reply = widget.ask("i have crushing chest pain. how much is a visit?")
    assert reply.startswith(warning)
    assert widget.call_links() == ["tel:911"]
    entry = widget.host.locator(".entry.safety")
    expect(entry).to_have_attribute("role", "alert")
    expect(entry.locator(".call")).to_be_in_viewport()
    assert (entry.locator(".call").bounding_box() or {"height": 0.0})["height"] >= 44
    _shot(page, tmp_path, "emergency")


def test_on_a_phone_the_chat_fills_the_screen(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(PHONE)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
    _shot(page, tmp_path, "phone page")
    widget = WidgetPage(page)
    widget.open()
    widget.ask("what happens in the first session?")
    box = widget.panel.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (PHONE["width"], PHONE["height"])
    expect(widget.input).to_be_in_viewport()
    _shot(page, tmp_path, "phone chat")
    widget.close()


def test_markup_from_a_patient_is_shown_as_text(open_page: OpenPage) -> None:
    page = open_page(DESKTOP)
    widget = WidgetPage(page)
    widget.open()
    text = "<img src=x onerror=\"document.title='taken'\"> <b>hurt</b>?"
    widget.ask(text)
    assert text in widget.history_texts()
    expect(page).not_to_have_title("taken")
    expect(widget.host.locator(".entry img")).to_have_count(0)


def test_a_booking_survives_a_restart_of_the_server(
    server: Server, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(DESKTOP)
    widget = WidgetPage(page)
    widget.open()
    *details, consent = request_as("Robin Browser")
    for text in details:
        widget.ask(text)
    widget.choose(consent)
    reference = reference_in(widget.wait_for_reply())
    before = widget.history_texts()
    _shot(page, tmp_path, "booked")

    # An open chat would look for news, and the browser report that nobody answers.
    widget.close()
    server.restart()
    page.reload()
    widget.open()
    expect(widget.entries).to_have_count(len(before), timeout=widget.timeout_ms)
    assert widget.history_texts() == before
    assert reference in widget.ask("Am I booked?")
    _shot(page, tmp_path, "after the restart")
    listed = [b["reference"] for b in server.bookings() if b["name"] == "Robin Browser"]
    assert listed == [reference]


def test_start_over_forgets_the_conversation_on_this_screen(open_page: OpenPage) -> None:
    page = open_page(DESKTOP)
    widget = WidgetPage(page)
    widget.open()
    widget.ask("does it hurt?")
    widget.start_over()
    page.reload()
    widget.open()
    expect(widget.entries).to_have_count(0)
    assert re.search(r"\S", " ".join(widget.choices())), "the starters are offered again"
