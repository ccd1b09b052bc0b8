from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from fakes.copies import NOON, copied
from web_client import Answer, WebClient

from bot.console import Desk
from bot.learning.comparison import Judged, compare
from bot.learning.evaluation import Case
from bot.learning.promotion import NotPromoted
from bot.learning.run import NothingToLearn
from bot.review.label import Judgement, Verdict
from bot.settings import Settings
from bot.staff.roles import Role
from bot.storage.audit import Entry
from bot.storage.inbox import InboxRepository
from bot.storage.review import ReviewRepository
from bot.storage.training_runs import READY, REFUSED
from bot.storage.types import utc_now
from console.conftest import SignedIn
from console.desk import ORIGIN, Browser, app_of, text_of

PAGE = "/console/learning"
RIGHT = {"outcome": "answer", "answer_ids": ["clinic/fees"]}
DECLINED = {"outcome": "decline", "answer_ids": ["other/out_of_scope"]}
WARNED = {"outcome": "emergency", "answer_ids": ["safety/emergency"]}


@dataclass
class Launched:
    """Notes which runs would have been started."""

    runs: list[int] = field(default_factory=list)

    async def start(self, run_id: int) -> None:
        self.runs.append(run_id)

    async def stop(self) -> None:
        pass


@pytest.fixture
def launched() -> Launched:
    return Launched()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(  # type: ignore[call-arg]
        secret_key="s" * 40,
        public_url=ORIGIN,
        learned_dir=tmp_path / "learned",
        models_dir=tmp_path / "models",
    )


@pytest.fixture
def client(desk: Desk, launched: Launched) -> WebClient:
    learning = replace(desk.learning, launcher=launched)
    return WebClient(app_of(replace(desk, learning=learning)))


async def label(desk: Desk, text: str, said: Judgement) -> int:
    database = desk.services.database
    row = await InboxRepository(database).take("web", f"web:{text}", "m", text)
    message = copied(text, inbox_id=row.id, outcome="decline", confidence=0.4, answer="")
    await ReviewRepository(database).keep([message])
    entry = Entry("Kim", "review_labelled", str(row.id))
    await desk.learning.queue.label(row.id, said, "Kim", NOON, entry)
    return row.id


async def ran(desk: Desk, judged: list[Judged], state: str) -> int:
    runs = desk.learning.runs
    number = await runs.start("Pat")
    await runs.name(number, "base.tar.gz", "candidate.tar.gz")
    await runs.end(number, state, compare(judged, ["A note."], 3).as_json())
    return number


FEES = Judgement(Verdict.WRONG, topic="clinic/fees")


async def post(browser: Browser, path: str, **fields: str) -> Answer:
    return await browser.post(f"{PAGE}{path}", fields, PAGE)


async def test_the_page_shows_what_the_labels_propose(as_role: SignedIn, desk: Desk) -> None:
    await label(desk, "what is the damage <b>eh</b>", FEES)
    await label(desk, "my place is [address] is it far", FEES)
    await label(desk, "ear seeds for my dog", Judgement(Verdict.NEW))
    page = await (await as_role(Role.PRACTITIONER)).open(PAGE)
    text = text_of(page)
    for words in (
        "1 new example from labels",
        "Fees and payment",
        "what is the damage",
        "1: it has names or numbers that it cannot do without",
        "+    - what is the damage <b>eh</b>",
        "+++ b/data/answers/drafts.yml",
        "Without a name",
        "ear seeds for my dog",
        "nothing was promoted yet",
    ):
        assert words in text, words
    assert "<b>eh" not in page.body.decode()
    assert "clinic/fees" not in text.replace("data/nlu", "")
    assert "Roll back" not in text


async def test_training_starts_beside_the_server(
    as_role: SignedIn, desk: Desk, launched: Launched
) -> None:
    browser = await as_role(Role.PRACTITIONER)
    refused = await post(browser, "/train")
    assert (refused.status, launched.runs) == (409, [])
    assert NothingToLearn().message in text_of(refused)
    await label(desk, "what is the damage eh", FEES)
    answer = await post(browser, "/train")
    assert answer.headers["location"] == f"{PAGE}?done=training_started"
    (number,) = launched.runs
    await desk.learning.runs.tell(number, ["  12 s  Asking the candidate…"])
    text = text_of(await browser.open(PAGE))
    assert "Started by Practitioner Example" in text
    assert "Asking the candidate…" in text
    assert "Train and compare" not in text
    again = await post(browser, "/train")
    assert (again.status, len(launched.runs)) == (409, 1)
    assert "being trained already" in text_of(again)


async def test_a_comparison_is_shown_with_the_answers_that_change(
    as_role: SignedIn, desk: Desk
) -> None:
    number = await label(desk, "what is the damage eh", FEES)
    fees = Case("what do i pay", ("clinic/fees",))
    judged = [
        Judged("first.jsonl", fees, DECLINED, RIGHT),
        Judged("labels", Case("x", ("clinic/fees",)), DECLINED, RIGHT, number),
        Judged("labels", Case("gone", ("clinic/fees",)), DECLINED, RIGHT, 4711),
    ]
    await ran(desk, judged, READY)
    text = text_of(await (await as_role(Role.ADMIN)).open(PAGE))
    for words in (
        "The candidate is good enough",
        "3 answers would change",
        "what do i pay",
        "what is the damage eh",
        "A message that was erased since",
        "Declined",
        "Fees and payment",
        "A note.",
        "Promote the candidate",
    ):
        assert words in text, words


