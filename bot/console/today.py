"""Today: what needs somebody now, gravest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sanic.response import HTTPResponse

from bot.booking import Status
from bot.console.people import people_of
from bot.console.routes import NothingHere, Route
from bot.console.visit import Visit
from bot.handoff import STAFF_MESSAGE
from bot.outbox import REPLY, WARNING
from bot.safety.model import Level
from bot.staff.roles import Permission
from bot.storage.alerts import Alert
from bot.storage.audit import Entry
from bot.storage.booking_pages import BookingPages

NEWEST_BOOKINGS = 20
RED_FLAG = "red_flag"
# Each kind of alert with the section it stands in; a kind that is not here stands last.
SECTIONS = {
    RED_FLAG: "Red flags",
    "booking": "Changes by patients",
    "outbox": "Not delivered",
    "opt_out": "Opted out of messages",
}
BEFORE_BOOKINGS = frozenset({RED_FLAG})
OTHER = "Also new"
NUMBERS = {Level.EMERGENCY: "911", Level.CRISIS: "988", Level.URGENT: "811"}
WORDS = {
    "accepted": "Took the time offered for {sign}",
    "change_wanted": "Wants another time for {sign}",
    "change_dropped": "Wants {sign} left as it is after all",
    "cancelled": "Cancelled {sign}",
    "maybe_cancel": "Wrote “{sign}”: perhaps to cancel the visit",
    "live_request": "Opted out by “{sign}”, with a request open",
    "wrote_again": "Opted out, and wrote again: no reply can be sent",
}
UNDELIVERED = "undelivered"
# What could not be delivered, by the beginning of the letter's kind.
LETTERS = {
    WARNING: "A red-flag warning",
    REPLY: "A reply of the assistant",
    STAFF_MESSAGE: "What a colleague wrote",
    "staff_booking": "An email to staff",
    "booking_reminder": "A reminder of a visit",
    "booking": "News of a request",
    "handoff": "Word of who answers",
}


@dataclass(frozen=True)
class Shown:
    """An alert as staff read it.

    Attributes:
        alert: The alert.
        title: What it is about.
        number: Which number the patient was told to call; empty for other kinds.
        reference: Of the booking it is about; empty for other kinds.
        message_id: A message of the conversation, to open it by; None when none is kept.
    """

    alert: Alert
    title: str
    number: str
    reference: str
    message_id: int | None


async def show(visit: Visit) -> HTTPResponse:
    """The whole page."""
    services = visit.desk.services
    alerts = await services.alerts.open_alerts()
    handoffs = await services.handoffs.open_ones()
    concerned = {alert.conversation_id for alert in alerts}
    concerned |= {handoff.conversation_id for handoff in handoffs}
    opened = await visit.desk.turns.latest_of(concerned)
    heard = await services.handoffs.heard(handoffs)
    words = await visit.desk.turns.last_words({one.conversation_id for one in handoffs})
    people = people_of(handoffs, opened, heard, words)
    titles = {sign.id: sign.title for sign in services.gate.signs}
    shown = [_shown(alert, titles, opened.get(alert.conversation_id)) for alert in alerts]
    new, count = await _new_bookings(visit)
    return visit.page(
        "today.html",
        sections=_sections(shown),
        first=BEFORE_BOOKINGS,
        people=people,
        bookings=new,
        booking_count=count,
        open_count=len(alerts) + count + sum(person.is_waiting for person in people),
    )


async def mark_seen(visit: Visit, alert_id: int) -> HTTPResponse:
    """Closes an alert; the audit trail tells by whom."""
    alerts = visit.desk.services.alerts
    alert = await alerts.get(alert_id)
    if alert is None:
        raise NothingHere
    detail = {"kind": alert.kind, "level": alert.level, "sign": alert.sign}
    await alerts.mark_seen(alert_id, Entry(visit.user.actor, "alert_seen", str(alert_id), detail))
    return visit.go("/", done="seen")


async def _new_bookings(visit: Visit) -> tuple[tuple[object, ...], int]:
    if not visit.user.may(Permission.BOOKINGS):
        return (), 0
    pages = BookingPages(visit.desk.services.database)
    page = await pages.page([Status.RECEIVED], NEWEST_BOOKINGS)
    count = len(page.bookings)
    if page.older is not None:
        count = (await pages.counts()).get(Status.RECEIVED, 0)
    return page.bookings, count


def _sections(shown: Iterable[Shown]) -> list[tuple[str, str, list[Shown]]]:
    """Kind, heading and alerts of each section that has any, in order."""
    of_kind: dict[str, list[Shown]] = {kind: [] for kind in (*SECTIONS, "")}
    for item in shown:
        of_kind[item.alert.kind if item.alert.kind in SECTIONS else ""].append(item)
    of_kind[RED_FLAG].sort(key=lambda item: _rank(item.alert))
    return [(kind, SECTIONS.get(kind, OTHER), items) for kind, items in of_kind.items() if items]


def _rank(alert: Alert) -> tuple[int, int]:
    """Gravest first, and of those the one that waits longest."""
    levels = {level.value: level.rank for level in Level}
    return levels.get(alert.level, len(levels)), alert.id


def _shown(alert: Alert, titles: dict[str, str], message_id: int | None) -> Shown:
    plain = alert.sign.replace("_", " ")
    if alert.kind == RED_FLAG:
        level = next((level for level in Level if level.value == alert.level), None)
        number = NUMBERS[level] if level else ""
        return Shown(alert, titles.get(alert.sign, plain), number, "", message_id)
    if alert.level == UNDELIVERED:
        return Shown(alert, _lost(alert.sign), "", "", message_id)
    words = WORDS.get(alert.level, f"{alert.level.replace('_', ' ').capitalize()}: {plain}")
    reference = alert.sign if alert.kind == "booking" else ""
    return Shown(alert, words.format(sign=reference or plain), "", reference, message_id)


def _lost(sign: str) -> str:
    """What could not be delivered, and the provider's code for why."""
    kind, _, code = sign.partition("/")
    what = next((words for start, words in LETTERS.items() if kind.startswith(start)), "A message")
    why = f" (the provider's error {code})" if code.isdigit() else ""
    return f"{what} could not be delivered{why}"


ROUTES = (
    Route("GET", "/", Permission.TODAY, show),
    Route("POST", "/alerts/<alert_id:int>/seen", Permission.ALERTS, mark_seen),
)
