from __future__ import annotations

import pyotp
import pytest

from bot.handoff.service import SERVER
from bot.privacy.desk import SYSTEM
from bot.staff.accounts import NoInvitation, WrongProof
from bot.staff.model import BadName, LastAdmin, NameTaken, UserNotFound
from bot.staff.office import Office, directory_of
from bot.staff.passwords import WeakPassword
from bot.staff.roles import Role
from bot.staff.sign_in import SignInRefused
from bot.staff.throttle import DEVICE_TRIES, Caller, TooManyTries
from bot.storage.database import Database
from staff.people import ADDRESS, PASSWORD, Clock, enrolled, enter

OTHER = "velvet harbour sixteen mosses"


async def test_a_link_is_used_once(office_on_each: Office, clock: Clock) -> None:
    _, token = await office_on_each.directory.add("Kim", Role.REVIEWER, "shell")
    offer = await office_on_each.own.offer(token)
    assert (await office_on_each.own.offer(token)).secret == offer.secret
    code = pyotp.TOTP(offer.secret).at(clock.now)
    codes = await office_on_each.own.enrol(token, PASSWORD, code)
    assert len(set(codes)) == 8
    with pytest.raises(NoInvitation):
        await office_on_each.own.offer(token)
    with pytest.raises(NoInvitation):
        await office_on_each.own.enrol(token, PASSWORD, code)


async def test_a_link_grows_old(office: Office, clock: Clock) -> None:
    _, token = await office.directory.add("Kim", Role.REVIEWER, "shell")
    clock.pass_by(hours=72)
    with pytest.raises(NoInvitation):
        await office.own.offer(token)


@pytest.mark.parametrize("token", ["", "x", "\udcff"])
async def test_another_link_invites_nobody(office: Office, token: str) -> None:
    await office.directory.add("Kim", Role.REVIEWER, "shell")
    with pytest.raises(NoInvitation):
        await office.own.offer(token)


async def test_a_wrong_code_or_a_weak_password_uses_no_link_up(
    office: Office, clock: Clock
) -> None:
    _, token = await office.directory.add("Kim Example", Role.REVIEWER, "shell")
    secret = (await office.own.offer(token)).secret
    with pytest.raises(WrongProof):
        await office.own.enrol(token, PASSWORD, "123")
    code = pyotp.TOTP(secret).at(clock.now)
    with pytest.raises(WeakPassword):
        await office.own.enrol(token, "kim example 2026", code)
    assert await office.own.enrol(token, PASSWORD, code)


async def test_a_disabled_user_cannot_enrol(office: Office) -> None:
    user, token = await office.directory.add("Kim", Role.REVIEWER, "shell")
    await office.directory.set_disabled(user, True, "shell")
    with pytest.raises(NoInvitation):
        await office.own.offer(token)


async def test_a_reset_forgets_all_that_proved_the_user(office: Office, clock: Clock) -> None:
    kim = await enrolled(office, clock, "Kim")
    entered = await enter(office, clock, kim)
    token = await office.directory.reset(entered.user, "Admin")
    assert await office.door.session(entered.token) is None
    for code in (kim.code(clock.now), kim.recovery[0]):
        with pytest.raises(SignInRefused):
            await office.door.enter(Caller("Kim", ADDRESS), kim.password, code, "Firefox")
    assert (await office.own.offer(token)).secret != kim.secret


async def test_a_new_link_replaces_the_one_before(office: Office) -> None:
    user, first = await office.directory.add("Kim", Role.REVIEWER, "shell")
    second = await office.directory.reset(user, "shell")
    with pytest.raises(NoInvitation):
        await office.own.offer(first)
    assert await office.own.offer(second)


async def test_a_name_is_given_once_in_any_case(office: Office) -> None:
    await office.directory.add("Kim  Example", Role.REVIEWER, "shell")
    with pytest.raises(NameTaken, match="bot user reset"):
        await office.directory.add("kim example", Role.ADMIN, "shell")
    (user,) = await office.directory.list()
    assert user.name == "Kim Example"


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "a\0b", "a\N{RIGHT-TO-LEFT OVERRIDE}b"])
async def test_a_name_can_be_seen(office: Office, name: str) -> None:
    with pytest.raises(BadName):
        await office.directory.add(name, Role.REVIEWER, "shell")


@pytest.mark.parametrize("name", ["shell", SERVER.title(), SYSTEM.upper()])
async def test_nobody_is_called_what_the_trail_calls_programs(office: Office, name: str) -> None:
    with pytest.raises(BadName, match="programs"):
        await office.directory.add(name, Role.REVIEWER, "shell")


async def test_an_admin_who_was_only_invited_does_not_count(office: Office, clock: Clock) -> None:
    await enrolled(office, clock, "Kim", Role.ADMIN)
    await office.directory.add("Lee", Role.ADMIN, "Kim")
    kim = await office.directory.named("Kim")
    with pytest.raises(LastAdmin):
        await office.directory.set_role(kim, Role.REVIEWER, "Kim")
    with pytest.raises(LastAdmin):
        await office.directory.set_disabled(kim, True, "Kim")
    # What was only invited may be taken back.
    await office.directory.set_role(await office.directory.named("Lee"), Role.REVIEWER, "Kim")


