from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.console import Desk
from bot.handoff import Handoff, State
from bot.review.desk import copier_of
from bot.settings import ROOT
from bot.staff.roles import Role
from bot.storage.consents import ConsentRepository
from bot.storage.inbox import Understood
from bot.storage.types import utc_now
from console.conftest import SignedIn
from console.desk import Browser, text_of

LIST = "/console/conversations"
KIM = "Front desk Example"
FORM = re.compile(r'name="form" value="([\w-]+)"')


async def _said(desk: Desk, who: str = "web:a", text: str = "can i talk to sam") -> int:
    inbox = desk.services.inbox
    row = await inbox.take(who.partition(":")[0], who, f"m{utc_now()}", text)
    await inbox.finish(row.id, [], Understood("with_staff", None, 0.0))
    services = desk.services
    await copier_of(services.database, services.profile, ROOT / "domain.yml").run_once()
    return row.id


async def _asked(desk: Desk, who: str = "web:a") -> Handoff:
    await desk.services.handoffs.ask(who, who.partition(":")[0])
    found = await desk.services.handoffs.of_conversation(who)
    assert found is not None
    return found


async def _take(browser: Browser, handoff: Handoff, page: str = "/console/") -> str:
    path = f"/console/handoffs/{handoff.id}/take"
    answer = await browser.post(path, {"version": str(handoff.version)}, page=page)
    assert answer.status == 303, text_of(answer)
    return answer.headers["location"]


async def _write(browser: Browser, handoff: Handoff, page: str, words: str, form: str = "") -> int:
    shown = (await browser.open(page)).body.decode()
    found = FORM.search(shown)
    fields = {"words": words, "form": form or (found[1] if found else "")}
    path = f"/console/handoffs/{handoff.id}/reply"
    return (await browser.post(path, fields, page=page)).status


async def test_from_today_to_the_end(as_role: SignedIn, desk: Desk) -> None:
    number, handoff = await _said(desk), await _asked(desk)
    browser = await as_role(Role.FRONT_DESK)
    today = text_of(await browser.open("/console/"))
    assert "Wants to talk to a person" in today
    assert "(1) Today" in today
    page = await _take(browser, handoff)
    assert page == f"{LIST}/{number}#reply"
    shown = text_of(await browser.open(page))
    assert "You have this conversation" in shown
    assert "in the web chat, after the words “From" in shown
    assert await _write(browser, handoff, page, "Come at ten.") == 303
    letters = await desk.services.outbox.of_conversation("web:a")
    assert [letter.kind for letter in letters] == ["handoff_taken", "staff_message"]
    assert letters[1].body == f"From {desk.profile.name}: Come at ten."
    assert "Come at ten." in text_of(await browser.open(page))
    back = await browser.post(f"/console/handoffs/{handoff.id}/give-back", {}, page=page)
    assert back.headers["location"] == f"{LIST}/{number}?done=given_back"
    told = text_of(await browser.open(back.headers["location"]))
    assert "The assistant answers again" in told
    assert "The assistant answers." in told
    assert "Nothing needs attention." in text_of(await browser.open("/console/"))


async def test_the_trail_tells_who_did_what_and_no_words(as_role: SignedIn, desk: Desk) -> None:
    await _said(desk)
    handoff = await _asked(desk)
    browser = await as_role(Role.FRONT_DESK)
    page = await _take(browser, handoff)
    await _write(browser, handoff, page, "Quite secret words.")
    await browser.post(f"/console/handoffs/{handoff.id}/give-back", {}, page=page)
    entries = await desk.office.audit.page(20)
    mine = [entry for entry in entries if entry.action.startswith("handoff")]
    assert [(entry.actor, entry.action, entry.subject) for entry in reversed(mine)] == [
        (KIM, "handoff_taken", str(handoff.id)),
        (KIM, "handoff_replied", str(handoff.id)),
        (KIM, "handoff_given_back", str(handoff.id)),
    ]
    assert "secret" not in str(entries)


async def test_of_two_who_press_at_once_the_second_is_told_who_has_it(
    as_role: SignedIn, desk: Desk
) -> None:
    await _said(desk)
    handoff = await _asked(desk)
    kim, lee = await as_role(Role.FRONT_DESK), await as_role(Role.PRACTITIONER)
    await _take(kim, handoff)
    path, fields = f"/console/handoffs/{handoff.id}/take", {"version": str(handoff.version)}
    answer = await lee.post(path, fields, page="/console/account")
    assert answer.status == 409
    assert f"{KIM} has this conversation now." in text_of(answer)
    assert (await desk.services.handoffs.get(handoff.id)).taken_by == KIM


