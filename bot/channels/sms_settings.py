"""What text messages need of the environment; off until all of it is set."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.channels.all_or_none import all_or_none
from bot.settings import Settings

PATH = "/webhooks/sms"


@dataclass(frozen=True)
class SmsSettings:
    """The clinic's account at Twilio.

    Attributes:
        account_sid: Its name.
        auth_token: Its secret.
        sender: The number or messaging service texts come from.
        api_base: Where Twilio's API is.
        public_url: The address Twilio calls.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    sender: str
    api_base: str
    public_url: str

    @classmethod
    def of(cls, settings: Settings) -> SmsSettings | None:
        """As the settings say; None when text messages are off.

        Raises:
            SettingError: names what is missing when only a part is set.
        """
        names = ("twilio_account_sid", "twilio_auth_token", "twilio_from")
        values = all_or_none(settings, names, "Text messages")
        if values is None:
            return None
        sid, token, sender = values
        return cls(sid, token, sender, settings.twilio_api_base, settings.public_url)

    @property
    def status_url(self) -> str:
        """Where Twilio reports what became of a text."""
        return f"{self.public_url}{PATH}/status"
