"""Takes appointment requests and carries them from one status to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from bot.booking.changes import Change, changed, check_version, needed_time
from bot.booking.model import (
    Booking,
    BookingChanged,
    BookingEvent,
    BookingNotFound,
    BookingRequest,
    ReferenceTaken,
    Status,
    VisitTime,
)
from bot.booking.ports import BookingRepository, Page, Search
from bot.booking.references import draw_reference, tidy_reference
from bot.booking.transitions import PATIENT, SYSTEM, Actor, check
from bot.booking.wished import last_wished_day
from bot.outbox.model import Outgoing

REFERENCE_DRAWS = 8
# A patient's wish is made again when staff were quicker; staff look again themselves.
PATIENT_ATTEMPTS = 5
# Staff looking at a request is nothing a patient needs to hear of.
UNTOLD = frozenset({Status.RECEIVED, Status.SEEN})
ZONE = "America/Edmonton"

Tell = Callable[[Booking], Outgoing]
Also = Callable[[Booking], Sequence[Outgoing]]
Notify = Callable[[Booking, BookingEvent], Sequence[Outgoing]]


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


def _nothing(_booking: Booking) -> Sequence[Outgoing]:
    return ()


class BookingService:
    """The booking desk."""

    def __init__(
        self,
        repository: BookingRepository,
        clock: Callable[[], datetime] = _utc_now,
        draw: Callable[[], str] = draw_reference,
        tell: Tell | None = None,
        zone: str = ZONE,
        *,
        notify: Notify | None = None,
    ) -> None:
        """Makes the desk.

        Args:
            repository: Where bookings are kept.
            clock: The present moment; aware.
            draw: A new reference each time.
            tell: The letter that tells a patient a booking's status; None: nobody is told.
            zone: The clinic's; a wished day ends there.
            notify: The emails that an event calls for, to staff or the patient; None: no email.
        """
        self._repository = repository
        self._clock = clock
        self._draw = draw
        self._tell = tell
        self._zone = ZoneInfo(zone)
        self._notify = notify

    async def request(
        self, request: BookingRequest, idempotency_key: str, conversation_id: str, channel: str
    ) -> Booking:
        """Keeps a request; when this returns, it is committed.

        Args:
            request: What the patient asked for.
            idempotency_key: Names this wish within the conversation. The same key again, even at
                the same moment, gives the same booking and never a second one.
            conversation_id: Where it was asked.
            channel: web, sms or messenger.

        Raises:
            ReferenceTaken: when no free reference was drawn; in practice never.
        """
        # Scoped, so that no key from one conversation can show another patient's booking.
        key = f"{conversation_id}/{idempotency_key}"
        for _ in range(REFERENCE_DRAWS - 1):
            with suppress(ReferenceTaken):
                return await self._add(request, key, conversation_id, channel)
        return await self._add(request, key, conversation_id, channel)

    async def _add(
        self, request: BookingRequest, key: str, conversation_id: str, channel: str
    ) -> Booking:
        booking = self._new(request, conversation_id, channel)
        first = BookingEvent(booking.created_at, str(PATIENT), Status.RECEIVED.value, {})
        return await self._repository.add(booking, key, first, self._notices(booking, first))

    def _new(self, request: BookingRequest, conversation_id: str, channel: str) -> Booking:
        now = self._clock()
        return Booking(
            **asdict(request),
            reference=self._draw(),
            conversation_id=conversation_id,
            channel=channel,
            status=Status.RECEIVED,
            created_at=now,
            updated_at=now,
            last_day=last_wished_day(request.preferred),
        )

    async def list(self, status: Status | None = None) -> Sequence[Booking]:
        """Bookings, newest first; only those of one status when it is given."""
        return await self._repository.list(status)

    async def search(self, wanted: Search) -> Page:
        """A page of bookings, newest first."""
        return await self._repository.search(wanted)

    async def get(self, reference: str) -> Booking:
        """The booking with this reference, however it was typed.

        Raises:
            BookingNotFound: when there is none.
        """
        return _found(await self._repository.get(tidy_reference(reference)))

    async def of_conversation(self, conversation_id: str) -> Sequence[Booking]:
        """The bookings asked for in one conversation, newest first."""
        return await self._repository.of_conversation(conversation_id)

    async def events(self, reference: str) -> Sequence[BookingEvent]:
        """What happened to a booking, oldest first; empty when there is no such booking."""
        return await self._repository.events(tidy_reference(reference))

    async def move(
        self,
        reference: str,
        to: Status,
        by: Actor,
        *,
        time: VisitTime | None = None,
        text: str = "",
        version: int | None = None,
        also: Also = _nothing,
    ) -> Booking:
        """Staff carry a request to another status; the patient is told in the same transaction.

        The same status with the same time again changes nothing; ``also`` is told all the same.

        Args:
            reference: However it was typed.
            to: The new status.
            by: Who does it.
            time: What is proposed or agreed. A confirmation without one takes the proposed time.
            text: Words for the history; the patient does not read them.
            version: Of the booking that ``by`` looked at; None: the present one.
            also: Makes more letters of the changed booking, such as staff's own words.

        Raises:
            BookingNotFound: when there is none.
            IllegalTransition: when the status cannot follow, or not by this hand.
            TimeNeeded: when a time is missing, has passed, or does not belong there.
            BookingChanged: when somebody else was quicker.
        """
        booking = await self.get(reference)
        check_version(booking, version)
        if booking.status is to and time in {None, booking.time}:
            for letter in also(booking):
                await self._repository.attach(booking, letter, self._clock())
            return booking
        check(booking.status, to, by)
        now = self._clock()
        agreed = needed_time(booking, to, time, now)
        return await self._record(booking, Change(to, by, now, {"text": text}, agreed), also=also)

    async def cancel(
        self, reference: str, text: str = "", *, message: str = "", conversation_id: str = ""
    ) -> Booking:
        """The patient no longer wants the visit. A cancelled request stays as it is.

        Only the caller knows who is asking: take the reference from ``of_conversation`` or from
        ``BookingAccess``, never from a patient's text alone.

        Args:
            reference: Which booking.
            text: The patient's own words.
            message: The id of the message that says so.
            conversation_id: Where it was said; when that is not where the booking was asked for,
                the other conversation is told.

        Raises:
            BookingNotFound: when there is none.
            IllegalTransition: when it was declined or has expired.
        """
        return await self._by_patient(reference, Status.CANCELLED, text, message, conversation_id)

    async def accept(
        self, reference: str, text: str = "", *, message: str = "", conversation_id: str = ""
    ) -> Booking:
        """The patient takes the proposed time; as ``cancel``.

        Raises:
            BookingNotFound: when there is none.
            IllegalTransition: when nothing is proposed.
        """
        return await self._by_patient(reference, Status.CONFIRMED, text, message, conversation_id)

    async def wish_to_change(self, reference: str, text: str, *, message: str = "") -> Booking:
        """Records that the patient wants another time. The status stays; staff decide.

        Saying the same again at once, as a retried turn does, records nothing new.

        Raises:
            BookingNotFound: when there is none.
        """
        for _ in range(PATIENT_ATTEMPTS):
            booking = await self.get(reference)
            detail = _detail(text, message)
            earlier = await self.events(booking.reference)
            if earlier and (earlier[-1].change, earlier[-1].detail) == ("change", detail):
                return booking
            wish = Change(None, PATIENT, self._clock(), detail, booking.time)
            with suppress(BookingChanged):
                return await self._record(booking, wish)
        raise _busy()

    async def expire(self, now: datetime) -> int:
        """Closes what nobody answered before its wished days, or its proposed time, had passed.

        Args:
            now: Aware.

        Returns:
            How many requests were closed.
        """
        closed = 0
        for booking in await self._repository.overdue(now, self._zone):
            # Whoever changed it at this very moment has answered it.
            with suppress(BookingChanged):
                await self._record(booking, Change(Status.EXPIRED, SYSTEM, now, {}, booking.time))
                closed += 1
        return closed

    async def _by_patient(
        self, reference: str, to: Status, text: str, message: str, conversation_id: str
    ) -> Booking:
        for _ in range(PATIENT_ATTEMPTS):
            booking = await self.get(reference)
            if booking.status is to:
                return booking
            check(booking.status, to, PATIENT)
            change = Change(to, PATIENT, self._clock(), _detail(text, message), booking.time)
            is_elsewhere = conversation_id not in {"", booking.conversation_id}
            with suppress(BookingChanged):
                return await self._record(booking, change, is_told=is_elsewhere)
        raise _busy()

    async def _record(
        self, booking: Booking, change: Change, is_told: bool | None = None, also: Also = _nothing
    ) -> Booking:
        after, event = changed(booking, change)
        if is_told is None:
            is_told = change.to is not None and change.to not in UNTOLD
        letters = [self._tell(after)] if is_told and self._tell else []
        letters.extend(also(after))
        letters.extend(self._notices(after, event))
        return _found(await self._repository.record(after, event, letters))

    def _notices(self, booking: Booking, event: BookingEvent) -> Sequence[Outgoing]:
        return self._notify(booking, event) if self._notify else ()


def _detail(text: str, message: str) -> dict[str, str]:
    return {"text": text, "message": message} if message else {"text": text}


def _busy() -> BookingChanged:
    return BookingChanged("This request is being changed by several people.", remedy="Try again.")


def _found(booking: Booking | None) -> Booking:
    if booking is None:
        raise BookingNotFound(
            "There is no booking with this reference.",
            remedy="List the bookings with `bot booking list`.",
        )
    return booking
