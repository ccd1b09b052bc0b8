"""Signatures of providers' webhooks: whoever cannot sign is refused before anything is read.

Both are compared in constant time. Twilio's covers the address as the provider knows it, so it is
built from ``PUBLIC_URL`` and never from what the request says of its host.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256
from urllib.parse import urlsplit

from twilio.request_validator import RequestValidator, add_port, remove_port

from bot.guard.refusals import Forged

HUB_PREFIX = "sha256="
Form = Mapping[str, Sequence[str]]


class _Fields(dict[str, Sequence[str]]):
    """A form as Twilio's own arithmetic reads it: a name may have several values."""

    def getlist(self, name: str) -> Sequence[str]:
        return self[name]


class TwilioSignature:
    """Checks ``X-Twilio-Signature``."""

    def __init__(self, auth_token: str, public_url: str) -> None:
        """Makes the check.

        Args:
            auth_token: The account's secret.
            public_url: The address Twilio calls, without the path.
        """
        self._validator = RequestValidator(auth_token)
        self._public_url = public_url.rstrip("/")

    def check(self, path: str, query: str, form: Form, given: str | None) -> None:
        """Lets a signed request pass.

        Args:
            path: Of the request, as it was sent.
            query: What stands behind its question mark; empty when there is none.
            form: All fields, also the empty ones.
            given: The header.

        Raises:
            Forged: when it was not signed with the account's secret for this very address.
        """
        try:
            signed = self._signatures(path, query, form)
        except ValueError:
            # Half a surrogate pair or a port that is no number: nobody signed that.
            raise forged() from None
        wanted = (given or "").encode("utf-8", "replace")
        if not any(hmac.compare_digest(one.encode(), wanted) for one in signed):
            raise forged()

    def sign(self, path: str, query: str, form: Form) -> str:
        """The header that Twilio would send."""
        return self._signatures(path, query, form)[0]

    def _signatures(self, path: str, query: str, form: Form) -> list[str]:
        # Twilio signs an address with its port on some ways and without on others.
        address = urlsplit(f"{self._public_url}{path}{'?' if query else ''}{query}")
        fields = _Fields(form)
        return [
            self._validator.compute_signature(form_of(address), fields)
            for form_of in (remove_port, add_port)
        ]


class HubSignature:
    """Checks ``X-Hub-Signature-256``; the older SHA-1 header counts for nothing."""

    def __init__(self, app_secret: str) -> None:
        self._key = app_secret.encode()

    def check(self, body: bytes, given: str | None) -> None:
        """Lets a signed body pass.

        Args:
            body: Every byte as it came.
            given: The header.

        Raises:
            Forged: when it was not signed with the app's secret.
        """
        wanted = (given or "").encode("utf-8", "replace")
        if not hmac.compare_digest(self.sign(body).encode(), wanted):
            raise forged()

    def sign(self, body: bytes) -> str:
        """The header that Meta would send."""
        return HUB_PREFIX + hmac.new(self._key, body, sha256).hexdigest()


def forged() -> Forged:
    """The same refusal whatever is wrong."""
    return Forged("The request is not signed as it must be.")
