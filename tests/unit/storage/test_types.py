from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.storage.types import UtcTime, storable

EDMONTON = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("America/Edmonton"))
TIME = UtcTime()


def test_a_time_is_kept_as_utc() -> None:
    assert TIME.process_bind_param(EDMONTON, None) == "2026-11-24T16:30:00.000000+00:00"


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)), st.integers(-12, 14))
def test_a_time_comes_back_as_the_same_moment(local: datetime, hours: int) -> None:
    moment = local.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert TIME.process_result_value(TIME.process_bind_param(moment, None), None) == moment


@given(st.datetimes(timezones=st.just(timezone.utc)), st.datetimes(timezones=st.just(timezone.utc)))
def test_text_order_is_time_order(one: datetime, other: datetime) -> None:
    texts = TIME.process_bind_param(one, None), TIME.process_bind_param(other, None)
    assert (one < other) == (str(texts[0]) < str(texts[1]))


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        TIME.process_bind_param(datetime(2026, 11, 24), None)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_text_that_can_be_kept_is_not_touched(text: str) -> None:
    assert storable(text) == text


@pytest.mark.parametrize("bad", ["\0", "\ud83d", "\udc00"])
def test_what_no_database_holds_is_replaced(bad: str) -> None:
    assert storable(f"a{bad}b") == "a\N{REPLACEMENT CHARACTER}b"


def test_two_halves_of_one_character_are_joined() -> None:
    assert storable("\ud83d\ude00") == "\N{GRINNING FACE}"
