from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.errors import SettingError
from bot.settings import ROOT, Settings

SECRET = "0123456789abcdef" * 2


def test_an_empty_environment_gives_the_demo_clinic_on_sqlite() -> None:
    settings = Settings.from_env({})
    assert settings.database_url.startswith("sqlite:///")
    assert settings.clinic_profile.is_file()
    assert settings.answers_dir.is_dir()
    assert settings.safety_dir.is_dir()
    assert settings.endpoints.is_file()
    assert (settings.redis_url, settings.secret_key) == (None, None)
    assert settings.allowed_origins == ()


def test_settings_are_read_by_their_names_in_capitals() -> None:
    settings = Settings.from_env(
        {
            "DATABASE_URL": "sqlite://",
            "CLINIC_PROFILE": "/srv/clinic.yml",
            "SECRET_KEY": SECRET,
            "SESSION_DAYS": "7",
            "TURN_DEADLINE": "2.5",
            "LOG_LEVEL": "debug",
            "database_url": "ignored",
            "PATH": "/usr/bin",
        }
    )
    assert settings.database_url == "sqlite://"
    assert settings.clinic_profile == Path("/srv/clinic.yml")
    assert (settings.session_days, settings.turn_deadline) == (7, 2.5)
    assert (settings.log_level, settings.require_secret()) == ("DEBUG", SECRET)


def test_an_empty_value_counts_as_unset() -> None:
    assert Settings.from_env({"REDIS_URL": "", "SESSION_DAYS": ""}) == Settings.from_env({})


def test_the_first_data_key_writes_and_the_secret_key_reads_last() -> None:
    keys = f"{SECRET}1, {SECRET}2"
    settings = Settings.from_env({"DATA_KEYS": keys, "SECRET_KEY": SECRET})
    assert settings.data_secrets == (f"{SECRET}1", f"{SECRET}2", SECRET)
    assert Settings.from_env({"SECRET_KEY": SECRET}).data_secrets == (SECRET,)
    assert Settings.from_env({}).data_secrets == ()


def test_a_refused_data_key_is_not_repeated() -> None:
    with pytest.raises(SettingError) as wrong:
        Settings.from_env({"DATA_KEYS": f"hunter2,{SECRET}"})
    assert "hunter2" not in str(wrong.value)
    assert SECRET not in str(wrong.value)


def test_origins_are_split_at_commas_and_lose_a_last_slash() -> None:
    settings = Settings.from_env({"ALLOWED_ORIGINS": "https://a.example/, https://b.example ,,"})
    assert settings.allowed_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("DATA_KEYS", "short"),
        ("DATA_KEYS", "x" * 40),
        ("DATA_KEYS", f"{SECRET},"),
        ("DATA_KEYS", f"{SECRET},{SECRET}"),
        ("DATA_KEYS", ",".join(f"{SECRET}{number}" for number in range(6))),
        ("SMTP_URL", "mail.clinic.example"),
        ("SMTP_URL", "smtp://user:password@mail.clinic.example"),
        ("MAIL_FROM", "nobody"),
        ("STAFF_EMAIL", "desk@clinic.example, owner"),
        ("SECRET_KEY", "x" * 31),
        ("FHIR_TOKEN", "x" * 31),
        ("SESSION_DAYS", "0"),
        ("SESSION_DAYS", "366"),
        ("SESSION_DAYS", "many"),
        ("TURN_DEADLINE", "0"),
        ("TURN_DEADLINE", "61"),
        ("TRUSTED_PROXIES", "-1"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name) as wrong:
        Settings.from_env({name: value})
    assert wrong.value.remedy


def test_every_wrong_setting_is_named_at_once_and_no_value_is_repeated() -> None:
    with pytest.raises(SettingError) as wrong:
        Settings.from_env({"SECRET_KEY": "hunter2", "LOG_LEVEL": "LOUD"})
    assert "SECRET_KEY" in str(wrong.value)
    assert "LOG_LEVEL" in str(wrong.value)
    assert "hunter2" not in str(wrong.value)


def test_there_is_no_default_secret() -> None:
    with pytest.raises(SettingError, match=r"SECRET_KEY is not set.*make run"):
        Settings.from_env({}).require_secret()


def test_settings_cannot_be_changed() -> None:
    settings = Settings.from_env({})
    with pytest.raises(TypeError):
        settings.log_level = "DEBUG"


def test_a_name_that_is_no_setting_is_refused() -> None:
    with pytest.raises(ValidationError):
        Settings(databse_url="sqlite://")  # type: ignore[call-arg]


def test_every_setting_is_described() -> None:
    for field in Settings.__fields__.values():
        assert field.field_info.description, field.name


def test_the_root_is_the_projects_folder(root: Path) -> None:
    assert root == ROOT