async def test_one_admin_stays(office_on_each: Office, clock: Clock) -> None:
    await enrolled(office_on_each, clock, "Kim")
    await enrolled(office_on_each, clock, "Lee", Role.REVIEWER)
    kim = await office_on_each.directory.named("Kim")
    for refused in (
        office_on_each.directory.set_role(kim, Role.REVIEWER, "Kim"),
        office_on_each.directory.set_disabled(kim, True, "Kim"),
    ):
        with pytest.raises(LastAdmin):
            await refused
    assert (await office_on_each.directory.named("Kim")).role is Role.ADMIN
    await office_on_each.directory.set_role(
        await office_on_each.directory.named("Lee"), Role.ADMIN, "Kim"
    )
    await office_on_each.directory.set_role(kim, Role.REVIEWER, "Lee")
    assert (await office_on_each.directory.named("Kim")).role is Role.REVIEWER


async def test_without_an_admin_users_can_still_be_shut_out(office: Office) -> None:
    user, _ = await office.directory.add("Kim", Role.REVIEWER, "shell")
    await office.directory.set_disabled(user, True, "shell")
    assert (await office.directory.named("Kim")).is_disabled


async def test_another_role_ends_what_was_open(office: Office, clock: Clock) -> None:
    await enrolled(office, clock, "Admin")
    entered = await enter(office, clock, await enrolled(office, clock, "Kim"))
    await office.directory.set_role(entered.user, Role.REVIEWER, "Admin")
    assert await office.door.session(entered.token) is None


async def test_a_password_is_changed_by_who_knows_it(office: Office, clock: Clock) -> None:
    kim = await enrolled(office, clock, "Kim")
    entered = await enter(office, clock, kim)
    with pytest.raises(WrongProof):
        await office.own.change_password(entered.user, "guess", OTHER)
    with pytest.raises(WeakPassword):
        await office.own.change_password(entered.user, PASSWORD, "short")
    await office.own.change_password(entered.user, PASSWORD, OTHER)
    assert await office.door.session(entered.token) is None
    kim.password = OTHER
    assert await enter(office, clock, kim)


async def test_an_unlocked_screen_is_no_place_to_guess(office: Office, clock: Clock) -> None:
    entered = await enter(office, clock, await enrolled(office, clock, "Kim"))
    for _ in range(DEVICE_TRIES):
        with pytest.raises(WrongProof):
            await office.own.change_password(entered.user, "guess", OTHER)
    with pytest.raises(TooManyTries):
        await office.own.change_password(entered.user, PASSWORD, OTHER)


async def test_new_recovery_codes_replace_the_old(office_on_each: Office, clock: Clock) -> None:
    kim = await enrolled(office_on_each, clock, "Kim")
    user = await office_on_each.directory.named("Kim")
    codes = await office_on_each.own.renew_recovery_codes(user, PASSWORD)
    with pytest.raises(SignInRefused):
        await office_on_each.door.enter(
            Caller("Kim", ADDRESS), PASSWORD, kim.recovery[0], "Firefox"
        )
    assert await office_on_each.door.enter(Caller("Kim", ADDRESS), PASSWORD, codes[0], "Firefox")


async def test_every_change_is_audited(office_on_each: Office, clock: Clock) -> None:
    await enrolled(office_on_each, clock, "Admin")
    await enrolled(office_on_each, clock, "Kim")
    kim = await office_on_each.directory.named("Kim")
    await office_on_each.directory.set_role(kim, Role.PRACTITIONER, "Admin")
    await office_on_each.directory.set_role(
        await office_on_each.directory.get(kim.id), Role.PRACTITIONER, "Admin"
    )
    await office_on_each.directory.set_disabled(kim, True, "Admin")
    await office_on_each.directory.reset(kim, "shell")
    await office_on_each.own.renew_recovery_codes(
        await office_on_each.directory.named("Admin"), PASSWORD
    )
    entries = await office_on_each.audit.page(20)
    assert [(e.actor, e.action, e.subject) for e in entries] == [
        ("Admin", "recovery_codes_renewed", "Admin"),
        ("shell", "user_reset", "Kim"),
        ("Admin", "user_disabled", "Kim"),
        ("Admin", "role_changed", "Kim"),
        ("Kim", "enrolled", "Kim"),
        ("shell", "user_invited", "Kim"),
        ("shell", "user_added", "Kim"),
        ("Admin", "enrolled", "Admin"),
        ("shell", "user_invited", "Admin"),
        ("shell", "user_added", "Admin"),
    ]
    assert entries[3].detail == {"from": "admin", "to": "practitioner"}
    assert [e.id for e in await office_on_each.audit.page(2, before=entries[7].id)] == [
        entries[8].id,
        entries[9].id,
    ]
    assert [e.subject for e in await office_on_each.audit.page(9, action="enrolled")] == [
        "Kim",
        "Admin",
    ]
    assert "role_changed" in await office_on_each.audit.actions()


async def test_an_unknown_user_is_not_found(memory: Database) -> None:
    directory = directory_of(memory)
    with pytest.raises(UserNotFound):
        await directory.named("Nobody")
    with pytest.raises(UserNotFound):
        await directory.get(17)
