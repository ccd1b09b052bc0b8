"""Review: the messages that teach most, one after the other, and what reviewers say of them."""

from __future__ import annotations

from sanic.response import HTTPResponse

from bot.console.notices import KIND_WORDS, REASON_WORDS, VERDICT_WORDS
from bot.console.routes import Route
from bot.console.topics import choices_of, titles_of
from bot.console.transcript import redacted
from bot.console.visit import Visit
from bot.errors import BotError
from bot.review.label import BadLabel, Item, ItemGone, Judgement, Verdict
from bot.review.pick import Kind
from bot.staff.roles import Permission
from bot.storage.audit import Entry
from bot.storage.drafts import DraftRepository
from bot.storage.feedback import FeedbackRepository
from bot.storage.review_queue import ReviewQueue
from bot.storage.types import utc_now

# Of what came before.
EARLIER = 3


async def show(visit: Visit) -> HTTPResponse:
    """What waits, by why it waits."""
    queue = _queue(visit)
    counts = await queue.counts()
    return visit.page(
        "review.html",
        counts=[(kind.value, counts[kind]) for kind in Kind if kind in counts],
        total=sum(counts.values()),
        kind_words=KIND_WORDS,
        tallies={kind.value: tally for kind, tally in (await queue.tallies()).items()},
        last=await queue.last_of(visit.user.actor),
    )


async def go_on(visit: Visit) -> HTTPResponse:
    """Gives the reviewer the next message."""
    return await _next(visit, "")


async def show_one(visit: Visit, message_id: int) -> HTTPResponse:
    """One message with what came before and what was answered."""
    return await _one(visit, await _queue(visit).get(message_id))


async def label(visit: Visit, message_id: int) -> HTTPResponse:
    """Keeps what the reviewer says, and goes on to the next message."""
    queue, by, now = _queue(visit), visit.user.actor, utc_now()
    try:
        judgement = await _judgement(visit)
        detail = {"verdict": judgement.verdict.value, "topic": judgement.topic or ""}
        entry = Entry(by, "review_labelled", str(message_id), detail)
        await queue.label(message_id, judgement, by, now, entry)
    except ItemGone:
        raise
    except BotError as error:
        # It is shown as it is now: with who has it, or with what was wrong in the form.
        return await _one(visit, await queue.get(message_id), error)
    return await _next(visit, f"labelled_{judgement.verdict.value}")


async def undo(visit: Visit, message_id: int) -> HTTPResponse:
    """Takes a label back; a practitioner also a colleague's."""
    by = visit.user.actor
    entry = Entry(by, "review_undone", str(message_id))
    anybodys = visit.user.may(Permission.LEARNING)
    await _queue(visit).undo(message_id, by, utc_now(), entry, anybodys=anybodys)
    return visit.go(f"/review/{message_id}", done="label_undone")


async def _judgement(visit: Visit) -> Judgement:
    form = visit.form
    try:
        verdict = Verdict(form.get("verdict", ""))
    except ValueError:
        raise BadLabel("Say what it is: right, wrong, a new question, or to be ignored.") from None
    if verdict is Verdict.WRONG:
        library = visit.desk.services.library
        topic = form.get("topic", "")
        if topic not in {choice.topic for choice in choices_of(library)}:
            raise BadLabel("Choose the right answer.")
        return Judgement(verdict, topic=topic)
    if verdict is Verdict.NEW and form.get("title", "").strip():
        drafts = DraftRepository(visit.desk.services.database)
        return Judgement(verdict, draft_id=await drafts.named(form["title"], utc_now()))
    if verdict is Verdict.UNDONE:
        raise BadLabel("A label is taken back with “Undo”.")
    return Judgement(verdict)


async def _next(visit: Visit, done: str) -> HTTPResponse:
    message_id = await _queue(visit).claim(visit.user.actor, utc_now())
    if message_id is None:
        return visit.go("/review", done=done or "review_empty")
    return visit.go(f"/review/{message_id}", done=done)


async def _one(visit: Visit, item: Item, error: BotError | None = None) -> HTTPResponse:
    database, turns = visit.desk.services.database, visit.desk.turns
    turn, queue = item.turn, _queue(visit)
    before = await turns.of_conversation(turn.conversation_id, EARLIER, turn.inbox_id)
    library, find = visit.desk.services.library, visit.query.get("find", "")
    kind = item.kinds[0]
    return visit.page(
        "review_item.html",
        error.status if error else 200,
        item=item,
        earlier=redacted(before.turns),
        said=redacted([turn]),
        thumb=await FeedbackRepository(database).of_message(turn.inbox_id),
        drafts=await DraftRepository(database).all(),
        choices=choices_of(library, find),
        find=find,
        titles=titles_of(library),
        holder=item.holder(utc_now()),
        tally=(await queue.tallies()).get(kind),
        left=sum((await queue.counts()).values()),
        last=await queue.last_of(visit.user.actor),
        kind_words=KIND_WORDS,
        reason_words=REASON_WORDS,
        verdict_words=VERDICT_WORDS,
        error=error.message if error else "",
        typed=visit.form,
    )


def _queue(visit: Visit) -> ReviewQueue:
    return ReviewQueue(visit.desk.services.database)


LABEL = Permission.REVIEW
ROUTES = (
    Route("GET", "/review", LABEL, show),
    Route("POST", "/review/next", LABEL, go_on),
    Route("GET", "/review/<message_id:int>", LABEL, show_one),
    Route("POST", "/review/<message_id:int>/label", LABEL, label),
    Route("POST", "/review/<message_id:int>/undo", LABEL, undo),
)
