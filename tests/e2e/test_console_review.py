"""Review in a real Chromium: by keyboard, without script, at the desk and on a phone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, StorageState, ViewportSize, expect

from e2e.browser.chromium import DESKTOP, PHONE
from e2e.browser.console_page import ConsolePage
from e2e.browser.console_tabs import (
    NewTab,
    Scheme,
    is_as_wide_as_the_screen,
    signed_in_as,
    violations,
)
from e2e.candidates import candidate
from e2e.serving import Server

pytestmark = pytest.mark.browser

# Out of scope all of them: each is declined, and waits for a reviewer.
QUESTIONS = (
    "do you sell {} ear seeds for dogs",
    "what are the {} largest cities of france",
    "can you fix my {} laptop screens",
    "who won the last {} hockey games",
    "i need {} pizza places downtown",
)
# What was labelled once is not asked again, so each test has words of its own.
NUMBERS = itertools.count(2)


@pytest.fixture(scope="module")
def signed_in(served: Server, chromium: Browser) -> Iterator[StorageState]:
    with signed_in_as(served, chromium, "Pat Example", "practitioner") as state:
        yield state


@pytest.fixture()
def waiting(server: Server) -> None:
    """Messages that wait for a reviewer."""
    number = next(NUMBERS)
    for text in QUESTIONS:
        server.patient().say(text.format(number))


def _wait(tab: ConsolePage) -> None:
    """Until the copies are made, a moment after the replies."""
    button = tab.page.get_by_role("button", name="Start")
    for _ in range(60):
        tab.open("/console/review")
        if button.is_visible() and int(tab.page.locator(".big strong").inner_text()) >= 4:
            return
        tab.page.wait_for_timeout(250)
    raise AssertionError(tab.page.locator("main").inner_text())


def test_a_reviewer_needs_the_keyboard_alone(
    new_tab: NewTab, signed_in: StorageState, waiting: None
) -> None:
    tab = new_tab(DESKTOP, signed_in)
    page, keys, notice = tab.page, tab.page.keyboard, tab.page.locator(".notice")
    _wait(tab)
    keys.press("r")
    expect(page.get_by_role("heading", name="Was that right?")).to_be_visible()
    keys.press("r")
    expect(notice).to_have_text("Noted as right.")
    keys.press("w")
    keys.type("pay")
    expect(page.locator(".choice:visible")).to_have_count(1)
    expect(page.locator("[data-found]")).to_contain_text("Enter takes “Fees and payment”")
    keys.press("Enter")
    expect(notice).to_have_text("Noted with the right answer.")
    keys.press("n")
    keys.type("Ear seeds")
    keys.press("Enter")
    expect(notice).to_have_text("Noted as a new question.")
    keys.press("i")
    expect(notice).to_have_text("It will not be asked again.")
    keys.press("u")
    expect(notice).to_have_text("The label is taken back. What is it?")
    # Letters that are typed are no keys, and Escape leaves.
    keys.press("w")
    keys.type("right?")
    expect(page.locator("[data-finder]")).to_have_value("right?")
    keys.press("Escape")
    expect(page.locator("#wrong")).not_to_have_attribute("open", "")
    keys.press("i")
    expect(notice).to_have_text("It will not be asked again.")


def test_arrow_keys_walk_through_the_answers(
    new_tab: NewTab, signed_in: StorageState, waiting: None
) -> None:
    tab = new_tab(DESKTOP, signed_in)
    _wait(tab)
    tab.page.keyboard.press("r")
    expect(tab.page.get_by_role("heading", name="Was that right?")).to_be_visible()
    tab.page.keyboard.press("w")
    tab.page.keyboard.type("needle")
    titles = tab.page.locator(".choice:visible")
    second = titles.nth(1).inner_text()
    tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("ArrowDown")
    expect(tab.page.locator(":focus")).to_have_text(second)
    tab.page.keyboard.press("ArrowUp")
    tab.page.keyboard.press("ArrowUp")
    expect(tab.page.locator("[data-finder]")).to_be_focused()


def test_single_keys_can_be_turned_off(
    new_tab: NewTab, signed_in: StorageState, waiting: None
) -> None:
    tab = new_tab(DESKTOP, signed_in)
    _wait(tab)
    tab.page.keyboard.press("r")
    expect(tab.page.get_by_role("heading", name="Was that right?")).to_be_visible()
    tab.page.get_by_label("Single keys work on this page").uncheck()
    tab.page.locator("h1").click()
    address = tab.page.url
    tab.page.keyboard.press("i")
    tab.page.wait_for_timeout(200)
    assert tab.page.url == address
    tab.page.reload()
    tab.page.keyboard.press("i")
    tab.page.wait_for_timeout(200)
    assert tab.page.url == address


def test_without_script_everything_is_there(
    server: Server, chromium: Browser, signed_in: StorageState, waiting: None
) -> None:
    context = chromium.new_context(storage_state=signed_in, java_script_enabled=False)
    tab = ConsolePage(server, context)
    _wait(tab)
    tab.page.get_by_role("button", name="Start").click()
    tab.page.get_by_text("Wrong: choose the right answer").click()
    tab.page.get_by_label("Search the answers").fill("parking")
    tab.page.get_by_role("button", name="Find").click()
    tab.page.get_by_role("button", name="Where are you?").click()
    expect(tab.page.locator(".notice")).to_have_text("Noted with the right answer.")
    tab.page.get_by_role("button", name="Undo the last").click()
    expect(tab.page.locator(".notice")).to_contain_text("taken back")
    tab.page.get_by_role("button", name="Ignore").click()
    expect(tab.page.locator(".notice")).to_have_text("It will not be asked again.")
    assert tab.faults == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_the_pages_are_for_everybody(
    new_tab: NewTab,
    signed_in: StorageState,
    waiting: None,
    viewport: ViewportSize,
    scheme: Scheme,
) -> None:
    tab = new_tab(viewport, signed_in, scheme)
    _wait(tab)
    assert violations(tab.page) == []
    assert is_as_wide_as_the_screen(tab.page)
    tab.page.get_by_role("button", name="Start").click()
    expect(tab.page.get_by_role("heading", name="Was that right?")).to_be_visible()
    tab.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert violations(tab.page) == []
    assert is_as_wide_as_the_screen(tab.page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
@pytest.mark.usefixtures("waiting")
def test_the_learning_page_is_for_everybody(
    new_tab: NewTab,
    server: Server,
    signed_in: StorageState,
    viewport: ViewportSize,
    scheme: Scheme,
) -> None:
    tab = new_tab(viewport, signed_in, scheme)
    _wait(tab)
    tab.page.get_by_role("button", name="Start").click()
    tab.page.locator("#new summary").click()
    tab.page.get_by_label("What is it about?").fill(f"A question in the {scheme}")
    tab.page.get_by_role("button", name="Note the new question").click()
    with candidate(server, f"what is the damage eh, {scheme} {viewport['width']}"):
        tab.open("/console/learning")
        expect(tab.page.get_by_role("button", name="Promote the candidate")).to_be_visible()
        tab.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert violations(tab.page) == []
        assert is_as_wide_as_the_screen(tab.page)
