"""A thousand payloads in what patients wrote, looked at by staff: each is text, and none runs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from itertools import islice, product
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from e2e.browser.console_page import ConsolePage
from e2e.serving import Server

pytestmark = pytest.mark.browser

COUNT = 1_000
EACH = 60
CALLS = (
    "hit()", "window.hit()", "top.hit()", "self['hit']()", "hit`1`", "(hit)()", "eval('hit()')",
    "setTimeout(hit)", "Function('hit()')()", "[1].find(hit)",
)  # fmt: skip
VECTORS = (
    "<script>{}</script>", "<script src=data:,{}></script>", "<ScRiPt>{}</sCrIpT>",
    "</p></li><script>{}</script>", "<img src=x onerror={}>", "<img src=x onerror='{}'>",
    "<svg onload={}>", "<svg><script>{}</script></svg>", "<svg/onload={}//", "<body onload={}>",
    "<iframe srcdoc='<script>parent.{}</script>'>", "<iframe src=javascript:{}>",
    "<a href=javascript:{}>x</a>", "javascript:{}", "<details open ontoggle={}>",
    "<input autofocus onfocus={}>", "<video><source onerror={}>", "<audio src onloadstart={}>",
    "<math href=javascript:{}>", "<object data=javascript:{}>", "<embed src=javascript:{}>",
    "<form action=javascript:{}><button>", "<base href=javascript:{}//>", "<marquee onstart={}>",
    "\" onmouseover={} x=\"", "' onfocus={} autofocus '", "`><img src=x onerror={}>",
    "\"><script>{}</script>", "'><svg onload={}>", "--><script>{}</script>",
    "]]><script>{}</script>",
    "</textarea><script>{}</script>", "</title><script>{}</script>", "</style><script>{}</script>",
    "</option></select><img src=x onerror={}>", "<style>@import'javascript:{}'</style>",
    "<link rel=stylesheet href=javascript:{}>",
    "<meta http-equiv=refresh content=0;url=javascript:{}>",
    "{{{{constructor.constructor('{}')()}}}}", "{{% raw %}}<script>{}</script>",
    "${{{}}}", "<%= {} %>",
    "&lt;script&gt;{}&lt;/script&gt;", "%3Cscript%3E{}%3C/script%3E", "\\u003cscript\\u003e{}",
    "<img src=x onerror\x0b={}>", "<scr\0ipt>{}</scr\0ipt>", "<<script>{}//<</script>",
    "<noscript><p title=\"</noscript><img src=x onerror={}>\">", "<template><script>{}</script>",
    "<xss style=animation-name:x onanimationstart={}>", "<img/src=`x`/onerror={}>",
    "<table background=javascript:{}>", "\u2028<script>{}</script>", "\ufeff<svg onload={}>",
)  # fmt: skip
CHANNELS = ("web", "sms", "messenger")


def payloads() -> Iterator[str]:
    """Every vector with every call, and then again within a sentence."""
    for call, vector in product(CALLS, VECTORS):
        yield vector.format(call)
    for call, vector in product(CALLS, VECTORS):
        yield f"does it hurt {vector.format(call)} when"


def _write(database: Path) -> list[int]:
    """Puts them into the inbox as answered messages; gives one message of each conversation."""
    start = datetime.now(timezone.utc) - timedelta(hours=1)
    rows, made = sqlite3.connect(database, timeout=30), []
    with rows:
        for number, payload in enumerate(islice(payloads(), COUNT)):
            channel = CHANNELS[number % 3]
            name = f"{channel}:xss{number // (EACH * 3)}"
            at = (start + timedelta(seconds=number)).isoformat(timespec="microseconds")
            reply = {
                "text": payload,
                "answer_ids": ["faq/does_it_hurt"],
                "source": payload,
                "choices": [{"title": payload, "text": payload}],
            }
            clean = payload.replace("\0", "\N{REPLACEMENT CHARACTER}")
            values = (channel, name, f"x{number}", clean, at, "done", json.dumps([reply]), at)
            cursor = rows.execute(
                "INSERT INTO inbox (channel, conversation_id, message_id, text, received_at,"
                " status, reply, finished_at, outcome, confidence)"
                " VALUES (?,?,?,?,?,?,?,?,'answer',0.9)",
                values,
            )
            made.append((name, int(cursor.lastrowid or 0)))
    rows.close()
    return list(dict(made).values())


def test_no_payload_runs(served: Server, server: Server, chromium: Browser) -> None:
    messages = _write(server.database)
    context = chromium.new_context()
    context.add_init_script("window.hits = 0; window.hit = () => { window.hits += 1; };")
    tab = ConsolePage(server, context)
    member = tab.enrol("<img src=x onerror=hit()>", "admin")
    tab.sign_in(member)
    hits: list[str] = []
    tab.page.on("dialog", lambda dialog: hits.append(dialog.message))
    _wait_for_copies(tab, messages[-1])
    seen = 0
    for message in messages:
        tab.open(f"/console/conversations/{message}")
        seen += tab.page.locator(".bubble.patient").count()
        hits += _found(tab)
        tab.page.get_by_text("Uncover what was written").click()
        tab.page.get_by_label("Why").select_option("unclear")
        tab.page.get_by_role("button", name="Uncover, once").click()
        hits += _found(tab)
    assert seen == COUNT
    path: str | None = "/console/conversations?q=hurt"
    lists = 0
    while path:
        tab.open(path)
        hits += _found(tab)
        lists += tab.page.locator("a.cover").count()
        older = tab.page.locator("a[rel=next]")
        path = older.get_attribute("href") if older.count() else None
    assert lists >= COUNT - len(CALLS) * len(VECTORS)
    assert hits == []
    # Not even the policy had to stop anything: it would be logged as an error.
    assert tab.faults == []
    context.close()


def _wait_for_copies(tab: ConsolePage, message: int) -> None:
    for _ in range(120):
        tab.open(f"/console/conversations/{message}")
        if tab.page.locator(f"#m{message}").count():
            return
        tab.page.wait_for_timeout(500)
    raise AssertionError("no copies are made")


def _found(tab: ConsolePage) -> list[str]:
    """What ran, and what a patient's words put on the page that is not text."""
    inside = ".bubble .words *, .bubble .offered span *, .talks .lead a *"
    ran = tab.page.evaluate("window.hits")
    made = tab.page.locator(inside).evaluate_all("nodes => nodes.map(n => n.outerHTML)")
    return [*([f"{ran} calls"] if ran else []), *made]
