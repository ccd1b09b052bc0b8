from __future__ import annotations

import asyncio

import pytest

from bot.staff.model import User
from bot.staff.office import Office
from bot.staff.seal import digest
from bot.staff.sign_in import SignInRefused
from bot.staff.throttle import Caller
from staff.people import ADDRESS, Clock, Person, enrolled, enter


async def _try(
    office: Office, person: Person, *, password: str | None = None, code: str = "000000"
) -> None:
    caller = Caller(person.name, ADDRESS)
    await office.door.enter(caller, password or person.password, code, "Firefox")


async def test_name_password_and_code_open_a_session(office: Office, clock: Clock) -> None:
    kim = await enrolled(office, clock, "Kim Example")
    entered = await enter(office, clock, kim)
    session = await office.door.session(entered.token)
    assert session is not None
    assert (session.user.name, session.browser) == ("Kim Example", "Firefox")


async def test_a_name_is_the_same_in_any_case(office: Office, clock: Clock) -> None:
    kim = await enrolled(office, clock, "Kim Élan")
    kim.name = "kim  E\N{COMBINING ACUTE ACCENT}LAN"
    assert (await enter(office, clock, kim)).user.name == "Kim Élan"


@pytest.mark.parametrize("wrong", ["name", "password", "code"])
async def test_whatever_is_wrong_the_words_are_the_same(
    office: Office, clock: Clock, wrong: str
) -> None:
    kim = await enrolled(office, clock, "Kim")
    right = {"name": kim.name, "password": kim.password, "code": kim.code(clock.now)}
    given = {**right, wrong: "000000"}
    with pytest.raises(SignInRefused) as refused:
        caller = Caller(given["name"], ADDRESS)
        await office.door.enter(caller, given["password"], given["code"], "Firefox")
    assert str(refused.value) == "The name, the password or the code is not right."


async def test_a_code_is_taken_once(office: Office, clock: Clock) -> None:
    kim = await enrolled(office, clock, "Kim")
    code = kim.code(clock.now)
    await _try(office, kim, code=code)
    with pytest.raises(SignInRefused):
        await _try(office, kim, code=code)


async def test_of_two_with_the_same_code_at_once_one_comes_in(
    office_on_each: Office, clock: Clock
) -> None:
    kim = await enrolled(office_on_each, clock, "Kim")
    code = kim.code(clock.now)
    tries = (_try(office_on_each, kim, code=code) for _ in range(2))
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(repr(result) for result in results) == ["None", repr(SignInRefused())]


async def test_the_code_used_to_enrol_signs_nobody_in(office: Office, clock: Clock) -> None:
    kim = await enrolled(office, clock, "Kim")
    clock.pass_by(seconds=-30)
    with pytest.raises(SignInRefused):
        await _try(office, kim, code=kim.code(clock.now))


async def test_an_older_code_is_not_taken(office: Office, clock: Clock) -> None:
    kim = await enrolled(office, clock, "Kim")
    old = kim.code(clock.now)
    clock.pass_by(seconds=61)
    with pytest.raises(SignInRefused):
        await _try(office, kim, code=old)


async def test_a_recovery_code_is_used_up(office: Office, clock: Clock) -> None:
    kim = await enrolled(office, clock, "Kim")
    typed = f" {kim.recovery[0].lower().replace('-', ' ')} "
    entered = await office.door.enter(Caller("Kim", ADDRESS), kim.password, typed, "Firefox")
    assert entered.codes_left == 7
    with pytest.raises(SignInRefused):
        await _try(office, kim, code=typed)


async def test_a_disabled_user_is_refused_and_thrown_out(office: Office, clock: Clock) -> None:
    await enrolled(office, clock, "Admin")
    kim = await enrolled(office, clock, "Kim")
    entered = await enter(office, clock, kim)
    await office.directory.set_disabled(entered.user, True, "Admin")
    assert await office.door.session(entered.token) is None
    with pytest.raises(SignInRefused):
        await _try(office, kim, code=kim.code(clock.now))
    await office.directory.set_disabled(await office.directory.named("Kim"), False, "Admin")
    assert await enter(office, clock, kim)


