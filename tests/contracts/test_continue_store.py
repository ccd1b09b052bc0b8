"""What codes and links must do, whatever keeps them; and the desk over them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select

from bot.continuing import (
    CODE,
    Carried,
    CodeSpent,
    CodeTooOld,
    ContinueDesk,
    Link,
    NoCode,
    NotTextable,
    Proof,
    TooManyCodes,
    Wording,
    WrongCode,
)
from bot.outbox import Letter, State
from bot.staff.seal import Seal
from bot.storage.consents import ConsentRepository
from bot.storage.database import Database
from bot.storage.link_tables import conversation_links, phone_codes
from bot.storage.links import LinkRepository
from bot.storage.outbox import OutboxRepository
from bot.storage.tables import tracker_events

pytest_plugins = ["tests.unit.storage.databases"]

NOON = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
WEB, PHONE = "web:a", "+17805550134"
SMS = f"sms:{PHONE}"
WORDING = Wording("****** is your code.", ("on", "web on"), ("moved", "web moved"), "STOP ends it.")
SEAL = Seal("s" * 32, "test")


@dataclass
class FakeDialogues:
    """Says what goes on; counts how often both were held."""

    carried: Carried = field(default_factory=Carried)
    held_together: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def held(self, web_id: str, sms_id: str) -> AsyncIterator[Carried]:
        async with self.lock:
            self.held_together += 1
            yield self.carried


class Clinic:
    """A desk whose clock and codes a test sets."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOON
        self.codes = [f"{number:06}" for number in range(1, 300)]
        self.dialogues = FakeDialogues()
        self.store = LinkRepository(database)
        self.outbox = OutboxRepository(database)
        self.desk = ContinueDesk(
            self.store,
            self.dialogues,
            WORDING,
            SEAL,
            lambda: self.now,
            draw=lambda: self.codes.pop(0),
        )

    async def code_letters(self) -> list[Letter]:
        return [one for one in await self.outbox.of_conversation(SMS) if one.kind == CODE]

    async def rows(self, table: Any) -> list[Any]:
        async with self.database.read() as connection:
            return list(await connection.execute(select(table).order_by(table.c.id)))

    def after(self, **lapse: int) -> None:
        self.now += timedelta(**lapse)


@pytest.fixture
def clinic(database: Database) -> Clinic:
    return Clinic(database)


async def test_the_right_code_links_once_and_says_so_in_both(clinic: Clinic) -> None:
    await clinic.desk.ask(WEB, "780-555-0134")
    (word,) = await clinic.desk.confirm(WEB, "000 001")
    assert word == {"text": "web on", "answer_ids": [], "choices": [], "source": ""}
    (link,) = await clinic.store.to_texts(SMS, NOON - timedelta(days=1))
    assert (link.conversation_id, link.phone) == (WEB, PHONE)
    told = [one for one in await clinic.outbox.of_conversation(SMS) if one.kind != CODE]
    assert [letter.body for letter in told] == ["on STOP ends it."]
    assert [one.body for one in await clinic.outbox.of_conversation(WEB)] == ["web on"]


async def test_the_same_code_again_is_the_same_proof(clinic: Clinic) -> None:
    await clinic.desk.ask(WEB, PHONE)
    answers = await asyncio.gather(*(clinic.desk.confirm(WEB, "000001") for _ in range(4)))
    assert sorted(map(len, answers)) == [0, 0, 0, 1]
    assert len(await clinic.rows(conversation_links)) == 1
    assert len(await clinic.outbox.of_conversation(SMS)) == 2


async def test_a_code_counts_only_in_its_own_chat(clinic: Clinic) -> None:
    await clinic.desk.ask(WEB, PHONE)
    with pytest.raises(NoCode):
        await clinic.desk.confirm("web:thief", "000001")
    await clinic.desk.ask("web:thief", "+17805550199")
    with pytest.raises(WrongCode):
        await clinic.desk.confirm("web:thief", "000001")
    assert await clinic.rows(conversation_links) == []


