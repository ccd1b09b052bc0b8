"""Every table, by whose its rows are and how long they stay: one line a table.

Export, erasure and purge read nothing but this list. A test holds it to the tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import Table, and_, false, or_, select
from sqlalchemy.sql import ColumnElement

from bot.storage import (
    figure_tables,
    handoff_tables,
    learning_tables,
    link_tables,
    review_tables,
    staff_tables,
    tables,
)
from bot.storage.scope import Scope
from bot.storage.types import IsoDay

Belongs = Callable[[Table, Scope], ColumnElement]
IsOld = Callable[[Table, datetime], ColumnElement]


@dataclass(frozen=True)
class Holding:
    """A table that holds something on patients.

    Attributes:
        table: Also names its section of an export.
        belongs: Which rows are a patient's.
        window: Of ``bot.privacy.Retention``; None for rows that go with their parent's.
        is_old: Which rows are past a moment; None with ``window``.
        goes_with: The parent table whose deletion takes these rows with it.
        kept: Why an erasure leaves these rows: a sentence. Empty: it does not.
        hidden: Columns left out of an export: keys and secrets, never anything on the patient.
        shown: How a column is written in an export, where its plain value would not do.
    """

    table: Table
    belongs: Belongs
    window: str | None = None
    is_old: IsOld | None = None
    goes_with: str | None = None
    kept: str = ""
    hidden: frozenset[str] = frozenset()
    shown: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class NotPersonal:
    """A table that holds nothing on any patient.

    Attributes:
        table: Which.
        reason: Why that is so; a sentence.
    """

    table: Table
    reason: str


def of_conversation(column: str = "conversation_id") -> Belongs:
    """Rows that carry the conversation's id in this column."""
    return lambda table, scope: table.c[column].in_(scope.conversations)


def of_booking(column: str = "booking_id") -> Belongs:
    """Rows that carry the number of a booking."""
    return lambda table, scope: table.c[column].in_(scope.booking_ids)


def of_phone(column: str = "phone") -> Belongs:
    """Rows that carry the patient's phone number as E.164."""

    def belongs(table: Table, scope: Scope) -> ColumnElement:
        # Nobody's number must not find the rows without one.
        return false() if scope.who.phone is None else table.c[column] == scope.who.phone

    return belongs


def older(*columns: str) -> IsOld:
    """Rows whose latest of these times and days is past; an empty one does not count."""
    return lambda table, moment: and_(*(_is_past(table.c[name], moment) for name in columns))


def _is_past(column: ColumnElement, moment: datetime) -> ColumnElement:
    is_past = column < (moment.date() if isinstance(column.type, IsoDay) else moment)
    return or_(column.is_(None), is_past) if column.nullable else is_past


def _letter_of(table: Table, scope: Scope) -> ColumnElement:
    """Letters about the patient's requests, and those of their conversations about nobody else's.

    A letter's key names what it is about: ``kind/reference/...``.
    """
    key = table.c.idempotency_key
    about = [key.like(f"%/{reference}/%") for reference in scope.references]
    others = [key.notlike(f"%/{reference}/%") for reference in scope.others_references]
    return or_(*about, and_(table.c.conversation_id.in_(scope.conversations), *others))


def _delivery_of(table: Table, scope: Scope) -> ColumnElement:
    """What became of those letters; only the provider's name of a letter leads there."""
    letters = select(tables.outbox.c.provider_id).where(_letter_of(tables.outbox, scope))
    return table.c.provider_id.in_(letters)


def _code_of(table: Table, scope: Scope) -> ColumnElement:
    """Codes asked for in the patient's chat, or sent to the patient's phone a moment ago."""
    return or_(of_conversation()(table, scope), of_phone()(table, scope))


def _link_of(table: Table, scope: Scope) -> ColumnElement:
    """Links at either of their ends."""
    return or_(of_conversation()(table, scope), of_conversation("sms_id")(table, scope))


def _is_old_event(table: Table, moment: datetime) -> ColumnElement:
    """Rasa counts in seconds."""
    return table.c.timestamp < moment.timestamp()


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat()