async def test_a_refused_candidate_has_no_button(as_role: SignedIn, desk: Desk) -> None:
    flag = Judged("safety.jsonl", Case("chest pain", ("safety/emergency",)), WARNED, DECLINED)
    number = await ran(desk, [flag], REFUSED)
    browser = await as_role(Role.PRACTITIONER)
    text = text_of(await browser.open(PAGE))
    assert "The candidate is not good enough" in text
    assert "1 red flag is newly missed." in text
    assert "Promote the candidate" not in text
    # Nor does sending the form by hand help.
    refused = await post(browser, f"/runs/{number}/promote")
    assert refused.status == 409
    assert "may not be promoted" in text_of(refused)


async def test_promoting_and_rolling_back(
    as_role: SignedIn, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[object, ...]] = []
    keeper = type(desk.learning.keeper)

    async def promote(_self: object, run_id: int, by: str) -> None:
        done.append((run_id, by))

    async def rollback(_self: object, by: str, away_from: str) -> str:
        done.append((by, away_from))
        raise NotPromoted("Nothing was promoted yet.")

    monkeypatch.setattr(keeper, "promote", promote)
    monkeypatch.setattr(keeper, "rollback", rollback)
    browser = await as_role(Role.ADMIN)
    answer = await post(browser, "/runs/7/promote")
    assert answer.headers["location"] == f"{PAGE}?done=promoted"
    refused = await post(browser, "/rollback", served="b.tar.gz")
    assert refused.status == 409
    assert "Nothing was promoted yet." in text_of(refused)
    assert done == [(7, "Admin Example"), ("Admin Example", "b.tar.gz")]
    assert (await post(browser, "/runs/7/nothing")).status == 404


async def test_the_button_names_the_model_it_leads_away_from(
    as_role: SignedIn, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(desk.learning.keeper), "is_kept", lambda *_: True)
    browser, change = await as_role(Role.ADMIN), desk.learning.promotions.add
    for number, kind, model, words in (
        (None, "promote", "b.tar.gz", "Roll back"),
        (1, "rollback", "a.tar.gz", "Undo the rollback"),
    ):
        former = {"a.tar.gz": "b.tar.gz"}.get(model, "a.tar.gz")
        await change("Pat", kind, model, former, run_id=None, after=number, prepare=lambda: None)
        page = (await browser.open(PAGE)).body.decode()
        assert f'name="served" value="{model}"><button class="danger">{words}<' in page


async def test_a_practitioner_words_and_approves_a_draft(as_role: SignedIn, desk: Desk) -> None:
    number = await desk.learning.drafts.named("Ear seeds", utc_now())
    await label(desk, "ear seeds?", Judgement(Verdict.NEW, draft_id=number))
    browser = await as_role(Role.PRACTITIONER)
    draft = f"/drafts/{number}"

    async def seen() -> str:
        found = re.search(r'name="seen" value="(\w+)"', (await browser.open(PAGE)).body.decode())
        assert found
        return found[1]

    first = await seen()
    await post(browser, draft, wording="We do not offer them.", step="keep", seen=first)
    assert "wording approved" not in text_of(await browser.open(PAGE))
    await post(browser, draft, wording="We do not offer them.", step="approve", seen=await seen())
    text = text_of(await browser.open(PAGE))
    assert "wording approved" in text
    assert "Approved by Practitioner Example" in text
    assert "approved_by: Practitioner Example" in text
    # A page from before the approval neither takes it back nor loses what was typed there.
    late = await post(browser, draft, wording="We do, on request.", step="keep", seen=first)
    assert (late.status, "We do, on request." in late.body.decode()) == (409, True)
    assert "wording approved" in text_of(await browser.open(PAGE))
    emptied = await post(browser, draft, wording="", step="approve", seen=await seen())
    assert emptied.status == 303
    assert "wording approved" not in text_of(await browser.open(PAGE))
    assert (await post(browser, draft, wording="x" * 601, step="keep")).status == 400
    assert (await post(browser, "/drafts/4711", wording="x", step="keep")).status == 404
    actions = [e.action for e in await desk.office.audit.page(9)]
    assert actions.count("draft_approved") == 1


async def test_an_admin_reads_drafts_and_words_none(as_role: SignedIn, desk: Desk) -> None:
    number = await desk.learning.drafts.named("Ear seeds", utc_now())
    await label(desk, "ear seeds?", Judgement(Verdict.NEW, draft_id=number))
    browser = await as_role(Role.ADMIN)
    assert "Approve this wording" not in text_of(await browser.open(PAGE))
    assert (await post(browser, f"/drafts/{number}", wording="x")).status == 403