async def test_a_session_ends_when_nobody_uses_it(office: Office, clock: Clock) -> None:
    entered = await enter(office, clock, await enrolled(office, clock, "Kim"))
    clock.pass_by(minutes=29)
    assert await office.door.session(entered.token)
    clock.pass_by(minutes=29)
    assert await office.door.session(entered.token)
    clock.pass_by(minutes=30)
    assert await office.door.session(entered.token) is None


async def test_a_page_that_refreshes_itself_keeps_no_session_open(
    office: Office, clock: Clock
) -> None:
    entered = await enter(office, clock, await enrolled(office, clock, "Kim"))
    for _ in range(2):
        clock.pass_by(minutes=14)
        assert await office.door.session(entered.token, is_touched=False)
    clock.pass_by(minutes=3)
    assert await office.door.session(entered.token, is_touched=False) is None


async def test_a_session_ends_however_much_it_is_used(office: Office, clock: Clock) -> None:
    entered = await enter(office, clock, await enrolled(office, clock, "Kim"))
    for _ in range(12 * 60 // 20 - 1):
        clock.pass_by(minutes=20)
        assert await office.door.session(entered.token)
    clock.pass_by(minutes=20)
    assert await office.door.session(entered.token) is None
    await office.door.purge()
    assert await office.sessions.of_user(entered.user.id) == []


async def test_signing_in_again_ends_the_session_before(office: Office, clock: Clock) -> None:
    kim = await enrolled(office, clock, "Kim")
    first = await enter(office, clock, kim)
    caller = Caller("Kim", ADDRESS)
    code = kim.code(clock.now)
    second = await office.door.enter(caller, kim.password, code, "Firefox", first.token)
    assert first.token != second.token
    assert await office.door.session(first.token) is None
    assert await office.door.session(second.token)


async def test_leaving_ends_one_session_and_leaving_everywhere_all(
    office: Office, clock: Clock
) -> None:
    kim = await enrolled(office, clock, "Kim")
    first, second, third = [await enter(office, clock, kim) for _ in range(3)]
    await office.door.leave(first.token, first.user)
    assert await office.door.session(first.token) is None
    assert await office.door.session(second.token)
    await office.door.leave_everywhere(second.user)
    assert await office.door.session(second.token) is None
    assert await office.door.session(third.token) is None


@pytest.mark.parametrize("token", [None, "", "x", "\udcff", "a" * 5000])
async def test_any_other_token_is_no_session(office: Office, token: str | None) -> None:
    assert await office.door.session(token) is None


async def test_no_token_is_kept_as_it_is(office: Office, clock: Clock) -> None:
    entered = await enter(office, clock, await enrolled(office, clock, "Kim"))
    assert digest(entered.token) != entered.token
    assert await office.door.session(digest(entered.token)) is None


async def test_what_happens_at_the_door_is_audited(office: Office, clock: Clock) -> None:
    kim = await enrolled(office, clock, "Kim")
    entered = await enter(office, clock, kim)
    with pytest.raises(SignInRefused):
        await _try(office, kim)
    with pytest.raises(SignInRefused):
        await office.door.enter(Caller("my password", ADDRESS), "x", "1", "Firefox")
    await office.door.leave(entered.token, entered.user)
    told = [(entry.actor, entry.action, entry.subject) for entry in await office.audit.page(4)]
    assert told == [
        ("Kim", "sign_out", "Kim"),
        ("", "sign_in_refused", ""),
        ("", "sign_in_refused", "Kim"),
        ("Kim", "sign_in", "Kim"),
    ]


async def test_a_user_knows_what_they_may(office: Office, clock: Clock) -> None:
    await enrolled(office, clock, "Kim")
    user: User = await office.directory.named("KIM")
    assert user.is_enrolled
    assert user.actor == "Kim"
