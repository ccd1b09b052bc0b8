"""The second proof: time-based codes (RFC 6238) and, for a lost phone, recovery codes."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime

import pyotp
from pyotp.utils import strings_equal

STEP_SECONDS = 30
DIGITS = 6
# A phone's clock may be this many steps off, either way.
SLACK = 1
RECOVERY_CODES = 8
# 120 bits: too many to guess, so a plain hash of one is enough.
RECOVERY_BYTES = 15
GROUP = 4


def new_secret() -> str:
    """160 random bits in base32, as authenticator apps take them."""
    return str(pyotp.random_base32())


def app_address(secret: str, name: str, clinic: str) -> str:
    """What the QR code holds: an ``otpauth`` address."""
    # A colon parts the two in the address's own form.
    issuer = clinic.replace(":", " ").strip()
    return str(pyotp.TOTP(secret).provisioning_uri(name=name.replace(":", " "), issuer_name=issuer))


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step that a code belongs to.

    Args:
        secret: In base32.
        code: As it was typed; spaces do not count.
        now: Aware.

    Returns:
        None when it is not the code of this moment, nor of the one before or after.
    """
    typed = "".join(code.split())
    if len(typed) != DIGITS or not typed.isascii() or not typed.isdigit():
        return None
    clock = pyotp.TOTP(secret)
    present = int(now.timestamp()) // STEP_SECONDS
    steps = range(present - SLACK, present + SLACK + 1)
    # All are compared, whichever is right: the time it takes tells nothing.
    right = [step for step in steps if strings_equal(clock.generate_otp(step), typed)]
    return right[-1] if right else None


def new_recovery_codes() -> list[str]:
    """A fresh set, each as six groups of four letters and digits."""
    drawn = (
        base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode()
        for _ in range(RECOVERY_CODES)
    )
    return ["-".join(code[i : i + GROUP] for i in range(0, len(code), GROUP)) for code in drawn]


def tidy_recovery_code(text: str) -> str:
    """A recovery code however it was typed: without spaces and hyphens, in capitals."""
    return "".join(c for c in text.upper() if c.isascii() and c.isalnum())
