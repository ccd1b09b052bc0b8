"""User management, for admins."""

from __future__ import annotations

from sanic.response import HTTPResponse

from bot.console.routes import Route
from bot.console.visit import Visit
from bot.errors import BotError
from bot.staff.accounts import INVITED_FOR, link_to_enrol
from bot.staff.model import User
from bot.staff.roles import PERMISSIONS, Permission, Role, role_of


async def show(visit: Visit) -> HTTPResponse:
    """Everybody who may sign in, or could once."""
    return await _users(visit)


async def add(visit: Visit) -> HTTPResponse:
    """Makes a user and shows the link to enrol with, this once."""
    directory, form = visit.desk.office.directory, visit.form
    try:
        role = role_of(form.get("role", ""))
        user, token = await directory.add(form.get("name", ""), role, visit.user.actor)
    except BotError as error:
        return await _users(visit, error.message, error.status)
    return _invitation(visit, user, token)


async def reset(visit: Visit, user_id: int) -> HTTPResponse:
    """Forgets password and codes; shows a new link, this once."""
    directory = visit.desk.office.directory
    user = await directory.get(user_id)
    return _invitation(visit, user, await directory.reset(user, visit.user.actor))


async def change_role(visit: Visit, user_id: int) -> HTTPResponse:
    """Makes a user something else."""
    directory = visit.desk.office.directory
    try:
        role = role_of(visit.form.get("role", ""))
        await directory.set_role(await directory.get(user_id), role, visit.user.actor)
    except BotError as error:
        return await _users(visit, error.message, error.status)
    return visit.go("/users", done="role")


async def disable(visit: Visit, user_id: int) -> HTTPResponse:
    """Shuts a user out at once."""
    return await _set_disabled(visit, user_id, True)


async def enable(visit: Visit, user_id: int) -> HTTPResponse:
    """Lets a user in again."""
    return await _set_disabled(visit, user_id, False)


async def _set_disabled(visit: Visit, user_id: int, is_disabled: bool) -> HTTPResponse:
    directory = visit.desk.office.directory
    try:
        user = await directory.get(user_id)
        await directory.set_disabled(user, is_disabled, visit.user.actor)
    except BotError as error:
        return await _users(visit, error.message, error.status)
    return visit.go("/users", done="disabled" if is_disabled else "enabled")


def _invitation(visit: Visit, user: User, token: str) -> HTTPResponse:
    link = link_to_enrol(visit.desk.services.settings.public_url, token)
    hours = int(INVITED_FOR.total_seconds() // 3600)
    return visit.page("invitation.html", invited=user, link=link, hours=hours)


async def _users(visit: Visit, error: str = "", status: int = 200) -> HTTPResponse:
    everybody = await visit.desk.office.directory.list()
    rights = {role: sorted(p.value for p in PERMISSIONS[role]) for role in Role}
    return visit.page("users.html", status, users=everybody, rights=rights, error=error)


MANAGE = Permission.USERS
ROUTES = (
    Route("GET", "/users", MANAGE, show),
    Route("POST", "/users", MANAGE, add),
    Route("POST", "/users/<user_id:int>/reset", MANAGE, reset),
    Route("POST", "/users/<user_id:int>/role", MANAGE, change_role),
    Route("POST", "/users/<user_id:int>/disable", MANAGE, disable),
    Route("POST", "/users/<user_id:int>/enable", MANAGE, enable),
)