async def test_guesses_are_counted_also_when_they_come_at_once(clinic: Clinic) -> None:
    await clinic.desk.ask(WEB, PHONE)
    guesses = (clinic.desk.confirm(WEB, f"9{number:05}") for number in range(20))
    errors = await asyncio.gather(*guesses, return_exceptions=True)
    assert [type(error) for error in errors].count(WrongCode) == 4
    assert {type(error) for error in errors} == {WrongCode, CodeSpent}
    with pytest.raises(CodeSpent):
        await clinic.desk.confirm(WEB, "000001")


async def test_what_cannot_be_a_code_costs_no_try(clinic: Clinic) -> None:
    await clinic.desk.ask(WEB, PHONE)
    for typed in ("", "12345", "1234567", "abcdef", "١٢٣٤٥٦"):
        with pytest.raises(WrongCode):
            await clinic.desk.confirm(WEB, typed)
    assert (await clinic.rows(phone_codes))[0].tries == 0


async def test_a_code_ends_by_its_time_and_by_the_next(clinic: Clinic) -> None:
    await clinic.desk.ask(WEB, PHONE)
    await clinic.desk.ask(WEB, PHONE)
    with pytest.raises(WrongCode):
        await clinic.desk.confirm(WEB, "000001")
    first, second = await clinic.code_letters()
    assert (first.state, second.state) == (State.DEAD, State.PENDING)
    clinic.after(minutes=10)
    with pytest.raises(CodeTooOld):
        await clinic.desk.confirm(WEB, "000002")


async def test_a_chat_may_ask_three_times_an_hour_and_hears_how_long_to_wait(
    clinic: Clinic,
) -> None:
    for number in range(3):
        await clinic.desk.ask(WEB, f"+1780555013{number}")
        clinic.after(minutes=10)
    with pytest.raises(TooManyCodes) as refused:
        await clinic.desk.ask(WEB, PHONE)
    assert refused.value.retry_after == 30 * 60
    clinic.after(minutes=31)
    await clinic.desk.ask(WEB, PHONE)


async def test_a_phone_is_never_flooded_and_nobody_is_told(clinic: Clinic) -> None:
    answers = [await clinic.desk.ask(f"web:{number}", PHONE) for number in range(9)]
    assert {(one.phone, one.expires_at) for one in answers} == {(PHONE, NOON + timedelta(0, 600))}
    assert len(await clinic.code_letters()) == 4
    # The code of the fifth was never sent, and proves nothing.
    with pytest.raises(WrongCode):
        await clinic.desk.confirm("web:4", "000005")
    clinic.after(hours=1)
    for number in range(10, 14):
        await clinic.desk.ask(f"web:{number}", PHONE)
    assert len(await clinic.code_letters()) == 6


async def test_those_who_ask_at_once_count_each_other(clinic: Clinic) -> None:
    await asyncio.gather(*(clinic.desk.ask(f"web:{number}", PHONE) for number in range(12)))
    assert len(await clinic.code_letters()) == 4


async def test_an_address_and_everybody_together_have_limits(clinic: Clinic) -> None:
    for number in range(20):
        await clinic.desk.ask(f"web:{number}", f"+178055501{number:02}", "198.51.100.7")
    with pytest.raises(TooManyCodes):
        await clinic.desk.ask("web:x", PHONE, "198.51.100.7")
    for number in range(20, 100):
        await clinic.desk.ask(f"web:{number}", f"+178055501{number:02}", f"198.51.100.{number}")
    with pytest.raises(TooManyCodes):
        await clinic.desk.ask("web:y", PHONE)


async def test_who_wants_no_texts_gets_none_and_the_answer_is_the_same(clinic: Clinic) -> None:
    await ConsentRepository(clinic.database).stop(SMS, "stop")
    asked = await clinic.desk.ask(WEB, PHONE)
    assert asked.expires_at == NOON + timedelta(minutes=10)
    assert await clinic.outbox.of_conversation(SMS) == ()
    with pytest.raises(WrongCode):
        await clinic.desk.confirm(WEB, "000001")


@pytest.mark.parametrize(
    "typed",
    ["", "hello", "555-0134", "+44 20 7946 0018", "+1 876 555 0134", "1-800-555-0199", "911"],
)
async def test_only_mobile_numbers_of_canada_and_the_states_get_one(
    clinic: Clinic, typed: str
) -> None:
    with pytest.raises(NotTextable):
        await clinic.desk.ask(WEB, typed)
    assert await clinic.rows(phone_codes) == []


