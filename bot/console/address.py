"""At which address the console is used, and what follows for its cookies.

Over https every cookie has the ``__Host-`` prefix: the browser then gives it to this host alone,
over https alone. On this very machine (``make run``) there is no https. Chromium takes such cookies
on ``http://127.0.0.1``, Firefox takes some of them and Safari none, so there, and only there, they
go without the prefix and without ``Secure``. Over plain http from anywhere else nobody signs in.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.errors import BotError

PREFIX = "__Host-"
# The other word is for a page opened by its address or from a bookmark.
OWN_SITE = frozenset({"same-origin", "none"})


class Insecure(BotError):
    """Somebody would sign in where others could read along."""

    code = "insecure"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            "The console opens over https, or on the server itself. An operator sets PUBLIC_URL "
            "to the https address."
        )


class ForeignRequest(BotError):
    """A form that another website sent."""

    code = "foreign_request"
    status = 403

    def __init__(self) -> None:
        super().__init__("This form is too old or came from another page. Please open it again.")


@dataclass(frozen=True)
class Address:
    """The console's address.

    Attributes:
        origin: Scheme, host and port, as browsers write it.
        is_https: Whether it is reached over https.
    """

    origin: str
    is_https: bool

    @classmethod
    def of(cls, public_url: str) -> Address:
        """From the address that patients and staff use."""
        parts = urlsplit(public_url)
        return cls(f"{parts.scheme}://{parts.netloc}".lower(), parts.scheme == "https")

    def check(self, request: Request) -> None:
        """Makes sure that nobody can read along.

        Raises:
            Insecure: over plain http from another machine, or by another name of this one.
        """
        if not self.is_https and not _is_here(request.headers.get("host", "")):
            raise Insecure

    def check_origin(self, request: Request) -> None:
        """Makes sure that a form came from one of the console's own pages.

        Raises:
            ForeignRequest: when the browser says that it came from elsewhere.
        """
        origin = request.headers.get("origin")
        # On this machine any port will do, as long as the page came from the same one.
        own = self.origin if self.is_https else f"http://{request.headers.get('host', '')}"
        if origin is not None and origin.lower() != own.lower():
            raise ForeignRequest
        if request.headers.get("sec-fetch-site", "none") not in OWN_SITE:
            raise ForeignRequest

    def cookie(self, request: Request, name: str) -> str | None:
        """A cookie's value; None when the browser sent none."""
        value = request.cookies.get(self.name(name))
        return str(value) if value else None

    def name(self, name: str) -> str:
        """A cookie's full name."""
        return f"{PREFIX}{name}" if self.is_https else name

    def set_cookie(
        self, response: HTTPResponse, name: str, value: str, seconds: int | None = None
    ) -> None:
        """Gives the browser a cookie that no script can read.

        Args:
            response: Takes it along.
            name: Without prefix.
            value: Letters, digits and ``-_.`` only.
            seconds: How long it is kept; None: until the browser is closed. 0 removes it.
        """
        full = self.name(name)
        response.cookies[full] = value
        cookie = response.cookies[full]
        cookie["path"] = "/"
        cookie["httponly"] = True
        cookie["samesite"] = "Lax"
        cookie["secure"] = self.is_https
        if seconds is not None:
            cookie["max-age"] = seconds


def _is_here(host: str) -> bool:
    """Whether a Host header names this machine's own loopback."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
