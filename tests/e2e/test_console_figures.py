"""Figures in a real Chromium, at the desk and on a phone, and what patients wrote in them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, StorageState, ViewportSize, expect

from e2e.booking_talk import book
from e2e.browser.chromium import DESKTOP, PHONE
from e2e.browser.console_page import ConsolePage
from e2e.browser.console_tabs import (
    NewTab,
    Scheme,
    is_as_wide_as_the_screen,
    signed_in_as,
    violations,
)
from e2e.serving import Server

pytestmark = pytest.mark.browser

PAGE = "/console/figures"
# Declined all of them, and of one meaning; the last two would run or compute, if anything did.
QUESTIONS = (
    "who won the last hockey game",
    "who won the hockey game last night",
    "who won the hockey game yesterday",
    "who won the hockey game <img src=x onerror=document.title='hit'>",
    "=who won the hockey game",
)
# A grouping, and a count of today, come within about a minute.
PATIENCE_MS = 120_000


@pytest.fixture(scope="module")
def signed_in(served: Server, chromium: Browser) -> Iterator[StorageState]:
    """A reviewer's cookies: the least that the page asks for."""
    with signed_in_as(served, chromium, "Ren Example", "reviewer") as state:
        yield state


@pytest.fixture(scope="module")
def counted(served: Server, chromium: Browser, signed_in: StorageState) -> None:
    """Messages that are counted and grouped."""
    for text in QUESTIONS:
        served.patient().say(text)
    patient = served.patient()
    patient.say("does it hurt")
    patient.say("can i talk to a person")
    book(served.patient(), "Sam")
    context = chromium.new_context(storage_state=signed_in)
    tab = ConsolePage(served, context)
    group = tab.page.locator(".groups > li", has_text="hockey")
    asked = tab.page.locator("section[aria-labelledby=visits] .lines li")
    for _ in range(PATIENCE_MS // 1_000):
        tab.open(PAGE)
        if group.count() and asked.count():
            break
        tab.page.wait_for_timeout(1_000)
    else:
        raise AssertionError(tab.page.locator("main").inner_text())
    context.close()


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_the_page_is_for_everybody(
    new_tab: NewTab, signed_in: StorageState, viewport: ViewportSize, scheme: Scheme
) -> None:
    tab = new_tab(viewport, signed_in, scheme)
    for query in ("", "?days=7&channel=web", "?days=90", "?channel=messenger"):
        tab.open(f"{PAGE}{query}")
        assert violations(tab.page) == [], query
        assert is_as_wide_as_the_screen(tab.page), query
        tab.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert violations(tab.page) == [], query
        assert is_as_wide_as_the_screen(tab.page), query


@pytest.mark.usefixtures("counted")
def test_what_was_not_answered_leads_to_its_conversation(
    new_tab: NewTab, signed_in: StorageState
) -> None:
    tab = new_tab(DESKTOP, signed_in)
    tab.open(PAGE)
    group = tab.page.locator(".groups > li", has_text="hockey")
    expect(group.locator(".count").first).to_contain_text("5")
    group.locator("summary").click()
    words = group.get_by_role("link", name="onerror=document.title").first
    expect(words).to_contain_text("<img src=x onerror=document.title='hit'>")
    assert tab.page.locator(".groups img").count() == 0
    words.click()
    expect(tab.page.get_by_role("heading", level=1)).to_be_visible()
    expect(tab.page.locator(".bubble.patient").first).to_contain_text("hockey")
    assert tab.page.title() != "hit"


@pytest.mark.usefixtures("counted")
def test_range_channel_and_tables_work_by_keyboard_without_script(
    server: Server, chromium: Browser, signed_in: StorageState
) -> None:
    context = chromium.new_context(storage_state=signed_in, java_script_enabled=False)
    tab = ConsolePage(server, context)
    tab.open(PAGE)
    tab.page.get_by_role("link", name="7 days").focus()
    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_role("img", name="Messages by day")).to_be_visible()
    tab.page.get_by_role("navigation", name="Which channel").get_by_text("Web chat").click()
    assert tab.page.url.endswith("?days=7&channel=web")
    tab.page.locator("#messages-numbers summary").focus()
    tab.page.keyboard.press("Enter")
    rows = tab.page.locator("#messages-numbers tbody tr")
    expect(rows).to_have_count(7)
    expect(rows.first).to_be_visible()
    rows.first.get_by_role("link").click()
    expect(tab.page.locator("a.cover").first).to_be_visible()
    assert tab.faults == []
    context.close()


@pytest.mark.usefixtures("counted")
def test_a_spreadsheet_has_the_groups_and_no_formula(
    new_tab: NewTab, signed_in: StorageState
) -> None:
    tab = new_tab(DESKTOP, signed_in)
    tab.open(PAGE)
    with tab.page.expect_download() as started:
        tab.page.get_by_role("link", name="of what was not answered").click()
    text = started.value.path().read_text(encoding="utf-8")
    assert started.value.suggested_filename.startswith("unanswered-")
    assert "'=who won the hockey game" in text
    assert ",=who" not in text
