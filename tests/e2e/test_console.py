"""The staff console in a real Chromium, at the desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

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


@pytest.fixture(scope="module")
def signed_in(served: Server, chromium: Browser) -> Iterator[StorageState]:
    """The admin's cookies, for tabs that need not sign in again."""
    with signed_in_as(served, chromium, "Admin Example", "admin") as state:
        yield state


@pytest.fixture(scope="module")
def filled(served: Server, signed_in: object) -> str:
    """A server that has something to show; gives a booking's reference."""
    patient = served.patient()
    patient.say("my name is Robin Example, does it hurt? call 780-555-0177")
    patient.say("i have chest pain and my arm is numb")
    served.patient().say("can i talk to a person")
    return book(served.patient(), "Sam")


def _wait(tab: ConsolePage, path: str, words: str) -> None:
    """Reloads until a copy is there; it is made a moment after the reply."""
    for _ in range(60):
        tab.open(path)
        if words in tab.page.locator("main").inner_text():
            return
        tab.page.wait_for_timeout(250)
    raise AssertionError(f"{words!r} is not on {path}: {tab.page.locator('main').inner_text()}")


def test_a_new_colleague_comes_in_by_keyboard_alone(new_tab: NewTab, server: Server) -> None:
    tab = new_tab()
    member = tab.enrol("Kim Example", "front-desk")
    tab.sign_in(member)
    expect(tab.page.get_by_role("link", name="Kim Example")).to_be_visible()
    expect(tab.page.get_by_role("link", name="Users")).to_have_count(0)
    tab.page.get_by_role("button", name="Sign out").click()
    expect(tab.page.get_by_text("You are signed out.")).to_be_visible()
    tab.open("/console/bookings")
    assert tab.heading == "Staff console"


def test_a_wrong_code_is_refused_in_plain_words(
    chromium: Browser, server: Server, signed_in: StorageState
) -> None:
    # The refusal's own status is logged by the browser, so this tab is not held to silence.
    context = chromium.new_context()
    tab = ConsolePage(server, context)
    tab.open("/console/")
    for label, words in (("Name", "Admin Example"), ("Password", "x"), ("Code", "000000")):
        tab.page.get_by_label(label).fill(words)
    tab.page.get_by_role("button", name="Sign in").click()
    expect(tab.page.get_by_role("alert")).to_contain_text("is not right")
    context.close()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_request_is_answered_from_today(
    new_tab: NewTab, server: Server, signed_in: StorageState, viewport: ViewportSize
) -> None:
    reference = book(server.patient(), "Alex")
    tab = new_tab(viewport, signed_in)
    tab.open("/console/")
    tab.page.locator(f"a[href='/console/bookings/{reference}']").first.click()
    tab.page.get_by_text("Decline", exact=True).first.click()
    form = tab.page.locator("details[open]", has_text="no time for it")
    form.get_by_label("Message to the patient").fill("We are full, sorry.")
    form.get_by_role("button", name="Decline").click()
    expect(tab.page.get_by_role("status").first).to_contain_text("the patient is told")
    expect(tab.page.locator("main")).to_contain_text("We are full, sorry.")


def test_what_staff_say_reaches_the_patient(
    new_tab: NewTab, server: Server, signed_in: StorageState
) -> None:
    patient = server.patient()
    reference = book(patient, "Jo")
    tab = new_tab(DESKTOP, signed_in)
    tab.open(f"/console/bookings/{reference}")
    form = tab.page.locator("details.step").first
    form.get_by_label("Day and time").fill("2096-12-04T10:00")
    form.get_by_label("Message to the patient").fill("With our new colleague.")
    form.get_by_role("button", name="Offer a time").click()
    said = [entry["text"] for entry in patient.history()]
    assert any("Tuesday 4 December 2096 at 10:00 am" in text for text in said)
    assert "With our new colleague." in said[-1]


