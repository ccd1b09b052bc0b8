"""A reviewer who reads each page and uses the keyboard alone, over a hundred conversations.

FAULT_MESSAGES sets how many. Prints how long it took; the figure is in docs/console.md.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path

import pytest
from e2e.browser.chromium import DESKTOP, chromium, chromium_path
from e2e.browser.console_page import ConsolePage
from e2e.conftest import trained
from e2e.serving import Server
from playwright.sync_api import Browser, Page, expect

__all__ = ["chromium", "chromium_path", "trained"]

pytestmark = [pytest.mark.browser, pytest.mark.server]
MESSAGES = int(os.environ.get("FAULT_MESSAGES", "100"))
# What patients ask in ever other words, and what the reviewer takes to be the right answer.
SUBJECTS = {
    "a harp lesson": "ignore",
    "the price of tea in china": "pay",
    "ear seeds": "Ear seeds",
    "the parking of my boat": "parking",
}
ASK = ("tell me about {}", "anything on {} number {}", "i heard of {}, part {}", "so, {} {}?")


def _texts() -> list[str]:
    subjects = list(SUBJECTS)
    return [
        f"{ASK[n % len(ASK)].format(subjects[n % 4], n)} of the {n}th kind" for n in range(MESSAGES)
    ]


def _judge(page: Page, words: str) -> str:
    """Reads the message and presses the keys for it."""
    keys = page.keyboard
    subject = next((s for s in SUBJECTS if s in words), "")
    meant = SUBJECTS.get(subject, "right")
    if meant == "ignore":
        keys.press("i")
    elif meant == "right":
        keys.press("r")
    elif meant == "Ear seeds":
        keys.press("n")
        keys.type(meant)
        keys.press("Enter")
    else:
        keys.press("w")
        keys.type(meant)
        keys.press("Enter")
    return meant


def test_a_hundred_conversations_are_reviewed_by_keyboard(
    chromium: Browser, trained: None, tmp_path: Path
) -> None:
    server = Server(tmp_path, RATE_LIMIT="6000/minute", REVIEW_SAMPLE="1.0")
    server.start()
    try:
        for text in _texts():
            server.patient().say(text)
        tab = ConsolePage(server, chromium.new_context(viewport=DESKTOP))
        tab.sign_in(tab.enrol("Robin Example", "reviewer"))
        _review(tab)
    finally:
        server.kill()


def _review(tab: ConsolePage) -> None:
    page = tab.page
    for _ in range(120):
        tab.open("/console/review")
        count = page.locator(".big strong")
        if count.is_visible() and int(count.inner_text()) >= MESSAGES * 0.9:
            break
        page.wait_for_timeout(500)
    waiting = int(page.locator(".big strong").inner_text())
    done: Counter[str] = Counter()
    started = time.monotonic()
    page.keyboard.press("r")
    while True:
        address = page.url
        expect(page.locator("#asked, .empty").first).to_be_visible()
        if not page.locator("#asked").count():
            break
        read = page.locator("main").inner_text()
        assert "Patient" in read
        done[_judge(page, page.locator("#asked .words").inner_text())] += 1
        page.wait_for_function("before => location.href !== before", arg=address)
    seconds = time.monotonic() - started
    total = sum(done.values())
    print(
        f"\n{total} conversations reviewed by keyboard in {seconds:.0f} s "
        f"({1000 * seconds / total:.0f} ms each), {waiting} waited; {dict(done)}"
    )
    assert total >= MESSAGES * 0.9
    assert tab.faults == []
