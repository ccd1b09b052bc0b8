"""Learning: what the labels propose, training and comparing, promoting and rolling back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from sanic.response import HTTPResponse

from bot.console.routes import Route
from bot.console.topics import titles_of
from bot.console.visit import Visit
from bot.errors import BotError
from bot.guard.refusals import BadRequest
from bot.learning.comparison import NAMES
from bot.learning.desk import Lessons
from bot.learning.proposals import WHY_NOT
from bot.learning.run import NothingToLearn
from bot.staff.roles import Permission
from bot.storage.audit import Entry
from bot.storage.training_runs import Run
from bot.storage.types import utc_now

HISTORY = 10
MAX_WORDING = 600
APPROVE = "approve"


@dataclass(frozen=True)
class Row:
    """One answer that would change.

    Attributes:
        text: The message; of a patient's the redacted copy.
        inbox_id: Of a patient's message; None for the others.
        kind: Which score it counts for.
        expect: Titles of what is right.
        old: What the served model says, in words.
        new: What the candidate says.
        verdicts: Of both.
    """

    text: str
    inbox_id: int | None
    kind: str
    expect: str
    old: str
    new: str
    verdicts: tuple[str, str]


async def show(visit: Visit) -> HTTPResponse:
    """The whole page."""
    return await _page(visit)


async def train(visit: Visit) -> HTTPResponse:
    """Starts a run beside the server."""
    learning, by = visit.desk.learning, visit.user.actor
    try:
        if not (await learning.desk.lessons()).proposals.examples:
            raise NothingToLearn
        await learning.launcher.start(await learning.runs.start(by))
    except BotError as error:
        return await _page(visit, error)
    return visit.go("/learning", done="training_started")


async def promote(visit: Visit, run_id: int) -> HTTPResponse:
    """Has patients answered by a run's candidate."""
    try:
        await visit.desk.learning.keeper.promote(run_id, visit.user.actor)
    except BotError as error:
        return await _page(visit, error)
    return visit.go("/learning", done="promoted")


async def rollback(visit: Visit) -> HTTPResponse:
    """Goes back to the model before."""
    try:
        served = visit.form.get("served", "")
        await visit.desk.learning.keeper.rollback(visit.user.actor, served)
    except BotError as error:
        return await _page(visit, error)
    return visit.go("/learning", done="rolled_back")


async def word_draft(visit: Visit, draft_id: int) -> HTTPResponse:
    """Keeps a draft's wording, approved or not."""
    wording = visit.form.get("wording", "").strip()
    if len(wording) > MAX_WORDING:
        raise BadRequest(f"A wording may have {MAX_WORDING} characters at most.")
    is_approved = visit.form.get("step") == APPROVE and bool(wording)
    by = visit.user.actor
    entry = Entry(by, "draft_approved" if is_approved else "draft_worded", str(draft_id))
    approver = by if is_approved else None
    seen, drafts = visit.form.get("seen", ""), visit.desk.learning.drafts
    await drafts.word(draft_id, wording, approver, utc_now(), entry, seen=seen)
    return visit.go("/learning", done="draft_approved" if is_approved else "draft_kept")


async def _page(visit: Visit, error: BotError | None = None) -> HTTPResponse:
    learning = visit.desk.learning
    lessons = await learning.desk.lessons()
    run, history = await learning.runs.latest(), await learning.promotions.page(HISTORY)
    titles = titles_of(visit.desk.services.library)
    former = history[0].former if history else None
    changes = await asyncio.to_thread(learning.desk.changes, lessons)
    present = await asyncio.to_thread(learning.keeper.present)
    is_promoted = run is not None and any(row.run_id == run.id for row in history)
    return visit.page(
        "learning.html",
        error.status if error else 200,
        error=error.message if error else "",
        lessons=lessons,
        by_topic=_by_topic(lessons, titles),
        why_not=_why_not(lessons),
        diffs=[change.diff for change in changes],
        run=run,
        rows=_rows(run, lessons, titles),
        names=NAMES,
        may_promote=run is not None and run.state == "ready" and not is_promoted,
        is_promoted=is_promoted,
        present=present,
        history=history,
        served=history[0].model if history else "",
        former=former if former and learning.keeper.is_kept(former) else None,
        max_wording=MAX_WORDING,
    )


def _by_topic(lessons: Lessons, titles: dict[str, str]) -> list[tuple[str, list[Any]]]:
    found: dict[str, list[Any]] = {}
    for one in lessons.proposals.examples:
        found.setdefault(titles.get(one.topic, "An answer without a card"), []).append(one)
    return sorted(found.items())


def _why_not(lessons: Lessons) -> list[tuple[str, int]]:
    reasons = list(lessons.proposals.dropped.values())
    return [(words, reasons.count(why)) for why, words in WHY_NOT.items() if why in reasons]


def _rows(run: Run | None, lessons: Lessons, titles: dict[str, str]) -> list[Row]:
    if run is None or run.report is None:
        return []
    texts = {one.item.turn.inbox_id: one.item.turn.text for one in lessons.labelled}
    return [_row(change, texts, titles) for change in run.report["changes"]]


def _row(change: dict[str, Any], texts: dict[int, str], titles: dict[str, str]) -> Row:
    inbox_id = change.get("inbox_id")
    text = change.get("text") or texts.get(inbox_id or 0, "A message that was erased since")
    expect = ", ".join(titles.get(topic, topic) for topic in change["expect"])
    return Row(
        text,
        inbox_id,
        change["kind"],
        "No red flag" if expect == "benign" else expect,
        _said(change["old"], titles),
        _said(change["new"], titles),
        (change["verdicts"][0], change["verdicts"][1]),
    )


def _said(said: list[str], titles: dict[str, str]) -> str:
    outcome, *topics = said
    if outcome == "decline":
        return "Declined"
    named = ", ".join(titles.get(topic, topic.partition("/")[2]) for topic in topics)
    return f"Asked back: {named}" if outcome == "clarify" else named or outcome.capitalize()


LEARN = Permission.LEARNING
ROUTES = (
    Route("GET", "/learning", LEARN, show),
    Route("POST", "/learning/train", LEARN, train),
    Route("POST", "/learning/runs/<run_id:int>/promote", LEARN, promote),
    Route("POST", "/learning/rollback", LEARN, rollback),
    Route("POST", "/learning/drafts/<draft_id:int>", Permission.WORDING, word_draft),
)
