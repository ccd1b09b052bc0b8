from __future__ import annotations

import asyncio

import pytest

from bot.staff.office import Office
from bot.staff.sign_in import SignInRefused
from bot.staff.throttle import ACCOUNT_TRIES, ADDRESS_TRIES, DEVICE_TRIES, Caller, TooManyTries
from staff.people import ADDRESS, Clock, Person, enrolled, enter


async def _guess(office: Office, name: str, address: str, device: str | None = None) -> None:
    with pytest.raises(SignInRefused):
        await office.door.enter(Caller(name, address, device), "guess", "000000", "Firefox")


async def _shut(office: Office, name: str, address: str, device: str | None = None) -> int:
    with pytest.raises(TooManyTries) as shut:
        await office.door.enter(Caller(name, address, device), "guess", "000000", "Firefox")
    return shut.value.retry_after


async def test_an_account_is_guessed_at_a_few_times_from_anywhere(
    office: Office, clock: Clock
) -> None:
    kim = await enrolled(office, clock, "Kim")
    for number in range(ACCOUNT_TRIES):
        await _guess(office, "KIM", f"203.0.113.{number}")
    assert await _shut(office, "kim", "203.0.113.99") == 15 * 60
    clock.pass_by(minutes=15)
    assert await enter(office, clock, kim)


async def test_a_colleague_comes_in_by_a_browser_that_is_known(
    office: Office, clock: Clock
) -> None:
    kim = await enrolled(office, clock, "Kim")
    mark = (await enter(office, clock, kim)).device
    for number in range(ADDRESS_TRIES):
        await _guess(office, f"nobody {number}", ADDRESS)
    for number in range(ACCOUNT_TRIES):
        await _guess(office, "Kim", f"203.0.113.{number + 50}")
    await _shut(office, "Kim", ADDRESS)
    assert await enter(office, clock, kim, mark)


async def test_a_known_browser_is_counted_too(office: Office, clock: Clock) -> None:
    kim = await enrolled(office, clock, "Kim")
    mark = (await enter(office, clock, kim)).device
    device = office.throttle.device_of("Kim", mark)
    assert device
    for _ in range(DEVICE_TRIES):
        await _guess(office, "Kim", ADDRESS, device)
    await _shut(office, "Kim", ADDRESS, device)


async def test_a_mark_is_good_for_its_user_alone(office: Office, clock: Clock) -> None:
    kim = await enrolled(office, clock, "Kim")
    mark = (await enter(office, clock, kim)).device
    assert office.throttle.device_of("kim", mark)
    for name, given in [("Lee", mark), ("Kim", mark + "0"), ("Kim", ".x"), ("Kim", None)]:
        assert office.throttle.device_of(name, given) is None


async def test_one_address_guesses_at_many_names_a_few_times(office: Office) -> None:
    for number in range(ADDRESS_TRIES):
        await _guess(office, f"nobody {number}", ADDRESS)
    await _shut(office, "nobody 99", ADDRESS)
    await _guess(office, "nobody 99", "203.0.113.200")


async def test_knocking_on_does_not_keep_the_door_shut(office: Office, clock: Clock) -> None:
    for number in range(ACCOUNT_TRIES):
        await _guess(office, "Kim", f"203.0.113.{number}")
    for _ in range(3):
        clock.pass_by(minutes=4)
        await _shut(office, "Kim", "203.0.113.99")
    clock.pass_by(minutes=3)
    await _guess(office, "Kim", "203.0.113.99")


async def test_names_that_nobody_has_are_shut_the_same_way(office: Office, clock: Clock) -> None:
    await enrolled(office, clock, "Kim")
    waits = []
    for name in ("Kim", "Nobody"):
        for number in range(ACCOUNT_TRIES):
            await _guess(office, name, f"203.0.113.{number}")
        waits.append(await _shut(office, name, "203.0.113.99"))
    assert waits[0] == waits[1]


async def test_a_guesser_with_an_account_does_not_clear_the_address(
    office: Office, clock: Clock
) -> None:
    mallory = await enrolled(office, clock, "Mallory")
    for number in range(ADDRESS_TRIES - 1):
        await _guess(office, f"nobody {number}", ADDRESS)
    await enter(office, clock, mallory)
    await _guess(office, "nobody 98", ADDRESS)
    await _shut(office, "nobody 99", ADDRESS)


async def test_guesses_at_the_same_moment_count_each_other(
    office_on_each: Office, clock: Clock
) -> None:
    kim: Person = await enrolled(office_on_each, clock, "Kim")
    tries = (
        office_on_each.door.enter(Caller("Kim", f"203.0.113.{n}"), "guess", "000000", "Firefox")
        for n in range(20)
    )
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(result, SignInRefused) for result in results) <= ACCOUNT_TRIES
    assert all(isinstance(result, SignInRefused | TooManyTries) for result in results)
    assert kim.name == "Kim"