async def test_neither_the_code_nor_the_address_is_kept(clinic: Clinic) -> None:
    clinic.codes = ["482913"]
    await clinic.desk.ask(WEB, PHONE, "198.51.100.7")
    (row,), (letter,) = await clinic.rows(phone_codes), await clinic.code_letters()
    kept = f"{dict(row._mapping)} {letter}"
    assert not [word for word in ("482913", "198.51") if word in kept]
    assert letter.body == "****** is your code."


async def test_what_is_over_is_forgotten(clinic: Clinic) -> None:
    await clinic.desk.ask(WEB, PHONE)
    assert await clinic.store.forget_codes(clinic.now) == 0
    (letter,) = await clinic.code_letters()
    assert letter.detail["sealed"]
    # Nobody could send it in time.
    clinic.now = datetime.now(timezone.utc) + timedelta(minutes=11)
    assert await clinic.store.forget_codes(clinic.now) == 1
    (row,), (letter,) = await clinic.rows(phone_codes), await clinic.code_letters()
    assert (row.phone, row.code_mark) == (None, None)
    assert (letter.state, letter.detail) == (State.DEAD, {})
    assert await clinic.store.forget_codes(clinic.now) == 0


async def test_a_sent_code_is_out_of_its_letter(clinic: Clinic) -> None:
    await clinic.desk.ask(WEB, PHONE)
    (letter,) = await clinic.code_letters()
    await clinic.outbox.settle(letter.id, State.SENT, NOON)
    await clinic.store.forget_codes(NOON)
    (letter,) = await clinic.code_letters()
    assert (letter.state, letter.detail, letter.body) == (State.SENT, {}, "****** is your code.")
    # It still proves the phone.
    assert await clinic.desk.confirm(WEB, "000001")


async def test_what_goes_on_is_kept_with_the_link_or_not_at_all(clinic: Clinic) -> None:
    event = {"event": "slot", "name": "booking_name", "value": "Zoë", "timestamp": 1.0}
    away = {"event": "active_loop", "name": None, "timestamp": 1.0}
    choices = [{"title": "First visit", "text": "It's my first visit"}]
    clinic.dialogues.carried = Carried("First visit?", choices, (event,), (away,), True)
    await clinic.desk.ask(WEB, PHONE)
    with pytest.raises(WrongCode):
        await clinic.desk.confirm(WEB, "999999")
    assert await clinic.rows(tracker_events) == []
    (word,) = await clinic.desk.confirm(WEB, "000001")
    assert (word["text"], word["answer_ids"]) == ("web moved", ["booking/request"])
    rows = await clinic.rows(tracker_events)
    assert [(row.sender_id, row.type_name) for row in rows] == [(SMS, "slot"), (WEB, "active_loop")]
    first = (await clinic.outbox.of_conversation(SMS))[-1]
    assert first.body == "moved STOP ends it.\nFirst visit?"
    assert first.detail["choices"] == choices


async def test_a_link_is_proved_anew_and_ends(clinic: Clinic) -> None:
    await clinic.desk.ask(WEB, PHONE)
    await clinic.desk.confirm(WEB, "000001")
    clinic.after(days=2)
    await clinic.desk.ask(WEB, PHONE)
    await clinic.desk.confirm(WEB, "000002")
    (link,) = await clinic.store.to_texts(SMS, NOON + timedelta(days=1))
    assert link.linked_at == clinic.now
    assert await clinic.store.to_texts(SMS, clinic.now) == ()


async def test_an_erased_code_links_nothing(clinic: Clinic) -> None:
    await clinic.desk.ask(WEB, PHONE)
    code = await clinic.store.spend_try(WEB, NOON)
    async with clinic.database.begin() as connection:
        await connection.execute(phone_codes.delete())
    link = Link(WEB, SMS, NOON)
    assert await clinic.store.link(code, link, Carried(), ()) is Proof.OVER
    assert await clinic.rows(conversation_links) == []
