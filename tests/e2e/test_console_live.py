"""The console's pages renew themselves: what that must not do to whoever works on them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, StorageState, expect

from e2e.browser.chromium import DESKTOP, PHONE
from e2e.browser.console_page import ConsolePage
from e2e.browser.console_tabs import NewTab, is_as_wide_as_the_screen, signed_in_as, violations
from e2e.serving import Server

pytestmark = pytest.mark.browser

SOON = 20_000
FLAG = "i want to end my life"
ACTION = "document.activeElement.form?.action"


@pytest.fixture(scope="module")
def signed_in(served: Server, chromium: Browser) -> Iterator[StorageState]:
    """The admin's cookies, for tabs that need not sign in again."""
    with signed_in_as(served, chromium, "Live Example", "admin") as state:
        yield state


def test_the_focus_stays_with_its_own_alert_or_goes_to_nothing_that_can_be_pressed(
    new_tab: NewTab, server: Server, signed_in: StorageState
) -> None:
    for _ in range(2):
        server.patient().say(FLAG)
    tab, colleague = new_tab(DESKTOP, signed_in), new_tab(DESKTOP, signed_in)
    tab.open("/console/")
    alerts = tab.page.locator(".alert.crisis")
    count = alerts.count()
    mine = alerts.last.get_by_role("button", name="Seen")
    mine.focus()
    action = tab.page.evaluate(ACTION)
    server.patient().say(FLAG)
    expect(alerts).to_have_count(count + 1, timeout=SOON)
    # Every one of them is called the same; another one stands in its place now.
    assert tab.page.evaluate(ACTION) == action
    colleague.open("/console/")
    colleague.page.locator(f"form[action='{action.partition(server.base_url)[2]}'] button").click()
    expect(alerts).to_have_count(count, timeout=SOON)
    assert tab.page.evaluate(ACTION) is None
    tab.page.keyboard.press("Enter")
    expect(alerts).to_have_count(count)


def test_a_page_that_cannot_be_renewed_says_so_until_it_is(
    chromium: Browser, server: Server, signed_in: StorageState
) -> None:
    # The browser itself logs what it cannot fetch, so this tab is not held to silence.
    context = chromium.new_context(storage_state=signed_in)
    tab = ConsolePage(server, context)
    tab.open("/console/")
    context.set_offline(True)
    warning = tab.page.get_by_role("alert")
    expect(warning).to_contain_text("cannot be renewed", timeout=SOON)
    context.set_offline(False)
    expect(warning).to_have_count(0, timeout=SOON)
    context.close()


def test_on_a_phone_an_admin_finds_every_page(new_tab: NewTab, signed_in: StorageState) -> None:
    tab = new_tab(PHONE, signed_in)
    tab.open("/console/")
    nav = tab.page.get_by_role("navigation", name="Console")
    bar = nav.evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert bar[0] <= bar[1]
    more = nav.get_by_role("button", name="More")
    expect(nav.get_by_role("link", name="Audit")).to_be_hidden()
    more.focus()
    tab.page.keyboard.press("Enter")
    expect(nav.get_by_role("link", name="Audit")).to_be_in_viewport(ratio=1)
    assert violations(tab.page) == []
    tab.page.keyboard.press("Escape")
    expect(nav.get_by_role("link", name="Audit")).to_be_hidden()
    more.click()
    nav.get_by_role("link", name="Users").click()
    expect(tab.page.get_by_role("heading", name="Users", level=1)).to_be_visible()
    expect(more).to_have_accessible_name("More, with this page")
    assert is_as_wide_as_the_screen(tab.page)


def test_on_a_wide_screen_no_page_is_behind_another(
    new_tab: NewTab, signed_in: StorageState
) -> None:
    tab = new_tab(DESKTOP, signed_in)
    tab.open("/console/")
    nav = tab.page.get_by_role("navigation", name="Console")
    expect(nav.get_by_role("link")).to_have_count(8)
    expect(nav.get_by_role("link", name="Audit")).to_be_in_viewport(ratio=1)
    expect(nav.get_by_role("button", name="More")).to_be_hidden()