def _event(data: str) -> Any:
    event = json.loads(data)
    return event | {"timestamp": _iso(event["timestamp"])} if event.get("timestamp") else event


# In the order an erasure takes them. The inbox comes first: it waits there for running turns. Then
# the codes: it waits there for a proof, which may add a link.
HOLDINGS: tuple[Holding | NotPersonal, ...] = (
    Holding(tables.inbox, of_conversation(), "messages", older("received_at")),
    Holding(
        link_tables.phone_codes,
        _code_of,
        "tries",
        older("created_at"),
        # Whoever typed a number has not proved it: the number's owner is not told in which chat.
        hidden=frozenset({"conversation_id", "phone_mark", "client_mark", "code_mark", "sent"}),
    ),
    Holding(
        tables.tracker_events,
        of_conversation("sender_id"),
        "messages",
        _is_old_event,
        shown={"timestamp": _iso, "data": _event},
    ),
    Holding(tables.booking_events, of_booking(), goes_with="bookings"),
    Holding(
        tables.bookings,
        of_booking("id"),
        "bookings",
        older("updated_at", "starts_at", "last_day"),
        hidden=frozenset({"idempotency_key", "phone_mark", "email_mark"}),
    ),
    Holding(tables.deliveries, _delivery_of, "letters", older("at")),
    Holding(
        tables.outbox,
        _letter_of,
        "letters",
        older("created_at", "next_at"),
        hidden=frozenset({"idempotency_key"}),
    ),
    Holding(learning_tables.labels, of_conversation(), goes_with="review_turns"),
    Holding(learning_tables.review_items, of_conversation(), goes_with="review_turns"),
    Holding(figure_tables.message_groups, of_conversation(), goes_with="review_turns"),
    Holding(review_tables.review_turns, of_conversation(), "messages", older("at")),
    Holding(
        handoff_tables.handoffs,
        of_conversation(),
        "messages",
        older("opened_at", "asked_at", "taken_at", "wrote_at", "ended_at"),
    ),
    Holding(learning_tables.feedback, of_conversation(), "messages", older("at")),
    Holding(tables.booking_tries, of_conversation(), "tries", older("at")),
    Holding(tables.alerts, of_conversation(), "alerts", older("at")),
    Holding(link_tables.conversation_links, _link_of, "links", older("linked_at")),
    Holding(tables.conversations, of_conversation("id"), "conversations", older("last_seen_at")),
    Holding(
        tables.consents,
        of_conversation(),
        kept="Who opted out must stay known, or messages would be sent to them again.",
    ),
    NotPersonal(learning_tables.drafts, "Titles and wordings that staff write."),
    NotPersonal(
        learning_tables.training_runs,
        "Scores, and how many answers change; messages of patients stand in it by number alone.",
    ),
    NotPersonal(learning_tables.promotions, "Names of models, and of staff."),
    NotPersonal(tables.data_keys, "Names of keys, which tell nothing of the keys."),
    NotPersonal(
        figure_tables.daily_figures, "Counts and times by day; no message, no conversation."
    ),
    NotPersonal(
        figure_tables.groupings, "When unanswered messages were grouped, and how many there were."
    ),
    NotPersonal(tables.privacy_log, "It counts, and names staff, but no patient."),
    NotPersonal(staff_tables.users, "Staff, not patients."),
    NotPersonal(staff_tables.recovery_codes, "Staff's codes, hashed."),
    NotPersonal(staff_tables.enrolments, "Invitations of staff."),
    NotPersonal(staff_tables.console_sessions, "Sessions of staff."),
    NotPersonal(staff_tables.sign_in_tries, "Keyed hashes of staff's names and addresses."),
    NotPersonal(
        staff_tables.audit,
        "It names staff, and rows by their number: once erased, nobody can tell whose they were.",
    ),
)


def personal(holdings: tuple[Holding | NotPersonal, ...] = HOLDINGS) -> tuple[Holding, ...]:
    """Those that hold something on patients."""
    return tuple(holding for holding in holdings if isinstance(holding, Holding))
