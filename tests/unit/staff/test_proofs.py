"""Passwords, codes, seals, roles: what needs no database."""

from __future__ import annotations

from datetime import datetime, timezone

import pyotp
import pytest

from bot.staff.codes import (
    app_address,
    new_recovery_codes,
    new_secret,
    step_of,
    tidy_recovery_code,
)
from bot.staff.passwords import WeakPassword, check_strength, hash_password, verify_password
from bot.staff.roles import PERMISSIONS, Permission, Role, UnknownRole, role_of
from bot.staff.seal import Seal, SealBroken

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
GOOD = "lantern copper orbit willow"
# RFC 6238, appendix B, for SHA-1: the last six of the eight digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}


async def test_a_password_is_kept_as_argon2id() -> None:
    kept = await hash_password(GOOD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert GOOD not in kept
    assert kept != await hash_password(GOOD)
    assert await verify_password(kept, GOOD)
    for wrong in ("", GOOD + "x", GOOD.upper(), "x" * 10_000):
        assert not await verify_password(kept, wrong)


async def test_nobodys_password_is_never_right() -> None:
    assert not await verify_password(None, "nobody's")
    assert not await verify_password("broken", GOOD)


async def test_a_password_may_have_any_characters() -> None:
    for password in ("héllo wörld Ñandú ‑ 雨", "\0 null \x7f", "half \udcff"):
        assert await verify_password(await hash_password(password), password)
    assert await verify_password(await hash_password("e\N{COMBINING ACUTE ACCENT}"), "é")


@pytest.mark.parametrize(
    "weak",
    [
        "short",
        "password1234",
        "qwertyuiop12",
        "aaaaaaaaaaaaaa",
        "kim example 2026",
        "x" * 129,
    ],
)
def test_a_password_that_would_be_guessed_is_refused(weak: str) -> None:
    with pytest.raises(WeakPassword):
        check_strength(weak, "Kim Example")


@pytest.mark.parametrize("good", [GOOD, "x7#kQ9!mZp2w", "雨" * 6 + "wind over copper", GOOD * 4])
def test_length_is_enough(good: str) -> None:
    check_strength(good, "Kim Example")


@pytest.mark.parametrize(("at", "code"), RFC_CODES.items())
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    moment = datetime.fromtimestamp(at, timezone.utc)
    assert step_of(RFC_SECRET, code, moment) == at // 30


def test_a_phone_may_be_a_little_slow_or_fast() -> None:
    secret = new_secret()
    present = int(NOON.timestamp()) // 30
    for off in range(-3, 4):
        code = pyotp.TOTP(secret).generate_otp(present + off)
        assert step_of(secret, f"{code[:3]} {code[3:]}", NOON) == (
            present + off if abs(off) <= 1 else None
        )


@pytest.mark.parametrize("code", ["", "12345", "1234567", "١٢٣٤٥٦", "12a456", "-12345", "²²²²²²"])
def test_what_is_no_code_is_none(code: str) -> None:
    assert step_of(new_secret(), code, NOON) is None


def test_an_app_is_told_whose_code_it_is() -> None:
    address = app_address(RFC_SECRET, "Kim: x", "Clinic: south")
    assert address.startswith("otpauth://totp/Clinic")
    assert pyotp.parse_uri(address).name == "Kim  x"


def test_recovery_codes_are_many_bits_and_read_however_they_are_typed() -> None:
    codes = new_recovery_codes()
    assert len({tidy_recovery_code(code) for code in codes}) == 8
    assert all(len(tidy_recovery_code(code)) == 24 for code in codes)
    assert tidy_recovery_code(codes[0].lower().replace("-", " ")) == codes[0].replace("-", "")


def test_a_seal_keeps_and_gives_back() -> None:
    seal = Seal("s" * 32, "one")
    assert seal.open(seal.close("secret")) == "secret"
    assert seal.close("secret") != seal.close("secret")
    for other in (Seal("t" * 32, "one"), Seal("s" * 32, "two")):
        with pytest.raises(SealBroken, match="SECRET_KEY"):
            other.open(seal.close("secret"))
        assert not other.is_mark(seal.mark("text"), "text")
    assert seal.is_mark(seal.mark("text"), "text")
    assert not seal.is_mark(seal.mark("text"), "texts")


@pytest.mark.parametrize("text", ["front desk", "Front-Desk", "FRONT_DESK"])
def test_a_role_is_read_however_it_is_written(text: str) -> None:
    assert role_of(text) is Role.FRONT_DESK
    assert Role.FRONT_DESK.label == "Front desk"


def test_an_unknown_role_is_told_with_the_known_ones() -> None:
    with pytest.raises(UnknownRole, match="reviewer, front-desk, practitioner, admin"):
        role_of("owner")


def test_only_admins_manage_users_and_reviewers_uncover_nothing() -> None:
    for permission in (Permission.USERS, Permission.AUDIT):
        assert [role for role in Role if permission in PERMISSIONS[role]] == [Role.ADMIN]
    for permission in (Permission.REVEAL, Permission.BOOKINGS):
        assert permission not in PERMISSIONS[Role.REVIEWER]
    assert PERMISSIONS[Role.ADMIN] == frozenset(Permission) - {Permission.WORDING}
