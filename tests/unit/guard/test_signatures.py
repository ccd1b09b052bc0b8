from __future__ import annotations

import hashlib
import hmac

import pytest
from twilio.request_validator import RequestValidator

from bot.guard.refusals import Forged
from bot.guard.signatures import HubSignature, TwilioSignature

TOKEN = "12345678901234567890123456789012"
URL = "https://faq.clinic.example"
FORM = {"From": ["+17805550134"], "Body": ["does it hurt? 疼 😀"], "NumMedia": [""]}


class Repeated(dict[str, list[str]]):
    """Twilio's own library takes a form with repeated fields from Django's class, by this name."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


def _signed(url: str, form: dict[str, list[str]], token: str = TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(url, Repeated(form)))


@pytest.mark.parametrize(
    ("public_url", "signed_url"),
    [
        (URL, f"{URL}/webhooks/sms"),
        (f"{URL}/", f"{URL}/webhooks/sms"),
        (URL, f"{URL}:443/webhooks/sms"),
        (f"{URL}:8443", f"{URL}:8443/webhooks/sms"),
        ("http://127.0.0.1:5105", "http://127.0.0.1:5105/webhooks/sms"),
        (f"{URL}/bot", f"{URL}/bot/webhooks/sms"),
    ],
)
def test_what_twilio_signed_for_our_address_passes(public_url: str, signed_url: str) -> None:
    TwilioSignature(TOKEN, public_url).check("/webhooks/sms", "", FORM, _signed(signed_url, FORM))


def test_the_query_is_part_of_the_address() -> None:
    check = TwilioSignature(TOKEN, URL).check
    given = _signed(f"{URL}/webhooks/sms?clinic=1&x=%20", FORM)
    check("/webhooks/sms", "clinic=1&x=%20", FORM, given)
    with pytest.raises(Forged):
        check("/webhooks/sms", "clinic=2", FORM, given)


def test_a_repeated_field_is_signed_as_well() -> None:
    form = {**FORM, "MediaUrl": ["https://b.example", "https://a.example", "https://a.example"]}
    given = _signed(f"{URL}/webhooks/sms", form)
    TwilioSignature(TOKEN, URL).check("/webhooks/sms", "", form, given)
    fewer = {**form, "MediaUrl": form["MediaUrl"][:1]}
    with pytest.raises(Forged):
        TwilioSignature(TOKEN, URL).check("/webhooks/sms", "", fewer, given)


@pytest.mark.parametrize("given", [None, "", "x", "é", "\udc80", "A" * 28])
def test_what_is_not_signed_is_refused(given: str | None) -> None:
    with pytest.raises(Forged):
        TwilioSignature(TOKEN, URL).check("/webhooks/sms", "", FORM, given)
    with pytest.raises(Forged):
        HubSignature("secret").check(b"{}", given)


@pytest.mark.parametrize("changed", ["path", "field", "name", "token", "host"])
def test_any_change_is_found(changed: str) -> None:
    form = dict(FORM) | ({"Body": ["no"]} if changed == "field" else {})
    form |= {"Extra": ["1"]} if changed == "name" else {}
    token = "other" if changed == "token" else TOKEN
    url = "https://evil.example" if changed == "host" else URL
    path = "/webhooks/sms/status" if changed == "path" else "/webhooks/sms"
    given = _signed(f"{url}/webhooks/sms", FORM, token)
    with pytest.raises(Forged):
        TwilioSignature(TOKEN, URL).check(path, "", form, given)


def test_half_a_character_in_a_form_is_refused_and_breaks_nothing() -> None:
    with pytest.raises(Forged):
        TwilioSignature(TOKEN, URL).check("/webhooks/sms", "", {"Body": ["\ud83d"]}, "x")


def test_meta_signs_every_byte() -> None:
    body = '{"entry": "疼"}'.encode()
    given = "sha256=" + hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    HubSignature("secret").check(body, given)
    for forged in (body + b" ", body[:-1], b""):
        with pytest.raises(Forged):
            HubSignature("secret").check(forged, given)
    sha1 = "sha1=" + hmac.new(b"secret", body, hashlib.sha1).hexdigest()
    for other in (sha1, given.removeprefix("sha256="), given.upper()):
        with pytest.raises(Forged):
            HubSignature("secret").check(body, other)
