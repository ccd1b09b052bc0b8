from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta

import pytest
from fakes.traffic import Clinic

from bot.booking import Status
from bot.console import Desk
from bot.figures.asked import Asked
from bot.figures.keeper import AT_ONCE, DayKeeper
from bot.figures.model import DAYS
from bot.staff.roles import Role
from bot.storage.audit import AuditLog
from bot.storage.feedback import FeedbackRepository
from bot.storage.message_groups import Grouping, GroupRepository
from bot.storage.types import utc_now
from console.conftest import SignedIn
from console.desk import Browser, text_of

PAGE = "/console/figures"
TEXTS = ("<script>hit()</script>", "=1+1 ear seeds", "ear seeds?", "@ear", 'ear "seeds"')


@pytest.fixture
def clinic(desk: Desk) -> Clinic:
    return Clinic(desk.services.database)


@pytest.fixture
async def reader(as_role: SignedIn) -> Browser:
    """Somebody with the least that the page asks for."""
    return await as_role(Role.REVIEWER)


async def count(desk: Desk) -> None:
    keeper = DayKeeper(desk.services.database, desk.profile.timezone, utc_now)
    for _ in range(DAYS // AT_ONCE):
        await keeper.run_once()


async def group(clinic: Clinic, *texts: str) -> list[int]:
    numbers = [
        await clinic.message(
            utc_now(), conversation=f"web:{text}", text=text, outcome="decline", answer=""
        )
        for text in texts
    ]
    asked = [Asked(n, f"web:{text}", text) for n, text in zip(numbers, texts, strict=True)]
    grouping = Grouping(utc_now(), "one.tar.gz", numbers[-1], len(texts), 7)
    await GroupRepository(clinic.database).keep([asked], grouping)
    return numbers


async def rows(browser: Browser, picture: str, query: str = "") -> list[dict[str, str]]:
    answer = await browser.get(f"{PAGE}/export/{picture}{query}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.status == 200
    return list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))


async def test_an_uncounted_clinic_says_so(reader: Browser, desk: Desk) -> None:
    assert "30 days are still being counted" in text_of(await reader.open(PAGE))
    await count(desk)
    text = text_of(await reader.open(PAGE))
    assert "being counted" not in text
    assert text.count("Nothing in these days.") >= 5
    assert "That has not happened yet." in text


async def test_the_page_and_its_sheets_tell_the_same(
    reader: Browser, desk: Desk, clinic: Clinic
) -> None:
    now = utc_now()
    number = await clinic.message(now, took=0.2, answer="clinic/fees")
    await clinic.message(now, took=0.2, answer="clinic/fees")
    await clinic.message(now, took=3, conversation="sms:+17805550199", outcome="decline", answer="")
    await clinic.message(now - timedelta(days=10), answer="topic/of/old")
    await FeedbackRepository(clinic.database).give("web:a", number, "down", "", "")
    await count(desk)
    page = await reader.open(f"{PAGE}?days=30")
    text = text_of(page)
    assert "Fees and payment" in text
    assert "1 down" in text
    assert "clinic/fees" not in page.body.decode()
    by_day = await rows(reader, "messages", "?days=30")
    today = desk.profile.now().date()
    assert len(by_day) == 30
    assert by_day[0]["Day"] == today.isoformat()
    assert (by_day[0]["Answered"], by_day[0]["Declined"], by_day[0]["All"]) == ("2", "1", "3")
    # A day without messages is there, and empty.
    assert by_day[1]["All"] == "0"
    questions = await rows(reader, "questions")
    assert questions[0] == {
        "Question": "Fees and payment",
        "Answered": "2",
        "Share": "0.6667",
        "Thumbs down": "1",
    }
    assert questions[1]["Question"] == "An answer without a card"
    replies = await rows(reader, "replies")
    slowest = {row["Channel"]: row["Slowest (s)"] for row in replies if row["Day"] == "All days"}
    assert slowest == {"Web chat": "0.200", "Text message": "3.000"}


