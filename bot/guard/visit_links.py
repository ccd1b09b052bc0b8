"""Signed links to one visit's calendar: who has the link may read it, and nobody can make one."""

from __future__ import annotations

from itsdangerous import BadData, Signer

from bot.errors import BotError

SALT = "visit-calendar"
PATH = "/visits/"
SUFFIX = ".ics"


class UnknownLink(BotError):
    """The link is forged, or leads to nothing that can be shown."""

    code = "unknown_link"
    status = 404


class VisitLinks:
    """Makes and reads the links."""

    def __init__(self, secret: str, public_url: str) -> None:
        """Makes the pair of hands.

        Args:
            secret: The server's own; another one ends every link.
            public_url: The address patients use.
        """
        self._signer = Signer(secret, salt=SALT)
        self._start = public_url.rstrip("/") + PATH

    def link(self, reference: str) -> str:
        """The address of a visit's calendar."""
        return f"{self._start}{self._signer.sign(reference).decode()}{SUFFIX}"

    def reference_of(self, name: str) -> str:
        """The reference that the last part of a link names.

        Raises:
            UnknownLink: when this server did not make it.
        """
        try:
            return self._signer.unsign(name.removesuffix(SUFFIX)).decode()
        except (BadData, UnicodeError):
            raise unknown() from None


def unknown() -> UnknownLink:
    """The same refusal whatever is wrong."""
    return UnknownLink("This link leads to no visit.")
