from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from bot.booking import Booking, Status
from bot.booking.scheduler import scheduler_link

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=timezone.utc)
REQUEST = Booking(
    name="Private Name",
    reason="private reason",
    preferred="friday (Friday 27 November 2026)",
    visit="first",
    consent=True,
    phone="+17805550199",
    reference="B7K-3QD",
    conversation_id="web:a",
    channel="web",
    status=Status.RECEIVED,
    created_at=NOW,
    updated_at=NOW,
)
PAGE = "https://clinic.example/book"


@pytest.mark.parametrize(
    ("template", "link"),
    [
        (PAGE, PAGE),
        (f"{PAGE}/{{reference}}", f"{PAGE}/B7K-3QD"),
        (f"{PAGE}?on={{day}}&ref={{reference}}#top", f"{PAGE}?on=2026-11-27&ref=B7K-3QD#top"),
    ],
)
def test_a_link_leads_to_the_request(template: str, link: str) -> None:
    assert scheduler_link(template, REQUEST) == link


def test_without_a_certain_day_there_is_none_in_it() -> None:
    anytime = replace(REQUEST, preferred="any morning")
    assert scheduler_link(f"{PAGE}?on={{day}}", anytime) == f"{PAGE}?on="
