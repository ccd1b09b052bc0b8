from __future__ import annotations

import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.doctor import EXAMINATIONS, Finding, examine
from bot.services import privacy_desk
from bot.settings import ROOT, Settings
from bot.storage.database import Database
from bot.storage.inbox import InboxRepository
from bot.storage.migrate import migrate
from bot.storage.sealer import Sealer

pytest_plugins = ["mail_server"]

SECRET = "0123456789abcdef" * 2


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A sound set-up; each test spoils one part."""
    (tmp_path / "models").mkdir()
    monkeypatch.setattr("bot.doctor.served_path", lambda s: s.models_dir / "model.tar.gz")
    (tmp_path / "models" / "model.tar.gz").write_text("model")
    return {
        "SECRET_KEY": SECRET,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'bot.db'}",
        "MODELS_DIR": str(tmp_path / "models"),
    }


async def _examined(environment: dict[str, str], is_migrated: bool = True) -> dict[str, Finding]:
    if is_migrated:
        await migrate(environment["DATABASE_URL"])
    findings = await examine(Settings.from_env(environment))
    assert [finding.part for finding in findings] == list(EXAMINATIONS)
    return {finding.part: finding for finding in findings}


def _faults(findings: dict[str, Finding]) -> list[str]:
    return [part for part, finding in findings.items() if finding.is_fault]


async def test_a_sound_set_up_has_no_fault(environment: dict[str, str]) -> None:
    findings = await _examined(environment)
    assert _faults(findings) == []
    assert (findings["locks"].verdict, findings["mail"].verdict) == ("off", "off")


async def test_a_console_that_nobody_can_open_is_noted(environment: dict[str, str]) -> None:
    console = (await _examined(environment))["console"]
    assert (console.verdict, "bot user add" in console.says) == ("note", True)


async def test_a_console_over_plain_http_is_a_fault(environment: dict[str, str]) -> None:
    findings = await _examined({**environment, "PUBLIC_URL": "http://faq.clinic.example"})
    assert _faults(findings) == ["console"]
    assert "https" in findings["console"].says


async def test_the_demo_clinics_facts_are_noted(environment: dict[str, str]) -> None:
    findings = await _examined(environment)
    assert findings["content"].verdict == "note"
    assert "CLINIC_PROFILE" in findings["content"].says


async def test_channels_that_are_off_are_said_to_be_so(environment: dict[str, str]) -> None:
    says = (await _examined(environment))["channels"].says
    assert "SMS" in says
    assert "Messenger" in says


@pytest.mark.parametrize(
    ("name", "value", "part", "remedy"),
    [
        ("SECRET_KEY", "", "secrets", "SECRET_KEY"),
        ("MODELS_DIR", "/nowhere", "model", "bot train"),
        ("SAFETY_DIR", "/nowhere", "safety", "SAFETY_DIR"),
        ("ANSWERS_DIR", "/nowhere", "content", "bot content check"),
        ("REDIS_URL", "redis://127.0.0.1:1/0", "locks", "REDIS_URL"),
        ("REDIS_URL", "nonsense", "locks", "REDIS_URL"),
        ("SMTP_URL", "smtp://127.0.0.1", "mail", "STAFF_EMAIL"),
    ],
)
async def test_a_fault_names_its_part_and_the_remedy_and_the_rest_goes_on(
    environment: dict[str, str], name: str, value: str, part: str, remedy: str
) -> None:
    findings = await _examined({**environment, name: value})
    assert _faults(findings) == [part]
    assert remedy in findings[part].says


async def test_a_mail_server_that_takes_us_is_in_order(
    environment: dict[str, str], smtp_url: str
) -> None:
    mail = {"SMTP_URL": smtp_url, "MAIL_FROM": "a@b.example", "STAFF_EMAIL": "c@b.example"}
    findings = await _examined({**environment, **mail})
    assert findings["mail"].verdict == "ok"


async def test_an_old_database_is_a_fault(environment: dict[str, str]) -> None:
    findings = await _examined(environment, is_migrated=False)
    assert _faults(findings) == ["database"]
    assert "bot db migrate" in findings["database"].says


async def test_a_database_out_of_reach_is_a_fault_without_its_password(
    environment: dict[str, str],
) -> None:
    url = "postgresql://user:hunter2@127.0.0.1:1/none"
    findings = await _examined({**environment, "DATABASE_URL": url}, is_migrated=False)
    assert _faults(findings) == ["database"]
    assert "hunter2" not in findings["database"].says


async def _take(environment: dict[str, str], days_ago: int) -> None:
    await migrate(environment["DATABASE_URL"])
    database = Database.of(Settings.from_env(environment))
    then = datetime.now(timezone.utc) - timedelta(days=days_ago)
    await InboxRepository(database, lambda: then).take("web", "web:a", "m1", "hello")
    await database.close()


async def test_a_purge_that_never_ran_is_noted_while_nothing_is_overdue(
    environment: dict[str, str],
) -> None:
    await _take(environment, 91)
    finding = (await _examined(environment))["purge"]
    assert finding.verdict == "note"
    assert "has not run yet" in finding.says


async def test_rows_past_their_time_are_a_fault_until_the_purge_has_run(
    environment: dict[str, str],
) -> None:
    await _take(environment, 93)
    findings = await _examined(environment)
    assert _faults(findings) == ["purge"]
    assert "bot db purge" in findings["purge"].says
    database = Database.of(Settings.from_env(environment))
    await privacy_desk(database, Settings.from_env(environment)).purge()
    await database.close()
    finding = (await _examined(environment))["purge"]
    assert finding.verdict == "ok"
    assert "ran last at" in finding.says


async def test_what_is_not_encrypted_yet_is_noted_until_it_is(
    environment: dict[str, str],
) -> None:
    await _take(environment, 1)
    finding = (await _examined(environment))["sealing"]
    assert (finding.verdict, "SECRET_KEY" in finding.says) == ("ok", True)
    other = {**environment, "DATA_KEYS": "fedcba9876543210" * 2}
    finding = (await _examined(other))["sealing"]
    assert finding.verdict == "note"
    assert "1 rows" in finding.says
    assert "bot db seal" in finding.says
    database = Database.of(Settings.from_env(other))
    await Sealer(database).run()
    await database.close()
    finding = (await _examined(other))["sealing"]
    assert (finding.verdict, "DATA_KEYS" in finding.says) == ("ok", True)


async def test_a_changed_secret_is_a_fault_with_its_remedy(environment: dict[str, str]) -> None:
    await _take(environment, 1)
    changed = {**environment, "SECRET_KEY": "fedcba9876543210" * 2}
    findings = await _examined(changed)
    assert _faults(findings) == ["sealing"]
    assert "DATA_KEYS" in findings["sealing"].says
    listed = {**changed, "DATA_KEYS": f"{changed['SECRET_KEY']},{SECRET}"}
    assert _faults(await _examined(listed)) == []


async def test_a_broken_profile_is_a_fault_wherever_it_is_needed(
    environment: dict[str, str], tmp_path: Path
) -> None:
    profile = tmp_path / "clinic.yml"
    profile.write_text("name: Example\n")
    findings = await _examined({**environment, "CLINIC_PROFILE": str(profile)})
    assert _faults(findings) == ["content", "clock"]


async def test_a_clock_that_is_wrong_is_a_fault(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.doctor.EARLIEST", datetime(2999, 1, 1, tzinfo=timezone.utc))
    findings = await _examined(environment)
    assert _faults(findings) == ["clock"]


async def test_a_clinic_of_its_own_is_in_order(environment: dict[str, str], tmp_path: Path) -> None:
    profile = tmp_path / "clinic.yml"
    shutil.copy(ROOT / "data" / "clinic" / "demo.yml", profile)
    profile.write_text(profile.read_text().replace("demo: true", "demo: false"))
    findings = await _examined({**environment, "CLINIC_PROFILE": str(profile)})
    assert findings["content"].verdict == "ok"
    assert "French wording of safety/crisis awaits" in findings["content"].says


def test_a_finding_reads_as_one_line() -> None:
    finding = Finding("model", "FAULT", "There is none.")
    assert str(finding).split() == ["FAULT", "model", "There", "is", "none."]
    assert finding.is_fault
    assert not Finding("locks", "off", "").is_fault
