from __future__ import annotations

import re
from collections.abc import Callable

from bot.console import Desk
from bot.staff.roles import Role
from console.conftest import SignedIn
from console.desk import PASSWORD, Browser, enrol, sign_in, text_of

NewBrowser = Callable[[], Browser]
PAGE = "/console/users"
OTHER = "velvet harbour sixteen mosses"


async def test_an_admin_invites_somebody(as_role: SignedIn, new_browser: NewBrowser) -> None:
    admin = await as_role(Role.ADMIN)
    made = await admin.post(PAGE, {"name": "Lee", "role": "front-desk"}, page=PAGE)
    link = re.search(r"https://faq\.clinic\.example(/console/enrol/[\w-]{43})", text_of(made))
    assert link
    assert "Welcome, Lee" in text_of(await new_browser().open(link[1]))
    assert "Invited" in text_of(await admin.open(PAGE))


async def test_what_is_wrong_is_said_on_the_page(as_role: SignedIn) -> None:
    admin = await as_role(Role.ADMIN)
    for fields, status, told in (
        ({"name": "", "role": "admin"}, 422, "1 to 64 characters"),
        ({"name": "Lee", "role": "owner"}, 422, "no such role"),
        ({"name": "ADMIN example", "role": "admin"}, 409, "this name already"),
    ):
        answer = await admin.post(PAGE, fields, page=PAGE)
        assert (answer.status, told in text_of(answer)) == (status, True)


async def test_somebody_is_shut_out_at_once_and_let_in_again(
    as_role: SignedIn, desk: Desk, new_browser: NewBrowser
) -> None:
    admin, theirs = await as_role(Role.ADMIN), new_browser()
    lee = await enrol(desk, theirs, "Lee", Role.REVIEWER)
    await sign_in(theirs, lee)
    number = (await desk.office.directory.named("Lee")).id
    answer = await admin.post(f"{PAGE}/{number}/disable", {}, page=PAGE)
    assert answer.headers["location"] == "/console/users?done=disabled"
    assert "The user is shut out." in text_of(await admin.open(answer.headers["location"]))
    assert (await theirs.get("/console/")).status == 303
    assert (await sign_in(theirs, lee, code=lee.recovery[0])).status == 403
    await admin.post(f"{PAGE}/{number}/enable", {}, page=PAGE)
    assert (await sign_in(theirs, lee, code=lee.recovery[0])).status == 303


async def test_an_admin_does_not_shut_out_the_last_one(as_role: SignedIn, desk: Desk) -> None:
    admin = await as_role(Role.ADMIN)
    number = (await desk.office.directory.named("Admin Example")).id
    for act, fields in (("disable", {}), ("role", {"role": "reviewer"})):
        answer = await admin.post(f"{PAGE}/{number}/{act}", fields, page=PAGE)
        assert (answer.status, "One admin must stay" in text_of(answer)) == (409, True)


async def test_another_role_and_a_new_link(as_role: SignedIn, desk: Desk) -> None:
    admin = await as_role(Role.ADMIN)
    user, _ = await desk.office.directory.add("Lee", Role.REVIEWER, "shell")
    answer = await admin.post(f"{PAGE}/{user.id}/role", {"role": "practitioner"}, page=PAGE)
    assert answer.status == 303
    assert (await desk.office.directory.get(user.id)).role is Role.PRACTITIONER
    reset = await admin.post(f"{PAGE}/{user.id}/reset", {}, page=PAGE)
    assert "/console/enrol/" in text_of(reset)
    assert (await admin.post(f"{PAGE}/4711/reset", {}, page=PAGE)).status == 404


async def test_the_trail_tells_who_did_what(as_role: SignedIn) -> None:
    admin = await as_role(Role.ADMIN)
    await admin.post(PAGE, {"name": "<b>Lee</b>", "role": "reviewer"}, page=PAGE)
    page = await admin.open("/console/audit?action=user_added")
    assert "<b>Lee" not in page.body.decode()
    assert re.search(r"Admin Example\s+user added\s+<b>Lee</b>", text_of(page))


async def test_a_password_is_changed(as_role: SignedIn) -> None:
    browser = await as_role(Role.REVIEWER)
    page = "/console/account"
    for fields, told in (
        ({"present": "x", "new": OTHER, "again": OTHER}, "present password is not right"),
        ({"present": PASSWORD, "new": OTHER, "again": "x"}, "not the same"),
        ({"present": PASSWORD, "new": "short", "again": "short"}, "12 to 128"),
    ):
        answer = await browser.post(f"{page}/password", fields, page=page)
        assert (answer.status, told in text_of(answer)) == (422, True)
    good = {"present": PASSWORD, "new": OTHER, "again": OTHER}
    done = await browser.post(f"{page}/password", good, page=page)
    assert done.headers["location"] == "/console/sign-in?done=password"
    assert (await browser.get("/console/")).status == 303


async def test_recovery_codes_are_shown_once(as_role: SignedIn) -> None:
    browser = await as_role(Role.REVIEWER)
    page = "/console/account"
    assert "You have 8 left" in text_of(await browser.open(page))
    shown = await browser.post(f"{page}/codes", {"present": PASSWORD}, page=page)
    assert len(re.findall(r"<li><code>", shown.body.decode())) == 8
    assert (await browser.post(f"{page}/codes", {"present": "x"}, page=page)).status == 422


async def test_signing_out_everywhere(
    as_role: SignedIn, desk: Desk, new_browser: NewBrowser
) -> None:
    first, second = new_browser(), new_browser()
    kim = await enrol(desk, first, "Kim", Role.REVIEWER)
    await sign_in(first, kim)
    await sign_in(second, kim, code=kim.recovery[0])
    assert text_of(await first.open("/console/account")).count("Firefox on Linux") == 2
    answer = await second.post("/console/account/sign-out-everywhere", {}, page="/console/account")
    assert "signed_out_everywhere" in answer.headers["location"]
    for browser in (first, second):
        assert (await browser.get("/console/")).status == 303
