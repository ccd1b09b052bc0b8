"""Webhooks as the providers send them, signed by the provider's own library or documented recipe.

Nothing here uses the project's own code: a fault in how it checks must show.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

ACCOUNT = "AC" + "1" * 32
AUTH_TOKEN = "twilio-auth-token-for-tests-only"
CLINIC_NUMBER = "+15875550100"
APP_SECRET = "messenger-app-secret-for-tests"
PAGE_TOKEN = "messenger-page-token-for-tests"
VERIFY_TOKEN = "messenger-verify-word-for-tests"
PAGE_ID = "100200300400500"
FORM_TYPE = "application/x-www-form-urlencoded; charset=UTF-8"

Fields = Sequence[tuple[str, str]]


class _Form(dict[str, list[str]]):
    """A form with repeated fields, which Twilio's library takes by this method's name."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


def sms_fields(sender: str, text: str, message_id: str, **more: str) -> list[tuple[str, str]]:
    """The fields of an incoming text."""
    fields = {
        "ToCountry": "CA",
        "SmsMessageSid": message_id,
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "",
        "SmsSid": message_id,
        "SmsStatus": "received",
        "Body": text,
        "FromCountry": "CA",
        "To": CLINIC_NUMBER,
        "NumSegments": "1",
        "MessageSid": message_id,
        "AccountSid": ACCOUNT,
        "From": sender,
        "ApiVersion": "2010-04-01",
    }
    return list({**fields, **more}.items())


def signed_form(url: str, fields: Fields, token: str = AUTH_TOKEN) -> tuple[bytes, dict[str, str]]:
    """A form body and its headers, signed for an address."""
    form = _Form()
    for name, value in fields:
        form.setdefault(name, []).append(value)
    signature = RequestValidator(token).compute_signature(url, form)
    return urlencode(fields).encode(), {
        "content-type": FORM_TYPE,
        "x-twilio-signature": signature,
        "i-twilio-idempotency-token": "0b8a6f0e-8a53-4c2a-9f11-0a4f5f1f2a11",
    }


def messenger_event(
    sender: str, text: str, mid: str, at: int = 1_790_000_000_000
) -> dict[str, Any]:
    """One text message to the page."""
    return {
        "sender": {"id": sender},
        "recipient": {"id": PAGE_ID},
        "timestamp": at,
        "message": {"mid": mid, "text": text},
    }


def batch_of(*events: Mapping[str, Any], entries: int = 1) -> dict[str, Any]:
    """Events as Meta delivers them, in one or more entries."""
    parts = [list(events[start::entries]) for start in range(entries)] if entries > 1 else [events]
    return {
        "object": "page",
        "entry": [{"id": PAGE_ID, "time": 1, "messaging": list(part)} for part in parts],
    }


def signed_json(batch: object, secret: str = APP_SECRET) -> tuple[bytes, dict[str, str]]:
    """A JSON body and its headers, by the recipe in Meta's documentation of webhooks."""
    body = json.dumps(batch).encode()
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    sha1 = hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return body, {
        "content-type": "application/json",
        "x-hub-signature": f"sha1={sha1}",
        "x-hub-signature-256": f"sha256={digest}",
    }


def settings_for(api: str) -> dict[str, str]:
    """The environment that turns both channels on, with their APIs at one address."""
    return {
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "TWILIO_FROM": CLINIC_NUMBER,
        "TWILIO_API_BASE": api,
        "MESSENGER_APP_SECRET": APP_SECRET,
        "MESSENGER_PAGE_TOKEN": PAGE_TOKEN,
        "MESSENGER_VERIFY_TOKEN": VERIFY_TOKEN,
        "GRAPH_API_BASE": api,
    }
