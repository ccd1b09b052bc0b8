"""A user's own account: password, recovery codes, open sessions."""

from __future__ import annotations

from sanic.response import HTTPResponse

from bot.console.routes import SESSION, Route
from bot.console.visit import Visit
from bot.errors import BotError
from bot.staff.passwords import SHORTEST
from bot.staff.roles import Permission


async def show(visit: Visit) -> HTTPResponse:
    """The account."""
    return await _account(visit)


async def change_password(visit: Visit) -> HTTPResponse:
    """Keeps another password; the user signs in again, in every browser."""
    form = visit.form
    if form.get("new", "") != form.get("again", ""):
        return await _account(visit, "The two new passwords are not the same.", 422)
    own = visit.desk.office.own
    try:
        await own.change_password(visit.user, form.get("present", ""), form.get("new", ""))
    except BotError as error:
        return await _account(visit, error.message, error.status)
    return _out(visit, "password")


async def renew_codes(visit: Visit) -> HTTPResponse:
    """Shows new recovery codes, this once."""
    own = visit.desk.office.own
    try:
        codes = await own.renew_recovery_codes(visit.user, visit.form.get("present", ""))
    except BotError as error:
        return await _account(visit, error.message, error.status)
    return visit.page("codes.html", codes=codes, is_new=False)


async def leave_everywhere(visit: Visit) -> HTTPResponse:
    """Ends every session of the user."""
    await visit.desk.office.door.leave_everywhere(visit.user)
    return _out(visit, "signed_out_everywhere")


async def _account(visit: Visit, error: str = "", status: int = 200) -> HTTPResponse:
    office = visit.desk.office
    session = visit.session
    return visit.page(
        "account.html",
        status,
        sessions=await office.sessions.of_user(visit.user.id),
        present=session.id if session else None,
        codes_left=await office.users.count_recovery_codes(visit.user.id),
        shortest=SHORTEST,
        error=error,
    )


def _out(visit: Visit, done: str) -> HTTPResponse:
    response = visit.go("/sign-in", done=done)
    visit.desk.address.set_cookie(response, SESSION, "", 0)
    return response


OWN = Permission.SIGNED_IN
ROUTES = (
    Route("GET", "/account", OWN, show),
    Route("POST", "/account/password", OWN, change_password),
    Route("POST", "/account/codes", OWN, renew_codes),
    Route("POST", "/account/sign-out-everywhere", OWN, leave_everywhere),
)
