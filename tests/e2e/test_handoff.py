"""A patient and a member of staff, each in a real Chromium, who write to each other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, StorageState, ViewportSize, expect

from e2e.browser.chromium import DESKTOP, PHONE
from e2e.browser.console_page import ConsolePage
from e2e.browser.console_tabs import RULES, NewTab, signed_in_as
from e2e.browser.widget_page import WidgetPage
from e2e.serving import Server
from e2e.test_browser import OpenPage, open_page

__all__ = ["open_page"]
pytestmark = pytest.mark.browser

# Longer than any look for something new, on a machine with much else to do.
SOON_MS = 30_000
WISH = "can i talk to a person"


@pytest.fixture(scope="module")
def signed_in(served: Server, chromium: Browser) -> Iterator[StorageState]:
    """The cookies of somebody at the front desk."""
    with signed_in_as(served, chromium, "Desk Example", "front-desk") as state:
        yield state


def _waits(open_page: OpenPage) -> WidgetPage:
    """A patient at an open chat who has just asked for a person."""
    widget = WidgetPage(open_page(DESKTOP))
    widget.open()
    assert "talk with a person" in widget.ask(WISH)
    widget.page.evaluate("window.notReloaded = true")
    return widget


def _take_over(tab: ConsolePage) -> None:
    """Takes whoever has waited for the shortest time."""
    tab.open("/console/")
    waiting = tab.page.locator(".people .alert.waiting")
    waiting.last.get_by_role("button", name="Take over").click()
    expect(tab.page.get_by_text("You have this conversation")).to_be_visible()
    tab.page.evaluate("window.notReloaded = true")


def _write(tab: ConsolePage, words: str) -> None:
    area = tab.page.get_by_label("Write to the patient").locator("textarea")
    area.fill(words)
    area.press("Control+Enter")
    expect(tab.page.locator(".bubble.clinic", has_text=words)).to_be_visible()


def _hears(widget: WidgetPage, words: str) -> None:
    entry = widget.host.locator(".entry.assistant", has_text=words)
    expect(entry).to_have_count(1, timeout=SOON_MS)


def test_a_patient_and_the_front_desk_write_to_each_other_across_a_restart(
    server: Server, open_page: OpenPage, new_tab: NewTab, signed_in: StorageState
) -> None:
    widget, tab = _waits(open_page), new_tab(DESKTOP, signed_in)
    _take_over(tab)
    _hears(widget, "A person at")
    expect(widget.host.get_by_text("A person at the clinic", exact=True)).to_be_visible()
    _write(tab, "Hello, how can we help?")
    _hears(widget, "Hello, how can we help?")
    assert "From Demo Acupuncture Clinic" in widget.last_reply()

    # Silence is no failure: the patient sees that it was sent.
    widget.send("is parking free, my number is 780-555-0177")
    mine = widget.host.locator(".entry.patient").last
    expect(mine).to_have_attribute("data-state", "sent", timeout=SOON_MS)
    expect(mine).to_contain_text("Sent")
    tab.page.evaluate("window.notReloaded = true")
    copy = tab.page.locator(".bubble.patient", has_text="is parking free, my number is [phone]")
    expect(copy).to_be_visible(timeout=SOON_MS)
    assert tab.page.evaluate("window.notReloaded") is True

    # Neither page asks for anything while the server is away.
    widget.close()
    tab.page.goto("about:blank")
    server.restart()
    tab.open("/console/")
    with_me = tab.page.locator(".people .alert.taken.unanswered", has_text="With Desk Example")
    with_me.last.get_by_role("link", name="Conversation").click()
    expect(tab.page.get_by_text("You have this conversation")).to_be_visible()
    widget.open()
    widget.send("hello?")
    expect(widget.host.locator(".entry.patient").last).to_contain_text("Sent", timeout=SOON_MS)
    _write(tab, "Yes, behind the building.")
    _hears(widget, "Yes, behind the building.")

    tab.page.get_by_role("button", name="Give back").click()
    expect(tab.page.get_by_role("status").first).to_contain_text("The assistant answers again")
    _hears(widget, "automatic assistant answers you again")
    expect(widget.host.get_by_text("Automated assistant", exact=True)).to_be_visible()
    assert "behind the building" in widget.ask("do you have parking?")
    assert widget.page.evaluate("window.notReloaded") is True


def test_danger_is_warned_of_while_a_person_has_the_conversation(
    open_page: OpenPage, new_tab: NewTab, signed_in: StorageState
) -> None:
    widget, tab = _waits(open_page), new_tab(DESKTOP, signed_in)
    _take_over(tab)
    _hears(widget, "A person at")
    assert "911" in widget.ask("i have crushing chest pain")
    tab.open("/console/")
    expect(tab.page.locator(".red_flag .alert.emergency").first).to_be_visible()


def test_who_steps_in_unasked_is_seen_with_the_next_message(
    open_page: OpenPage, new_tab: NewTab, signed_in: StorageState
) -> None:
    widget, tab = WidgetPage(open_page(DESKTOP)), new_tab(DESKTOP, signed_in)
    widget.open()
    widget.ask("does it hurt if i step in unasked?")
    found = tab.page.locator("a.cover", has_text="step in unasked")
    for _ in range(60):
        tab.open("/console/conversations?q=unasked")
        if found.count():
            break
        tab.page.wait_for_timeout(250)
    found.first.click()
    tab.page.get_by_role("button", name="Take over").click()
    expect(tab.page.get_by_text("You have this conversation")).to_be_visible()
    widget.send("and is it safe?")
    _hears(widget, "A person at")
    _write(tab, "Let me explain.")
    _hears(widget, "Let me explain.")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_a_talk_are_for_everybody(
    server: Server,
    new_tab: NewTab,
    signed_in: StorageState,
    viewport: ViewportSize,
    scheme: str,
) -> None:
    server.patient().say(WISH)
    tab = new_tab(viewport, signed_in, scheme)
    _take_over(tab)
    for path in (tab.page.url, f"{server.base_url}/console/"):
        tab.page.goto(path)
        found = Axe().run(tab.page, options=RULES).response["violations"]
        assert [fault["id"] for fault in found] == []
        width = "document.documentElement.scrollWidth <= window.innerWidth"
        assert tab.page.evaluate(width), path