async def test_a_colleague_takes_over_on_purpose_and_what_the_first_typed_is_not_lost(
    as_role: SignedIn, desk: Desk
) -> None:
    number = await _said(desk)
    handoff = await _asked(desk)
    kim, lee = await as_role(Role.FRONT_DESK), await as_role(Role.PRACTITIONER)
    page = await _take(kim, handoff)
    form = FORM.search((await kim.open(page)).body.decode())
    assert form
    shown = text_of(await lee.open(f"{LIST}/{number}"))
    assert f"{KIM} has this conversation" in shown
    assert "Write to the patient" not in shown
    taken = await desk.services.handoffs.get(handoff.id)
    await _take(lee, taken, f"{LIST}/{number}")
    fields = {"words": "Typed by Kim.", "form": form[1]}
    path = f"/console/handoffs/{handoff.id}/reply"
    answer = await kim.post(path, fields, page="/console/account")
    assert answer.status == 409
    assert "What you wrote, not sent" in text_of(answer)
    assert "Typed by Kim." in text_of(answer)
    kinds = [one.kind for one in await desk.services.outbox.of_conversation("web:a")]
    assert kinds == ["handoff_taken"]


async def test_the_same_form_twice_is_sent_once(as_role: SignedIn, desk: Desk) -> None:
    await _said(desk)
    handoff = await _asked(desk)
    browser = await as_role(Role.FRONT_DESK)
    page = await _take(browser, handoff)
    for _ in range(2):
        assert await _write(browser, handoff, page, "Come at ten.", "one-form") == 303
    letters = await desk.services.outbox.of_conversation("web:a")
    assert [letter.kind for letter in letters].count("staff_message") == 1


@pytest.mark.parametrize(
    ("words", "form", "told"),
    [
        (" ", "x", "Write something first."),
        ("\N{ZERO WIDTH SPACE}\N{WORD JOINER}", "x", "Write something first."),
        ("y" * 1001, "x", "1,000 characters at most"),
        ("Hello", "", "page is too old"),
    ],
)
async def test_what_cannot_be_sent_stays_typed(
    as_role: SignedIn, desk: Desk, words: str, form: str, told: str
) -> None:
    await _said(desk)
    handoff = await _asked(desk)
    browser = await as_role(Role.FRONT_DESK)
    page = await _take(browser, handoff)
    path = f"/console/handoffs/{handoff.id}/reply"
    answer = await browser.post(path, {"words": words, "form": form}, page=page)
    assert answer.status == 422
    assert told in text_of(answer)
    assert f">{words}</textarea>" in answer.body.decode()


async def test_staff_step_in_without_being_asked(as_role: SignedIn, desk: Desk) -> None:
    number = await _said(desk)
    browser = await as_role(Role.ADMIN)
    page = f"{LIST}/{number}"
    answer = await browser.post(f"{page}/take", {}, page=page)
    assert answer.headers["location"] == f"{page}#reply"
    assert await desk.services.handoffs.is_taken("web:a")
    lee = await as_role(Role.PRACTITIONER)
    refused = await lee.post(f"{page}/take", {}, page="/console/account")
    assert (refused.status, "Admin Example has this" in text_of(refused)) == (409, True)


async def test_closing_ends_the_wait_and_tells_nobody(as_role: SignedIn, desk: Desk) -> None:
    await _said(desk)
    handoff = await _asked(desk)
    browser = await as_role(Role.FRONT_DESK)
    path = f"/console/handoffs/{handoff.id}/close"
    answer = await browser.post(path, {}, page="/console/")
    assert answer.headers["location"] == "/console/?done=handoff_closed"
    assert (await desk.services.handoffs.get(handoff.id)).state is State.CLOSED
    assert await desk.services.outbox.of_conversation("web:a") == ()
    (entry,) = await desk.office.audit.page(5, action="handoff_closed")
    assert entry.actor == KIM


async def test_a_reviewer_sees_who_answers_and_can_do_nothing(
    as_role: SignedIn, desk: Desk
) -> None:
    number = await _said(desk)
    await _asked(desk)
    browser = await as_role(Role.REVIEWER)
    for page in ("/console/", f"{LIST}/{number}"):
        shown = await browser.open(page)
        assert "person" in text_of(shown)
        assert not re.search(r"/(take|close|reply|give-back)\"", shown.body.decode())


