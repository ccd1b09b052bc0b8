"""Tabs of the staff console in browsers of their own, and what every page must keep to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, ViewportSize

from e2e.browser.chromium import DESKTOP
from e2e.browser.console_page import ConsolePage
from e2e.serving import Server

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": TAGS}}
Scheme = Literal["light", "dark"]
NewTab = Callable[..., ConsolePage]


@contextmanager
def signed_in_as(server: Server, chromium: Browser, name: str, role: str) -> Iterator[StorageState]:
    """The cookies of a new member of staff."""
    if not server.is_running:
        server.start()
    context = chromium.new_context()
    tab = ConsolePage(server, context)
    tab.sign_in(tab.enrol(name, role))
    yield context.storage_state()
    context.close()


@contextmanager
def tabs_of(server: Server, chromium: Browser) -> Iterator[NewTab]:
    """Opens browsers of their own; fails when a page logs or throws an error."""
    contexts: list[BrowserContext] = []
    tabs: list[ConsolePage] = []

    def opened(
        viewport: ViewportSize = DESKTOP,
        state: StorageState | None = None,
        scheme: Scheme = "light",
    ) -> ConsolePage:
        context = chromium.new_context(
            viewport=viewport, storage_state=state, color_scheme=scheme, locale="en-CA"
        )
        contexts.append(context)
        tabs.append(ConsolePage(server, context))
        return tabs[-1]

    yield opened
    for context in contexts:
        context.close()
    assert [fault for tab in tabs for fault in tab.faults] == []


def violations(page: Page) -> list[str]:
    """What axe-core finds, each with the first element it finds it in."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{v['id']}: {v['help']} {v['nodes'][0]['html'][:200]}" for v in found]


def is_as_wide_as_the_screen(page: Page) -> bool:
    """Whether nothing reaches beyond the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.fixture()
def new_tab(server: Server, chromium: Browser) -> Iterator[NewTab]:
    """Opens a browser of its own; fails when a page logs or throws an error."""
    with tabs_of(server, chromium) as opened:
        yield opened
