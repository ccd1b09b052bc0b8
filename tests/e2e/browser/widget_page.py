"""Page object of the patient's web chat: what a patient sees and does, not how it is built."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class WidgetPage:
    """The chat element on any page that embeds it.

    Args:
        page: a page already at an address that embeds `<patient-faq>`.
        timeout_ms: how long a reply may take, in milliseconds.
    """

    def __init__(self, page: Page, timeout_ms: float = 15_000) -> None:
        self.page = page
        self.timeout_ms = timeout_ms
        self.host: Locator = page.locator("patient-faq")
        self.launcher: Locator = self.host.locator(".launcher")
        self.panel: Locator = self.host.locator(".panel")
        self.input: Locator = self.host.get_by_label("Your message")
        self.entries: Locator = self.host.locator(".entry")

    def open(self) -> None:
        """Opens the panel with the launcher; does nothing when it is open already."""
        if not self.panel.is_visible():
            self.launcher.click()
        expect(self.panel).to_be_visible()

    def close(self) -> None:
        """Closes the panel with its button."""
        self.host.get_by_label("Close chat").click()
        expect(self.panel).to_be_hidden()

    def send(self, text: str) -> None:
        """Types a message and presses Enter; `wait_for_reply` waits for the answer."""
        self.input.fill(text)
        self.input.press("Enter")

    def choose(self, title: str) -> None:
        """Presses one of the offered choices or starter suggestions."""
        self.host.locator(".choice").get_by_text(title, exact=True).click()

    def wait_for_reply(self) -> str:
        """Waits until the last message is answered.

        Returns:
            The reply, as `last_reply` gives it.

        Raises:
            AssertionError: the message failed, or no reply came in time.
        """
        last_patient = self.host.locator(".entry.patient").last
        expect(last_patient).to_have_attribute("data-state", "sent", timeout=self.timeout_ms)
        expect(self.entries.last).to_have_attribute("data-role", "assistant")
        return self.last_reply()

    def ask(self, text: str) -> str:
        """Sends a message and returns its reply."""
        self.send(text)
        return self.wait_for_reply()

    def last_reply(self) -> str:
        """Returns every assistant bubble after the last patient message, joined by a blank line.

        Empty while no reply is there.
        """
        turns = self._turns()
        start = max((i for i, (role, _) in enumerate(turns) if role == "patient"), default=-1)
        return "\n\n".join(text for _, text in turns[start + 1 :])

    def choices(self) -> list[str]:
        """Returns the labels of the buttons on offer: choices, or the starters when empty."""
        return self.host.locator(".choice:visible").all_inner_texts()

    def history_texts(self) -> list[str]:
        """Returns the text of every bubble, patient's and assistant's, oldest first."""
        return [text for _, text in self._turns()]

    def sources(self) -> list[str]:
        """Returns the source lines, oldest first, each beginning with "Source: "."""
        return self.host.locator(".source").all_inner_texts()

    def call_links(self) -> list[str]:
        """Returns the `tel:` addresses of the large call buttons, in order of appearance."""
        return [link.get_attribute("href") or "" for link in self.host.locator(".call").all()]

    def failure(self) -> str:
        """Waits for and returns the reason shown under a message that was not sent."""
        note = self.host.locator(".entry[data-state=failed] .note > span").last
        expect(note).to_be_visible(timeout=self.timeout_ms)
        return note.inner_text()

    def try_again(self) -> None:
        """Presses "Try again" under the last message that was not sent."""
        self.host.get_by_role("button", name="Try again").last.click()

    def start_over(self) -> None:
        """Starts a new conversation from the menu."""
        self.host.get_by_label("Chat options").click()
        self.host.get_by_role("button", name="Start over").click()
        expect(self.entries).to_have_count(0)

    def _turns(self) -> list[tuple[str, str]]:
        return [
            (entry.get_attribute("data-role") or "", entry.locator(".text").inner_text())
            for entry in self.entries.all()
        ]