async def test_a_range_and_a_channel_narrow_everything(
    reader: Browser, desk: Desk, clinic: Clinic
) -> None:
    now = utc_now()
    await clinic.message(now)
    await clinic.message(now, conversation="sms:+17805550199", outcome="urgent")
    await clinic.message(now - timedelta(days=20), conversation="sms:+17805550199")
    await group(clinic, *TEXTS)
    await count(desk)
    assert sum(int(row["All"]) for row in await rows(reader, "messages", "?days=7")) == 7
    sms = await rows(reader, "messages", "?days=90&channel=sms")
    assert (len(sms), sum(int(row["All"]) for row in sms)) == (90, 2)
    assert sum(int(row["Red flag"]) for row in sms) == 1
    assert await rows(reader, "unanswered", "?channel=sms") == []
    # What is nonsense in an address is left out.
    assert len(await rows(reader, "messages", "?days=8&channel=fax")) == 30
    page = (await reader.open(f"{PAGE}?days=7&channel=sms")).body.decode()
    assert '/console/figures?days=7" ' not in page
    assert "/console/figures/export/visits?days=7&amp;channel=sms" in page


async def test_groups_lead_to_their_messages_and_never_run(
    reader: Browser, desk: Desk, clinic: Clinic
) -> None:
    numbers = await group(clinic, *TEXTS)
    await count(desk)
    page = (await reader.open(PAGE)).body.decode()
    assert "<script>hit" not in page
    assert "&lt;script&gt;hit()&lt;/script&gt;" in page
    assert f'href="/console/conversations/{numbers[0]}#m{numbers[0]}"' in page
    assert f'href="/console/review/{numbers[4]}"' in page
    assert "7 older ones were left out" in page


async def test_no_cell_of_a_sheet_is_a_formula(reader: Browser, desk: Desk, clinic: Clinic) -> None:
    await group(clinic, *TEXTS)
    found = await rows(reader, "unanswered")
    assert [row["Message"] for row in found] == [
        TEXTS[0],
        f"'{TEXTS[1]}",
        TEXTS[2],
        f"'{TEXTS[3]}",
        TEXTS[4],
    ]
    assert {row["Size"] for row in found} == {"5"}
    assert datetime.fromisoformat(found[0]["When"]).tzinfo is not None


async def test_visits_and_waits_are_followed(reader: Browser, desk: Desk, clinic: Clinic) -> None:
    now = utc_now() - timedelta(days=1)
    asked = "booking/request"
    for name in ("web:a", "web:b"):
        await clinic.message(now, conversation=name, outcome="booking", intent=asked, answer=asked)
    await clinic.request(now + timedelta(minutes=3), "web:b", Status.PROPOSED)
    talk = await clinic.asked_for_a_person(now)
    await clinic.asked_for_a_person(now, "web:b")
    await clinic.letter(f"handoff/{talk}/1", "staff_message", now + timedelta(minutes=9), "web:a")
    await count(desk)
    text = re.sub(r"\s+", " ", text_of(await reader.open(PAGE)))
    assert "Asked about a visit 2 100 %" in text
    assert "Were offered a time 1 50 %" in text
    assert "Visit confirmed 0 0 %" in text
    assert "5 to 15 minutes 1" in text
    assert "Nobody wrote 1" in text
    (waits,) = await rows(reader, "waits")
    assert waits["Waited"] == "After asking for a person"
    assert (waits["Times"], waits["Staff wrote"], waits["Median (s)"]) == ("2", "1", "540.000")


async def test_an_export_is_noted(reader: Browser, desk: Desk) -> None:
    answer = await reader.get(f"{PAGE}/export/messages?days=7&channel=sms")
    today = desk.profile.now().date()
    named = f'attachment; filename="messages-sms-{today}.csv"'
    assert answer.headers["content-disposition"] == named
    entry = (await AuditLog(desk.services.database).page(1))[0]
    assert (entry.action, entry.subject) == ("figures_exported", "messages")
    assert entry.detail == {"days": 7, "channel": "sms"}
    assert (await reader.get(f"{PAGE}/export/nothing")).status == 404


async def test_no_picture_has_a_style_or_script_of_its_own(
    reader: Browser, desk: Desk, clinic: Clinic
) -> None:
    await clinic.message(utc_now())
    await count(desk)
    page = (await reader.open(PAGE)).body.decode()
    assert 'class="c-answered"' in page
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)
    assert page.count("<script") == 1
