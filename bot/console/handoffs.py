"""Taking a conversation over, writing in it, giving it back."""

from __future__ import annotations

from sanic.response import HTTPResponse

from bot.console.conversations import shown
from bot.console.forms import number_of
from bot.console.routes import NothingHere, Route
from bot.console.visit import Visit
from bot.errors import BotError
from bot.handoff import BadWords, Handoff, HandoffDesk
from bot.staff.roles import Permission
from bot.storage.consents import ConsentRepository

# Where the page has the words that are being typed.
REPLY = "reply"


class Unreachable(BotError):
    """The patient wants no messages."""

    code = "opted_out"
    status = 409

    def __init__(self) -> None:
        super().__init__("This patient opted out of text messages. Nothing was sent; please call.")


async def step_in(visit: Visit, message_id: int) -> HTTPResponse:
    """Takes a conversation in which nobody asked for a person."""
    name = await visit.desk.turns.conversation(message_id)
    if name is None:
        raise NothingHere
    try:
        await _desk(visit).step_in(name, name.partition(":")[0], visit.user.actor)
    except BotError as error:
        return await shown(visit, message_id, error=error)
    return _to_reply(visit, message_id)


async def take(visit: Visit, handoff_id: int) -> HTTPResponse:
    """Takes over what waits, or what a colleague has."""
    handoff = await _desk(visit).get(handoff_id)
    message_id = await _message(visit, handoff)
    version = number_of(visit.form, "version") or 0
    try:
        await _desk(visit).take(handoff_id, visit.user.actor, version)
    except BotError as error:
        return await shown(visit, message_id, error=error)
    return _to_reply(visit, message_id)


async def reply(visit: Visit, handoff_id: int) -> HTTPResponse:
    """Sends what was typed to the patient."""
    handoff = await _desk(visit).get(handoff_id)
    form, words = visit.form.get("form", ""), visit.form.get("words", "")
    consents = ConsentRepository(visit.desk.services.database)
    try:
        if not form:
            raise BadWords("The page is too old. Please open the conversation again.")
        if await consents.is_out(handoff.conversation_id):
            raise Unreachable
        await _desk(visit).reply(handoff_id, visit.user.actor, words, form)
    except BotError as error:
        # What was typed stays.
        return await _shown(visit, handoff, error, words)
    return _to_reply(visit, await _message(visit, handoff))


async def give_back(visit: Visit, handoff_id: int) -> HTTPResponse:
    """Lets the assistant answer again."""
    handoff = await _desk(visit).get(handoff_id)
    try:
        await _desk(visit).give_back(handoff_id, visit.user.actor)
    except BotError as error:
        return await _shown(visit, handoff, error)
    message_id = await _message(visit, handoff)
    return visit.go(f"/conversations/{message_id}", done="given_back")


async def close(visit: Visit, handoff_id: int) -> HTTPResponse:
    """Ends a wait without a talk here."""
    handoff = await _desk(visit).get(handoff_id)
    try:
        await _desk(visit).close(handoff_id, visit.user.actor)
    except BotError as error:
        return await _shown(visit, handoff, error)
    return visit.go("/", done="handoff_closed")


async def _shown(visit: Visit, handoff: Handoff, error: BotError, typed: str = "") -> HTTPResponse:
    return await shown(visit, await _message(visit, handoff), error=error, typed=typed)


async def _message(visit: Visit, handoff: Handoff) -> int:
    """A message of the conversation, to open it by."""
    name = handoff.conversation_id
    found = (await visit.desk.turns.latest_of({name})).get(name)
    if found is None:
        raise NothingHere
    return found


def _to_reply(visit: Visit, message_id: int) -> HTTPResponse:
    return visit.go(f"/conversations/{message_id}", place=REPLY)


def _desk(visit: Visit) -> HandoffDesk:
    return visit.desk.services.handoffs


MAY = Permission.HANDOFF
ROUTES = (
    Route("POST", "/conversations/<message_id:int>/take", MAY, step_in),
    Route("POST", "/handoffs/<handoff_id:int>/take", MAY, take),
    Route("POST", "/handoffs/<handoff_id:int>/reply", MAY, reply),
    Route("POST", "/handoffs/<handoff_id:int>/give-back", MAY, give_back),
    Route("POST", "/handoffs/<handoff_id:int>/close", MAY, close),
)