async def test_who_opted_out_of_texts_cannot_be_written_to(as_role: SignedIn, desk: Desk) -> None:
    await _said(desk, "sms:+17805550134")
    handoff = await _asked(desk, "sms:+17805550134")
    browser = await as_role(Role.FRONT_DESK)
    page = await _take(browser, handoff)
    await ConsentRepository(desk.services.database).stop("sms:+17805550134", "stop")
    shown = await browser.open(page)
    assert "opted out of text messages" in text_of(shown)
    assert "<textarea" not in shown.body.decode()
    fields = {"words": "Hello", "form": "x"}
    path = f"/console/handoffs/{handoff.id}/reply"
    assert (await browser.post(path, fields, page="/console/account")).status == 409
    kinds = [
        one.kind for one in await desk.services.outbox.of_conversation(handoff.conversation_id)
    ]
    assert "staff_message" not in kinds


async def test_today_tells_who_waits_for_an_answer_and_who_was_missed(
    as_role: SignedIn, desk: Desk
) -> None:
    handoffs = desk.services.handoffs
    for who in ("web:missed", "web:quiet", "web:wrote"):
        await _said(desk, who)
    missed = await _asked(desk, "web:missed")
    assert missed.due_at is not None
    late = missed.due_at + timedelta(minutes=1)
    handoffs._clock = lambda: late
    assert await handoffs.sweep() == 1
    handoffs._clock = utc_now
    await handoffs.step_in("web:quiet", "web", "Lee")
    await handoffs.step_in("web:wrote", "web", "Kim")
    await _said(desk, "web:wrote", "are you there")
    text = text_of(await (await as_role(Role.FRONT_DESK)).open("/console/"))
    places = [text.index(words) for words in ("Nobody answered in time", "With Kim", "With Lee")]
    assert places == sorted(places)
    assert "not answered yet" in text
    assert "(2) Today" in text


async def test_a_talk_without_messages_is_not_found(as_role: SignedIn, desk: Desk) -> None:
    handoff = await _asked(desk, "web:gone")
    browser = await as_role(Role.FRONT_DESK)
    assert "Wants to talk" in text_of(await browser.open("/console/"))
    path = f"/console/handoffs/{handoff.id}/take"
    answer = await browser.post(path, {"version": "1"}, page="/console/")
    assert answer.status == 404
    assert (await desk.services.handoffs.get(handoff.id)).state is State.WAITING


async def test_patients_words_in_a_talk_are_covered_and_looked_for_often(
    as_role: SignedIn, desk: Desk
) -> None:
    number = await _said(desk, text="call me at 780-555-0199")
    handoff = await _asked(desk)
    browser = await as_role(Role.FRONT_DESK)
    waiting = (await browser.open(f"{LIST}/{number}")).body.decode()
    assert 'data-live=""' in waiting
    page = (await browser.open(await _take(browser, handoff))).body.decode()
    assert 'data-live="2000"' in page
    assert "call me at [phone]" in page
    assert "780-555-0199" not in page
    # What is being typed stands outside of what is replaced.
    live = page[page.index("data-live") : page.index('id="reply"')]
    assert "<textarea" not in live


async def test_what_was_typed_is_not_lost_with_the_session(
    as_role: SignedIn, desk: Desk, new_browser: Callable[[], Browser]
) -> None:
    await _said(desk)
    handoff = await _asked(desk)
    browser = await as_role(Role.FRONT_DESK)
    await _take(browser, handoff)
    path, words = f"/console/handoffs/{handoff.id}/reply", "Come at ten <b>& bring</b> it."
    fields = {"words": words, "form": "x"}
    shown = "Come at ten &lt;b&gt;&amp; bring&lt;/b&gt; it.</textarea>"
    # The page was opened before somebody signed in anew.
    old = await browser.post(path, {**fields, "csrf": "0" * 64})
    assert (old.status, shown in old.body.decode()) == (403, True)
    stranger = await new_browser().post(path, fields)
    assert (stranger.status, shown in stranger.body.decode()) == (403, True)
    assert "You were signed out" in text_of(stranger)
    # Another website puts no words into the console's mouth.
    foreign = {"origin": "https://evil.example"}
    for sender in (browser, new_browser()):
        answer = await sender.post(path, fields, **foreign)
        assert "bring" not in answer.body.decode()
    letters = await desk.services.outbox.of_conversation("web:a")
    assert [letter.kind for letter in letters] == ["handoff_taken"]