def test_conversations_are_covered_until_somebody_uncovers_them(
    new_tab: NewTab, signed_in: StorageState, filled: str
) -> None:
    tab = new_tab(DESKTOP, signed_in)
    _wait(tab, "/console/conversations?q=call", "does it hurt?")
    tab.page.locator("a.cover").first.click()
    main = tab.page.locator("main")
    expect(main).to_contain_text("my name is [name], does it hurt? call [phone]")
    assert "780-555-0177" not in main.inner_text()
    tab.page.get_by_text("Uncover what was written").click()
    tab.page.get_by_label("Why").select_option("contact")
    tab.page.get_by_role("button", name="Uncover, once").click()
    expect(main).to_contain_text("my name is Robin Example, does it hurt? call 780-555-0177")
    tab.open("/console/audit?action=conversation_revealed")
    expect(tab.page.locator("tbody tr").first).to_contain_text("Admin Example")


def test_today_shows_what_comes_without_a_reload(
    new_tab: NewTab, server: Server, signed_in: StorageState
) -> None:
    tab = new_tab(DESKTOP, signed_in)
    tab.open("/console/")
    tab.page.evaluate("window.notReloaded = true")
    before = tab.page.locator(".alert.crisis").count()
    server.patient().say("i want to end my life")
    expect(tab.page.locator(".alert.crisis")).to_have_count(before + 1, timeout=20_000)
    assert tab.page.evaluate("window.notReloaded") is True
    tab.page.locator(".alert.crisis").first.get_by_role("button", name="Seen").click()
    expect(tab.page.locator(".alert.crisis")).to_have_count(before)


PAGES = [
    "/console/",
    "/console/conversations",
    "/console/conversations?outcome=answer",
    "/console/conversations/1",
    "/console/bookings",
    "/console/bookings/{reference}",
    "/console/bookings/week",
    "/console/account",
    "/console/users",
    "/console/audit",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_every_page_is_for_everybody(
    new_tab: NewTab,
    signed_in: StorageState,
    filled: str,
    viewport: ViewportSize,
    scheme: Scheme,
) -> None:
    tab = new_tab(viewport, signed_in, scheme)
    for path in PAGES:
        tab.open(path.format(reference=filled))
        tab.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert violations(tab.page) == [], path
        assert is_as_wide_as_the_screen(tab.page), path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_door_is_for_everybody(new_tab: NewTab, server: Server, scheme: Scheme) -> None:
    from e2e.browser.console_page import LINK
    from e2e.serving import run_bot

    tab = new_tab(PHONE, None, scheme)
    made = run_bot(server.env, "user", "add", f"Door {scheme}", "--role", "reviewer")
    link = LINK.search(made.stdout.decode())
    assert link
    for path in ("/console/sign-in", link[0]):
        tab.open(path)
        assert violations(tab.page) == [], path
        assert is_as_wide_as_the_screen(tab.page), path


def test_every_page_is_reached_and_left_by_keyboard(
    new_tab: NewTab, signed_in: StorageState
) -> None:
    tab = new_tab(DESKTOP, signed_in)
    tab.open("/console/")
    tab.page.keyboard.press("Tab")
    expect(tab.page.locator(".skip")).to_be_focused()
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator("#main")).to_be_focused()
    tab.open("/console/")
    seen = []
    for _ in range(12):
        tab.page.keyboard.press("Tab")
        focused = tab.page.locator(":focus")
        seen.append(focused.inner_text())
        outline = focused.evaluate("e => getComputedStyle(e).outlineStyle")
        assert outline == "solid", seen
        if seen[-1] == "Bookings":
            break
    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_role("heading", name="Bookings", level=1)).to_be_visible()


def test_the_screenshots_are_of_this_console(root: Path) -> None:
    """Each picture that the documentation shows is there."""
    page = (root / "docs" / "console.md").read_text(encoding="utf-8")
    assert len(re.findall(r"!\[[^\]]+\]\(images/console-[a-z-]+\.png\)", page)) >= 3
