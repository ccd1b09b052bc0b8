from __future__ import annotations

import re

import pytest
from web_client import Answer

from bot.console import Desk
from bot.console.notices import REASON_WORDS
from bot.console.topics import choices_of
from bot.review.desk import copier_of
from bot.review.feedback import REASONS
from bot.settings import ROOT
from bot.staff.roles import Role
from bot.storage.drafts import DraftRepository
from bot.storage.feedback import FeedbackRepository
from bot.storage.inbox import Understood
from bot.storage.review_queue import ReviewQueue
from bot.storage.review_sorting import ThumbSorter
from console.conftest import SignedIn
from console.desk import Browser, text_of

PAGE = "/console/review"
DECLINED = Understood("decline", "clinic/fees", 0.4)
SURE = Understood("answer", "faq/does_it_hurt", 0.95)


class Clinic:
    """Patients whose messages are copied."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        services = desk.services
        self.copier = copier_of(services.database, services.profile, ROOT / "domain.yml")
        self.feedback = FeedbackRepository(services.database)
        self.queue = ReviewQueue(services.database)
        self.number = 0

    async def say(self, text: str, who: str = "web:a", how: Understood = DECLINED) -> int:
        self.number += 1
        inbox = self.desk.services.inbox
        row = await inbox.take("web", who, f"m{self.number}", text)
        said = {"text": "Please call.", "answer_ids": [], "choices": [], "source": ""}
        await inbox.finish(row.id, [said], how)
        await self.copier.run_once()
        return row.id

    async def thumb_down(self, number: int, who: str = "web:a") -> None:
        await self.feedback.give(who, number, "down", "unclear", "what <b>?")
        await ThumbSorter(self.desk.services.database).run_once()


@pytest.fixture
def clinic(desk: Desk) -> Clinic:
    return Clinic(desk)


async def start(browser: Browser) -> Answer:
    """Presses "Start"; gives the page that follows."""
    return await browser.open((await browser.post(f"{PAGE}/next", {}, PAGE)).headers["location"])


async def say(browser: Browser, number: int, **fields: str) -> Answer:
    page = f"{PAGE}/{number}"
    return await browser.post(f"{page}/label", fields, page)


async def test_the_page_says_what_waits_and_why(as_role: SignedIn, clinic: Clinic) -> None:
    browser = await as_role(Role.REVIEWER)
    assert "Nothing waits for review" in text_of(await browser.open(PAGE))
    await clinic.say("ear seeds")
    await clinic.say("how much", who="web:b")
    await clinic.thumb_down(await clinic.say("does it hurt", how=SURE))
    text = text_of(await browser.open(PAGE))
    assert re.search(r"3\s+messages wait", text)
    assert text.index("thumbs down") < text.index("declined")


async def test_a_message_is_shown_redacted_with_what_came_before(
    as_role: SignedIn, clinic: Clinic
) -> None:
    await clinic.say("hello, call 780-555-0199", how=SURE)
    number = await clinic.say("do you do ear seeds? <script>alert(1)</script>")
    await clinic.thumb_down(number)
    page = await start(await as_role(Role.REVIEWER))
    text = text_of(page)
    order = ["thumbs down", "hello, call [phone]", "do you do ear seeds?"]
    order += ["Hard to understand", "what <b>?", "Declined", "Fees and payment", "40 % sure"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "780-555-0199" not in text
    assert "<script>alert" not in page.body.decode()
    assert "clinic/fees" not in text


async def test_right_goes_on_to_the_next(as_role: SignedIn, desk: Desk, clinic: Clinic) -> None:
    first, second = await clinic.say("ear seeds"), await clinic.say("how much")
    browser = await as_role(Role.REVIEWER)
    await start(browser)
    answer = await say(browser, second, verdict="right")
    assert answer.headers["location"] == f"{PAGE}/{first}?done=labelled_right"
    answer = await say(browser, first, verdict="ignore")
    assert answer.headers["location"] == f"{PAGE}?done=labelled_ignore"
    assert await clinic.queue.counts() == {}
    entries = await desk.office.audit.page(5, action="review_labelled")
    assert [(e.actor, e.subject, e.detail["verdict"]) for e in entries] == [
        ("Reviewer Example", str(first), "ignore"),
        ("Reviewer Example", str(second), "right"),
    ]


async def test_wrong_needs_the_right_answer(as_role: SignedIn, clinic: Clinic) -> None:
    number = await clinic.say("what do i pay")
    browser = await as_role(Role.REVIEWER)
    for topic in ("", "other/clarify", "faq/nothing", "' OR 1=1"):
        refused = await say(browser, number, verdict="wrong", topic=topic)
        assert refused.status == 422
        assert "Choose the right answer." in text_of(refused)
    await say(browser, number, verdict="wrong", topic="clinic/fees")
    label = (await clinic.queue.get(number)).label
    assert label
    assert (label.topic, label.by) == ("clinic/fees", "Reviewer Example")
    assert "Wrong: Fees and payment" in text_of(await browser.open(f"{PAGE}/{number}"))


async def test_answers_are_found_without_script(as_role: SignedIn, clinic: Clinic) -> None:
    number = await clinic.say("what do i pay")
    browser = await as_role(Role.REVIEWER)
    page = (await browser.open(f"{PAGE}/{number}?find=payment+met")).body.decode()
    assert re.findall(r'name="topic" value="([^"]+)"', page) == ["clinic/fees"]
    everything = (await browser.open(f"{PAGE}/{number}")).body.decode()
    assert everything.count('name="topic"') == 48
    assert "other/out_of_scope" in everything
    assert choices_of(clinic.desk.services.library, "xylophone") == []


async def test_a_new_question_gets_a_draft_card_by_its_name(
    as_role: SignedIn, desk: Desk, clinic: Clinic
) -> None:
    numbers = [await clinic.say(text) for text in ("ear seeds", "seeds on ears", "moxa?")]
    browser = await as_role(Role.REVIEWER)
    for number, title in zip(numbers, ("Ear seeds", "  ear  SEEDS ", ""), strict=True):
        assert (await say(browser, number, verdict="new", title=title)).status == 303
    (draft,) = await DraftRepository(desk.services.database).all()
    assert draft.title == "Ear seeds"
    labels = [(await clinic.queue.get(number)).label for number in numbers]
    assert [label and label.draft_id for label in labels] == [draft.id, draft.id, None]
    number = await clinic.say("gua sha?")
    refused = await say(browser, number, verdict="new", title="x" * 61)
    assert refused.status == 422
    assert "1 to 60 characters" in text_of(refused)


async def test_two_reviewers_do_not_collide(as_role: SignedIn, clinic: Clinic) -> None:
    first, second = await clinic.say("ear seeds"), await clinic.say("how much")
    one, other = await as_role(Role.REVIEWER), await as_role(Role.FRONT_DESK)
    assert "how much" in text_of(await start(one))
    assert "ear seeds" in text_of(await start(other))
    shown = text_of(await other.open(f"{PAGE}/{second}"))
    assert "Reviewer Example is looking at this" in shown
    assert "Was that right?" not in shown
    # The page of before, as the browser still shows it.
    token = await other.token("/console/account")
    taken = await other.post(f"{PAGE}/{second}/label", {"csrf": token, "verdict": "right"})
    assert taken.status == 409
    assert "Reviewer Example is looking at this message." in text_of(taken)
    await say(one, second, verdict="ignore")
    late = await other.post(f"{PAGE}/{second}/label", {"csrf": token, "verdict": "right"})
    assert late.status == 409
    assert "Reviewer Example has labelled this message already." in text_of(late)
    assert (await clinic.queue.get(first)).state == "open"


async def test_a_label_is_undone(as_role: SignedIn, desk: Desk, clinic: Clinic) -> None:
    number = await clinic.say("ear seeds")
    browser = await as_role(Role.REVIEWER)
    await say(browser, number, verdict="ignore")
    page = (await browser.open(PAGE)).body.decode()
    assert f'action="/console/review/{number}/undo"' in page
    answer = await browser.post(f"{PAGE}/{number}/undo", {}, PAGE)
    shown = text_of(await browser.open(answer.headers["location"]))
    assert "The label is taken back" in shown
    assert "Was that right?" in shown
    assert [e.subject for e in await desk.office.audit.page(5, action="review_undone")] == [
        str(number)
    ]


async def test_only_a_practitioner_undoes_a_colleagues_label(
    as_role: SignedIn, clinic: Clinic
) -> None:
    number = await clinic.say("ear seeds")
    await say(await as_role(Role.REVIEWER), number, verdict="ignore")
    token = await (front := await as_role(Role.FRONT_DESK)).token("/console/account")
    refused = await front.post(f"{PAGE}/{number}/undo", {"csrf": token})
    assert refused.status == 409
    page = f"{PAGE}/{number}"
    allowed = await (await as_role(Role.PRACTITIONER)).post(f"{page}/undo", {}, page)
    assert allowed.status == 303


@pytest.mark.parametrize("verdict", ["", "undone", "nothing"])
async def test_a_verdict_is_one_of_four(as_role: SignedIn, clinic: Clinic, verdict: str) -> None:
    number = await clinic.say("ear seeds")
    answer = await say(await as_role(Role.REVIEWER), number, verdict=verdict)
    assert answer.status == 422
    assert (await clinic.queue.get(number)).state == "open"


def test_each_reason_of_a_thumb_has_words() -> None:
    assert set(REASON_WORDS) == set(REASONS)
    shown = (ROOT / "bot" / "widget" / "static" / "thumbs.js").read_text(encoding="utf-8")
    assert all(f'["{code}", "{words}"]' in shown for code, words in REASON_WORDS.items())
