"""Deliver recorded webhooks to a local server, signed as the provider signs them."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qsl, urlencode
from urllib.request import Request, urlopen

from bot.errors import BotError
from bot.settings import Settings

CHANNELS = ("sms", "messenger")
TIMEOUT_SECONDS = 30
TAKEN = range(200, 300)
FORM = "application/x-www-form-urlencoded; charset=UTF-8"


class BadRecording(BotError):
    """A line of the file is no webhook."""

    code = "bad_recording"
    status = 422


class NotReached(BotError):
    """No server answers at the address."""

    code = "not_reached"
    status = 503


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the verb's options."""
    actions = parser.add_subparsers(dest="action", required=True)
    replay = actions.add_parser("replay", help="sign and send recorded webhook bodies")
    replay.add_argument(
        "file",
        metavar="FILE",
        help="one webhook a line; see docs/channels.md; - for standard input",
    )
    replay.add_argument(
        "--to", metavar="URL", default="http://127.0.0.1:5005", help="the server's own address"
    )
    replay.add_argument("--new-ids", metavar="PREFIX", help="put this before each message's id")


def run(arguments: argparse.Namespace) -> int:
    """Sends each webhook and prints how it was answered; fails unless all were taken."""
    settings = Settings.from_env()
    lines = _lines(arguments.file)
    statuses = []
    for number, line in lines:
        channel, body = _recorded(number, line, arguments.new_ids or "")
        status = _send(arguments.to.rstrip("/"), channel, body, _headers(settings, channel, body))
        print(f"{number}: {channel} {status}")
        statuses.append(status)
    return 0 if statuses and all(status in TAKEN for status in statuses) else 1


def _lines(file: str) -> list[tuple[int, str]]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadRecording(
            f"{file} cannot be read ({type(error).__name__}).", remedy="Give a text file in UTF-8."
        ) from None
    return [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]


def _recorded(number: int, line: str, prefix: str) -> tuple[str, bytes]:
    """The channel and the body of one line: a form, or a JSON object."""
    if line.lstrip().startswith("{"):
        try:
            return "messenger", _renamed_events(json.loads(line), prefix)
        except (ValueError, AttributeError, TypeError):
            raise _bad(number) from None
    fields = parse_qsl(line.strip(), keep_blank_values=True)
    if not any(name == "MessageSid" for name, _ in fields):
        raise _bad(number)
    renamed = ((n, prefix + v if n in {"MessageSid", "SmsSid"} else v) for n, v in fields)
    return "sms", urlencode(list(renamed)).encode()


def _renamed_events(batch: dict[str, Any], prefix: str) -> bytes:
    for entry in batch.get("entry") or () if prefix else ():
        for event in entry.get("messaging") or ():
            for kind in ("message", "postback"):
                if "mid" in event.get(kind, {}):
                    event[kind]["mid"] = prefix + event[kind]["mid"]
    return json.dumps(batch, ensure_ascii=False).encode()


def _headers(settings: Settings, channel: str, body: bytes) -> dict[str, str]:
    from bot.channels.messenger_settings import MessengerSettings
    from bot.channels.sms_settings import PATH, SmsSettings
    from bot.guard.fields import form_fields
    from bot.guard.signatures import HubSignature, TwilioSignature

    if channel == "sms" and (sms := SmsSettings.of(settings)):
        signature = TwilioSignature(sms.auth_token, sms.public_url)
        signed = signature.sign(PATH, "", form_fields(body))
        return {"Content-Type": FORM, "X-Twilio-Signature": signed}
    if channel == "messenger" and (messenger := MessengerSettings.of(settings)):
        signed = HubSignature(messenger.app_secret).sign(body)
        return {"Content-Type": "application/json", "X-Hub-Signature-256": signed}
    raise BadRecording(
        f"The channel {channel} is off, so its webhooks cannot be signed.",
        remedy="Set its secrets, the same as the server's.",
    )


def _send(address: str, channel: str, body: bytes, headers: dict[str, str]) -> int:
    if not address.startswith(("http://", "https://")):
        raise NotReached(f"{address} is no address.", remedy="Give --to as http://127.0.0.1:5005.")
    request = Request(f"{address}/webhooks/{channel}", body, headers)  # noqa: S310 - http alone
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - http alone
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except (URLError, OSError):
        raise NotReached(
            f"No server answers at {address}.", remedy="Start `bot serve`, or give --to."
        ) from None


def _bad(number: int) -> BadRecording:
    return BadRecording(
        f"Line {number} is neither a form with a MessageSid nor a JSON object.",
        remedy="Give one webhook body a line, as the provider sent it.",
    )
