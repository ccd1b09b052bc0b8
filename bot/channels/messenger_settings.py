"""What Messenger needs of the environment; off until all of it is set."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.channels.all_or_none import all_or_none
from bot.settings import Settings


@dataclass(frozen=True)
class MessengerSettings:
    """The clinic's page and app at Meta.

    Attributes:
        app_secret: Signs webhooks.
        page_token: Lets us write as the page.
        verify_token: Of the handshake.
        api_base: Where the Graph API is.
        api_version: Such as ``v26.0``.
    """

    app_secret: str = field(repr=False)
    page_token: str = field(repr=False)
    verify_token: str = field(repr=False)
    api_base: str
    api_version: str

    @classmethod
    def of(cls, settings: Settings) -> MessengerSettings | None:
        """As the settings say; None when Messenger is off.

        Raises:
            SettingError: names what is missing when only a part is set.
        """
        names = ("messenger_app_secret", "messenger_page_token", "messenger_verify_token")
        values = all_or_none(settings, names, "Messenger's secrets")
        if values is None:
            return None
        secret, token, word = values
        return cls(secret, token, word, settings.graph_api_base, settings.graph_api_version)

    @property
    def send_url(self) -> str:
        """The address of the Send API."""
        return f"{self.api_base}/{self.api_version}/me/messages"
