"""Words typed into a form that could not be taken: shown, so that they can be copied.

A session may end and a page grow old while somebody writes; a database may be away for a moment.
"""

from __future__ import annotations

from bot.console.forms import form_of
from bot.console.visit import Visit
from bot.errors import BotError

# The fields that take sentences; never a password or a code.
FIELDS = ("words", "note", "wording", "title")


class SignedOut(BotError):
    """The session ended while somebody wrote."""

    code = "signed_out"
    status = 403

    def __init__(self) -> None:
        super().__init__("You were signed out before this was sent, and nothing was done.")


def typed_in(visit: Visit) -> tuple[str, ...]:
    """What was typed into the console's own form; nothing of what another website sends."""
    if visit.request.method != "POST":
        return ()
    try:
        visit.desk.address.check_origin(visit.request)
        form = form_of(visit.request)
    except BotError:
        return ()
    return tuple(form[name] for name in FIELDS if form.get(name, "").strip())
