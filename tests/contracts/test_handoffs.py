"""What a talk with a person must do, whatever keeps it: SQLite and PostgreSQL alike."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import pytest

from bot.content import CardLibrary, ClinicProfile
from bot.handoff import (
    MAX_WORDS,
    BadWords,
    Deed,
    HandoffDesk,
    HandoffNotFound,
    HandoffOver,
    HandoffWords,
    HeldByOther,
    State,
)
from bot.settings import Settings
from bot.storage.audit import AuditLog
from bot.storage.database import Database
from bot.storage.handoffs import HandoffRepository
from bot.storage.inbox import InboxRepository
from bot.storage.link_tables import conversation_links
from bot.storage.outbox import OutboxRepository

pytest_plugins = ["tests.unit.storage.databases"]

SETTINGS = Settings.from_env({})
PROFILE = ClinicProfile.load(SETTINGS.clinic_profile)
WORDS = HandoffWords(CardLibrary.load(SETTINGS.answers_dir, PROFILE), PROFILE)
# A Thursday, ten in the morning at the clinic.
TEN = datetime(2026, 11, 5, 17, 0, tzinfo=timezone.utc)
MINUTES, IDLE = 15, timedelta(hours=12)
PATIENT = "web:a"


@dataclass
class Clinic:
    """The desk with a clock that a test moves."""

    database: Database
    now: datetime = TEN
    desk: HandoffDesk = field(init=False)

    def __post_init__(self) -> None:
        repository = HandoffRepository(self.database)
        self.desk = HandoffDesk(repository, WORDS, MINUTES, IDLE, lambda: self.now)

    async def asked(self, who: str = PATIENT) -> int:
        await self.desk.ask(who, who.partition(":")[0])
        return await self.number(who)

    async def number(self, who: str = PATIENT) -> int:
        found = await self.desk.of_conversation(who)
        assert found is not None
        return found.id

    async def state(self, handoff_id: int) -> State:
        return (await self.desk.get(handoff_id)).state

    async def told(self, who: str = PATIENT) -> list[str]:
        letters = await OutboxRepository(self.database).of_conversation(who)
        return [letter.kind for letter in letters]

    async def bodies(self, who: str = PATIENT) -> list[str]:
        letters = await OutboxRepository(self.database).of_conversation(who)
        return [letter.body for letter in letters]

    async def trail(self) -> list[tuple[str, str]]:
        entries = await AuditLog(self.database).page(50)
        return [(entry.actor, entry.action) for entry in reversed(entries)]

    async def hear(self, who: str = PATIENT, name: str = "m1") -> None:
        inbox = InboxRepository(self.database, lambda: self.now)
        await inbox.take(who.partition(":")[0], who, name, "are you there")


@pytest.fixture
def clinic(database: Database) -> Clinic:
    return Clinic(database)


async def test_from_a_wish_to_the_end(clinic: Clinic) -> None:
    number = await clinic.asked()
    assert await clinic.state(number) is State.WAITING
    assert not await clinic.desk.is_taken(PATIENT)
    taken = await clinic.desk.take(number, "Kim", 1)
    assert (taken.taken_by, taken.taken_at, taken.version) == ("Kim", TEN, 2)
    assert await clinic.desk.is_taken(PATIENT)
    await clinic.desk.reply(number, "Kim", "  Hello\nSam. ", "form-1")
    await clinic.desk.give_back(number, "Kim")
    assert await clinic.state(number) is State.GIVEN_BACK
    assert not await clinic.desk.is_taken(PATIENT)
    assert await clinic.desk.open_ones() == ()
    assert await clinic.told() == ["handoff_taken", "staff_message", "handoff_given_back"]
    assert (await clinic.bodies())[1] == f"From {PROFILE.name}: Hello\nSam."
    assert await clinic.trail() == [
        ("Kim", "handoff_taken"),
        ("Kim", "handoff_replied"),
        ("Kim", "handoff_given_back"),
    ]


TEXTS = "sms:+17805550199"


async def _link(clinic: Clinic, at: datetime) -> None:
    values = {"conversation_id": PATIENT, "sms_id": TEXTS, "linked_at": at}
    async with clinic.database.begin() as connection:
        await connection.execute(conversation_links.insert().values(**values))


async def test_a_talk_goes_along_to_the_text_messages_that_its_chat_goes_on_by(
    clinic: Clinic,
) -> None:
    number = await clinic.asked()
    await clinic.desk.take(number, "Kim", 1)
    await _link(clinic, clinic.now)
    # Until the patient writes there, the chat is where they read.
    assert await clinic.desk.is_taken(PATIENT)
    assert not await clinic.desk.is_taken(TEXTS)
    assert await clinic.desk.heard_from(TEXTS)
    moved = await clinic.desk.get(number)
    assert (moved.conversation_id, moved.channel, moved.taken_by) == (TEXTS, "sms", "Kim")
    assert not await clinic.desk.heard_from(PATIENT)
    await clinic.desk.reply(number, "Kim", "Here as well.", "form-9")
    assert await clinic.told(TEXTS) == ["staff_message"]
    assert ("server", "handoff_moved") in await clinic.trail()


async def test_one_that_waits_goes_along_and_waits_on(clinic: Clinic) -> None:
    number = await clinic.asked()
    await _link(clinic, clinic.now)
    assert not await clinic.desk.heard_from(TEXTS)
    assert await clinic.number(TEXTS) == number
    assert await clinic.state(number) is State.WAITING


async def test_what_began_after_the_link_stays_where_it_began(clinic: Clinic) -> None:
    await _link(clinic, clinic.now - timedelta(minutes=1))
    await clinic.desk.take(await clinic.asked(), "Kim", 1)
    assert not await clinic.desk.heard_from(TEXTS)
    assert await clinic.desk.is_taken(PATIENT)


async def test_a_talk_of_the_text_messages_own_stays(clinic: Clinic) -> None:
    web = await clinic.asked()
    own = await clinic.asked(TEXTS)
    await _link(clinic, clinic.now)
    assert not await clinic.desk.heard_from(TEXTS)
    assert await clinic.number(PATIENT) == web
    assert await clinic.number(TEXTS) == own


async def test_what_was_addressed_before_it_moved_is_not_sent(clinic: Clinic) -> None:
    number = await clinic.asked()
    before = await clinic.desk.take(number, "Kim", 1)
    await _link(clinic, clinic.now)
    await clinic.desk.heard_from(TEXTS)
    repository = HandoffRepository(clinic.database)
    letter = WORDS.written(before, "Too late.", "key")
    assert not await repository.write(before, letter, clinic.now, Deed("Kim", "handoff_replied"))
    assert "staff_message" not in await clinic.told()


async def test_asking_again_is_the_same_wish(clinic: Clinic) -> None:
    number = await clinic.asked()
    clinic.now += timedelta(minutes=5)
    assert await clinic.asked() == number
    (waiting,) = await clinic.desk.open_ones()
    assert (waiting.asked_at, waiting.due_at) == (TEN, TEN + timedelta(minutes=15))


async def test_asking_at_the_same_moment_is_one_wish(clinic: Clinic) -> None:
    await asyncio.gather(*(clinic.desk.ask(PATIENT, "web") for _ in range(5)))
    assert len(await clinic.desk.open_ones()) == 1


async def test_a_new_wish_after_the_end_is_a_new_one(clinic: Clinic) -> None:
    first = await clinic.asked()
    await clinic.desk.close(first, "Kim")
    assert await clinic.asked() != first


async def test_of_many_who_take_it_at_once_one_has_it_and_the_others_hear_who(
    clinic: Clinic,
) -> None:
    number = await clinic.asked()
    names = [f"Colleague {n}" for n in range(6)]
    outcomes = await asyncio.gather(
        *(clinic.desk.take(number, name, 1) for name in names), return_exceptions=True
    )
    holder = (await clinic.desk.get(number)).taken_by
    refused = [one for one in outcomes if isinstance(one, HeldByOther)]
    assert holder in names
    assert len(refused) == 5
    assert {one.holder for one in refused} == {holder}
    assert all(f"{holder} has this" in one.message for one in refused)
    assert await clinic.told() == ["handoff_taken"]
    assert await clinic.trail() == [(holder, "handoff_taken")]


async def test_of_many_who_step_in_at_once_one_has_it(clinic: Clinic) -> None:
    names = [f"Colleague {n}" for n in range(4)]
    outcomes = await asyncio.gather(
        *(clinic.desk.step_in(PATIENT, "web", name) for name in names), return_exceptions=True
    )
    assert sum(isinstance(one, HeldByOther) for one in outcomes) == 3
    (taken,) = await clinic.desk.open_ones()
    assert (taken.state, taken.asked_at) == (State.TAKEN, None)
    assert await clinic.told() == ["handoff_taken"]


async def test_pressing_twice_is_pressing_once(clinic: Clinic) -> None:
    number = await clinic.asked()
    for _ in range(2):
        assert (await clinic.desk.take(number, "Kim", 1)).taken_by == "Kim"
    for _ in range(2):
        await clinic.desk.reply(number, "Kim", "Hello.", "form-1")
    for _ in range(2):
        await clinic.desk.give_back(number, "Kim")
    assert await clinic.told() == ["handoff_taken", "staff_message", "handoff_given_back"]
    assert len(await clinic.trail()) == 3


async def test_pressing_twice_at_the_same_moment_is_pressing_once(clinic: Clinic) -> None:
    number = await clinic.asked()
    await asyncio.gather(*(clinic.desk.take(number, "Kim", 1) for _ in range(3)))
    sent = (clinic.desk.reply(number, "Kim", "Hello.", "form-1") for _ in range(3))
    await asyncio.gather(*sent)
    await asyncio.gather(*(clinic.desk.give_back(number, "Kim") for _ in range(3)))
    assert await clinic.told() == ["handoff_taken", "staff_message", "handoff_given_back"]
    assert len(await clinic.trail()) == 3


async def test_other_words_or_another_form_are_another_message(clinic: Clinic) -> None:
    number = (await clinic.desk.step_in(PATIENT, "web", "Kim")).id
    for words, form in (("Hello.", "1"), ("Hello!", "1"), ("Hello.", "2")):
        await clinic.desk.reply(number, "Kim", words, form)
    assert (await clinic.told()).count("staff_message") == 3


async def test_a_colleague_takes_it_over_and_the_patient_need_not_know(clinic: Clinic) -> None:
    taken = await clinic.desk.step_in(PATIENT, "web", "Kim")
    after = await clinic.desk.take(taken.id, "Lee", taken.version)
    assert after.taken_by == "Lee"
    for action in (
        clinic.desk.reply(taken.id, "Kim", "Hello.", "1"),
        clinic.desk.give_back(taken.id, "Kim"),
        clinic.desk.take(taken.id, "Kim", taken.version),
        clinic.desk.close(taken.id, "Kim"),
    ):
        with pytest.raises(HeldByOther, match="Lee has this"):
            await action
    assert await clinic.told() == ["handoff_taken"]


async def test_who_was_missed_a_moment_ago_is_taken_from_an_old_page(clinic: Clinic) -> None:
    number = await clinic.asked()
    clinic.now += timedelta(hours=1)
    await clinic.desk.sweep()
    assert (await clinic.desk.take(number, "Kim", 1)).taken_by == "Kim"


async def test_nothing_is_sent_once_it_was_given_back(clinic: Clinic) -> None:
    taken = await clinic.desk.step_in(PATIENT, "web", "Kim")
    await clinic.desk.give_back(taken.id, "Kim")
    for action in (
        clinic.desk.reply(taken.id, "Kim", "Hello.", "1"),
        clinic.desk.take(taken.id, "Kim", 2),
        clinic.desk.close(taken.id, "Kim"),
    ):
        with pytest.raises(HandoffOver):
            await action
    assert await clinic.told() == ["handoff_taken", "handoff_given_back"]


@pytest.mark.parametrize("words", ["", " \n ", "x" * (MAX_WORDS + 1)])
async def test_what_cannot_be_sent_is_refused(clinic: Clinic, words: str) -> None:
    taken = await clinic.desk.step_in(PATIENT, "web", "Kim")
    with pytest.raises(BadWords):
        await clinic.desk.reply(taken.id, "Kim", words, "1")


async def test_what_is_not_there_is_not_found(clinic: Clinic) -> None:
    with pytest.raises(HandoffNotFound):
        await clinic.desk.take(4711, "Kim", 1)


async def test_who_waits_too_long_is_told_once_and_may_still_be_taken(clinic: Clinic) -> None:
    number = await clinic.asked()
    clinic.now = TEN + timedelta(minutes=14, seconds=59)
    assert await clinic.desk.sweep() == 0
    clinic.now = TEN + timedelta(minutes=15)
    assert sum(await asyncio.gather(*(clinic.desk.sweep() for _ in range(4)))) == 1
    assert await clinic.desk.sweep() == 0
    assert await clinic.state(number) is State.MISSED
    assert PROFILE.phone in (await clinic.bodies())[0]
    assert await clinic.told() == ["handoff_missed"]
    assert (await clinic.desk.take(number, "Kim", 2)).state is State.TAKEN


async def test_who_asks_again_after_nobody_came_waits_anew(clinic: Clinic) -> None:
    number = await clinic.asked()
    clinic.now += timedelta(hours=1)
    await clinic.desk.sweep()
    assert await clinic.asked() == number
    assert await clinic.state(number) is State.WAITING
    clinic.now += timedelta(minutes=15)
    await clinic.desk.sweep()
    assert await clinic.told() == ["handoff_missed", "handoff_missed"]


async def test_nobody_is_missed_while_the_clinic_is_closed(clinic: Clinic) -> None:
    clinic.now = datetime(2026, 11, 6, 5, 0, tzinfo=timezone.utc)
    number = await clinic.asked()
    clinic.now += timedelta(hours=10)
    assert await clinic.desk.sweep() == 0
    # Friday, a quarter past nine at the clinic.
    clinic.now = datetime(2026, 11, 6, 16, 15, tzinfo=timezone.utc)
    assert await clinic.desk.sweep() == 1
    assert await clinic.state(number) is State.MISSED


async def test_what_staff_left_alone_goes_back_to_the_assistant(clinic: Clinic) -> None:
    taken = await clinic.desk.step_in(PATIENT, "web", "Kim")
    clinic.now += timedelta(hours=6)
    await clinic.desk.reply(taken.id, "Kim", "Hello.", "1")
    clinic.now += timedelta(hours=11)
    assert await clinic.desk.sweep() == 0
    clinic.now += timedelta(hours=1)
    assert sum(await asyncio.gather(*(clinic.desk.sweep() for _ in range(4)))) == 1
    assert await clinic.state(taken.id) is State.GIVEN_BACK
    assert (await clinic.told())[-1] == "handoff_given_back"
    assert (await clinic.trail())[-1] == ("server", "handoff_given_back")


async def test_a_patient_whom_staff_left_without_an_answer_stays_before_staff(
    clinic: Clinic,
) -> None:
    taken = await clinic.desk.step_in(PATIENT, "web", "Kim")
    clinic.now += timedelta(hours=1)
    await clinic.hear()
    clinic.now += timedelta(hours=11)
    assert await clinic.desk.sweep() == 1
    assert await clinic.state(taken.id) is State.MISSED
    assert await clinic.told() == ["handoff_taken", "handoff_missed"]
    assert not await clinic.desk.is_taken(PATIENT)


async def test_nobody_gets_a_text_at_night_about_it(clinic: Clinic) -> None:
    who = "sms:+17805550134"
    taken = await clinic.desk.step_in(who, "sms", "Kim")
    # Three in the morning at the clinic, then eight.
    clinic.now = datetime(2026, 11, 6, 10, 0, tzinfo=timezone.utc)
    assert await clinic.desk.sweep() == 0
    clinic.now = datetime(2026, 11, 6, 15, 0, tzinfo=timezone.utc)
    assert await clinic.desk.sweep() == 1
    assert await clinic.state(taken.id) is State.GIVEN_BACK


async def test_patients_do_not_touch_each_others(clinic: Clinic) -> None:
    mine, other = await clinic.asked(), await clinic.asked("web:b")
    await clinic.desk.take(mine, "Kim", 1)
    assert not await clinic.desk.is_taken("web:b")
    assert await clinic.state(other) is State.WAITING
    assert await clinic.told("web:b") == []
    await clinic.hear("web:b")
    assert set(await clinic.desk.heard(await clinic.desk.open_ones())) == {"web:b"}
