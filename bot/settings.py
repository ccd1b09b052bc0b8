"""Every setting, read from the environment once, in one frozen object."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError, validator

from bot.errors import SettingError

ROOT = Path(__file__).resolve().parent.parent
MIN_SECRET_LENGTH = 32
# One letter again and again is no secret, nor is a word with a tail of zeros.
MIN_SECRET_LETTERS = 8
MAX_DATA_KEYS = 5
ADDRESS = re.compile(r"[^\s@<>,]+@[^\s@<>,]+")
MAIL_SERVER = re.compile(r"smtps?://(?:[\w.-]+|\[[\da-f:]+\])(?::\d{1,5})?")
# A number for texts: E.164, a short code, or a messaging service.
TEXT_SENDER = re.compile(r"\+[1-9]\d{6,14}|\d{3,6}|MG\w{1,64}")
GRAPH_VERSION = re.compile(r"v\d{1,3}\.\d{1,2}")
WEB_ADDRESS = re.compile(r"https?://[^\s/?#]+(?:/[^\s?#]*)?")
WEAK_SECRETS = frozenset({"secret", "changeme", "change-me", "default", "password"})


class Settings(BaseModel):
    """The environment names are the field names in capitals; ``docs/settings.md`` lists them."""

    database_url: str = Field(
        f"sqlite:///{ROOT / 'var' / 'bot.db'}",
        description="Where everything is kept: sqlite:///path or postgresql://user@host/name.",
    )
    redis_url: str | None = Field(
        None, description="Redis for locks and rate limits; unset: inside this process."
    )
    public_url: str = Field(
        "http://127.0.0.1:5005",
        description="The address patients and providers use; webhook signatures depend on it.",
    )
    secret_key: str | None = Field(
        None, description="Signs web sessions; at least 32 characters. `make run` makes one."
    )
    data_keys: tuple[str, ...] = Field(
        (),
        description="Secrets that what patients wrote is encrypted with, the newest first, "
        "comma-separated; unset: with SECRET_KEY.",
    )
    clinic_profile: Path = Field(
        ROOT / "data" / "clinic" / "demo.yml",
        description="The clinic's own facts; the shipped file is a demo clinic.",
    )
    answers_dir: Path = Field(ROOT / "data" / "answers", description="Approved answer cards.")
    safety_dir: Path = Field(ROOT / "data" / "safety", description="Red-flag tables.")
    endpoints: Path = Field(
        ROOT / "endpoints.yml", description="Where custom actions run; see the file itself."
    )
    learned_dir: Path = Field(
        ROOT / "var" / "learned",
        description="What staff taught the assistant, beside the shipped data.",
    )
    evaluation_dir: Path = Field(
        ROOT / "tests" / "nlu", description="Labelled messages that models are compared on."
    )
    models_dir: Path = Field(ROOT / "models", description="Trained models, one per fingerprint.")
    cache_dir: Path = Field(ROOT / "var" / "cache", description="Results of training steps.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    session_days: int = Field(30, ge=1, le=365, description="How long a web session lives.")
    rate_limit: str = Field(
        "60/minute", description="Messages one patient may send; `limits` notation."
    )
    session_rate_limit: str = Field(
        "600/minute", description="New web sessions one address may open."
    )
    retain_messages_days: int = Field(
        90, ge=1, le=3650, description="Days messages and replies are kept."
    )
    retain_letters_days: int = Field(
        90, ge=1, le=3650, description="Days what the clinic let know is kept."
    )
    retain_bookings_days: int = Field(
        365,
        ge=1,
        le=3650,
        description="Days a request is kept after the visit or its last change.",
    )
    retain_tries_days: int = Field(
        1, ge=1, le=3650, description="Days wrong tries to reach a request are counted."
    )
    retain_alerts_days: int = Field(365, ge=1, le=3650, description="Days alerts are kept.")
    retain_conversations_days: int = Field(
        90, ge=1, le=3650, description="Days a conversation is known after its last message."
    )
    retain_links_days: int = Field(
        30, ge=1, le=3650, description="Days a web chat and a proved phone's texts are linked."
    )
    turn_deadline: float = Field(
        10.0, gt=0, le=60, description="Seconds a turn may take before the patient gets an apology."
    )
    handoff_minutes: int = Field(
        15,
        ge=1,
        le=1440,
        description="Minutes of opening hours until who waits for a person is told to call.",
    )
    handoff_idle_hours: int = Field(
        12,
        ge=1,
        le=168,
        description="Hours without staff until the assistant answers a taken conversation again.",
    )
    console_idle_minutes: int = Field(
        30, ge=5, le=480, description="How long staff stay signed in without doing anything."
    )
    console_hours: int = Field(12, ge=1, le=24, description="How long staff stay signed in at all.")
    review_sample: float = Field(
        0.02, ge=0, le=1, description="Share of unsuspicious messages drawn for review."
    )
    twilio_account_sid: str | None = Field(
        None, description="Twilio's name for the clinic's account; turns text messages on."
    )
    twilio_auth_token: str | None = Field(
        None, description="Signs Twilio's webhooks and signs in at its API; a secret."
    )
    twilio_from: str | None = Field(
        None, description="The clinic's number for texts, as +17805550142, or MG… of a service."
    )
    twilio_api_base: str = Field(
        "https://api.twilio.com", description="Where text messages are sent through."
    )
    messenger_app_secret: str | None = Field(
        None, description="Signs Messenger's webhooks; turns Messenger on; a secret."
    )
    messenger_page_token: str | None = Field(
        None, description="Lets the assistant write as the clinic's page; a secret."
    )
    messenger_verify_token: str | None = Field(
        None, description="Your own word, given to Meta as well, for the webhook's handshake."
    )
    graph_api_base: str = Field(
        "https://graph.facebook.com", description="Where Messenger replies are sent through."
    )
    graph_api_version: str = Field("v26.0", description="The version of the Graph API.")
    smtp_url: str | None = Field(
        None, description="The mail server, smtp://host:587 or smtps://host:465."
    )
    smtp_user: str | None = Field(None, description="To sign in at the mail server with.")
    smtp_password: str | None = Field(None, description="With the user.")
    mail_from: str | None = Field(None, description="The address that email comes from.")
    staff_email: tuple[str, ...] = Field(
        (), description="Who at the clinic is told of requests, comma-separated."
    )
    fhir_token: str | None = Field(
        None, description="Opens the FHIR route; at least 32 characters. Unset: no such route."
    )
    allowed_origins: tuple[str, ...] = Field(
        (),
        description="Websites that embed the chat, as https://clinic.example, comma-separated.",
    )
    trusted_proxies: int = Field(
        0, ge=0, le=5, description="Reverse proxies in front whose X-Forwarded-For is believed."
    )

    class Config:
        frozen = True
        extra = "forbid"

    @validator("secret_key", "fhir_token")
    def _strong(cls, value: str | None) -> str | None:
        if value is not None and (len(value) < MIN_SECRET_LENGTH or value.lower() in WEAK_SECRETS):
            raise ValueError(f"must be at least {MIN_SECRET_LENGTH} unguessable characters")
        return value

    @validator("data_keys", pre=True)
    def _split_keys(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value

    @validator("data_keys")
    def _strong_keys(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        # The values are not repeated: they are secrets.
        if len(value) > MAX_DATA_KEYS or len(set(value)) < len(value):
            raise ValueError(f"must be at most {MAX_DATA_KEYS} secrets, each another")
        if any(len(key) < MIN_SECRET_LENGTH or len(set(key)) < MIN_SECRET_LETTERS for key in value):
            raise ValueError(
                f"must be secrets of at least {MIN_SECRET_LENGTH} unguessable characters, "
                "separated by commas"
            )
        return value

    @validator("allowed_origins", pre=True)
    def _split(cls, value: object) -> object:
        return _listed(value) if isinstance(value, str) else value

    @validator("staff_email", pre=True)
    def _split_addresses(cls, value: object) -> object:
        return _listed(value) if isinstance(value, str) else value

    @validator("staff_email", "mail_from", each_item=True)
    def _an_address(cls, value: str | None) -> str | None:
        if value is not None and not ADDRESS.fullmatch(value):
            raise ValueError("must be an email address")
        return value

    @validator("smtp_url")
    def _a_mail_server(cls, value: str | None) -> str | None:
        if value is not None and not MAIL_SERVER.fullmatch(value):
            # The value is not repeated: it may hold a password.
            raise ValueError("must be smtp://host:port or smtps://host:port, without a user")
        return value

    @validator("twilio_from")
    def _a_text_sender(cls, value: str | None) -> str | None:
        if value is not None and not TEXT_SENDER.fullmatch(value):
            raise ValueError("must be a number such as +17805550142, or MG… of a messaging service")
        return value

    @validator("graph_api_version")
    def _a_graph_version(cls, value: str) -> str:
        if not GRAPH_VERSION.fullmatch(value):
            raise ValueError("must be a version such as v26.0")
        return value

    @validator("public_url", "twilio_api_base", "graph_api_base")
    def _a_web_address(cls, value: str) -> str:
        if not WEB_ADDRESS.fullmatch(value):
            raise ValueError("must be an address such as https://faq.clinic.example")
        return value.rstrip("/")

    @validator("log_level")
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Reads the settings.

        Args:
            environ: The environment; the process's own when left out. Empty values count as unset.

        Raises:
            SettingError: names each setting that is wrong and what it must be.
        """
        source = os.environ if environ is None else environ
        given = {name: source[name.upper()] for name in cls.__fields__ if source.get(name.upper())}
        try:
            return cls(**given)  # type: ignore[arg-type]
        except ValidationError as error:
            raise SettingError(_explain(error), remedy="Correct the environment.") from None

    @property
    def data_secrets(self) -> tuple[str, ...]:
        """The secrets that open what patients wrote; the first one seals it.

        ``SECRET_KEY`` is always the last of them, since it sealed what was written before there
        were keys of their own.
        """
        return (*self.data_keys, *([self.secret_key] if self.secret_key else []))

    def require_secret(self) -> str:
        """The signing key.

        Raises:
            SettingError: when ``SECRET_KEY`` is unset; there is no default on purpose.
        """
        if self.secret_key is None:
            raise SettingError(
                "SECRET_KEY is not set.",
                remedy="Set it to at least 32 random characters, for example with "
                "`openssl rand -hex 32`; `make run` keeps one in var/secret_key.",
            )
        return self.secret_key


def _listed(value: str) -> tuple[str, ...]:
    return tuple(v.strip().rstrip("/") for v in value.split(",") if v.strip())


def _explain(error: ValidationError) -> str:
    faults = (f"{str(fault['loc'][0]).upper()} {fault['msg']}" for fault in error.errors())
    return "Wrong setting: " + "; ".join(faults) + "."
