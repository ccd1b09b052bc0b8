from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["action_desk"]

ACTION = "action_answer_question"
CHANNELS = ("web", "sms", "messenger")


def _marks(level: str, *, is_followed: bool) -> dict[str, Any]:
    return {"stands": {"topic": f"safety/{level}", "is_followed": is_followed}}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("level", ["emergency", "crisis", "urgent"])
async def test_before_a_request_the_warnings_first_sentence_is_said(
    desk: Desk, level: str, channel: str
) -> None:
    marks = _marks(level, is_followed=False)
    done = await desk.run(ACTION, topics=["booking/request"], channel=channel, marks=marks)
    whole = desk.library.render(f"safety/{level}", channel).text
    said = done.message["text"]
    assert whole.startswith(said) and said.endswith(".") and len(said) < len(whole)
    assert any(number in said for number in ("911", "988", "811"))
    # The next message must not lean on a warning: it answers the form.
    assert (done.message["answer_ids"], done.message["outcome"]) == (["booking/request"], "booking")


async def test_what_is_asked_beside_the_request_is_answered_after_it(desk: Desk) -> None:
    topics = ["clinic/fees", "booking/request"]
    done = await desk.run(ACTION, topics=topics, marks=_marks("urgent", is_followed=False))
    assert [message["answer_ids"] for message in done.messages] == [
        ["booking/request"],
        ["clinic/fees"],
    ]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("level", ["emergency", "crisis", "urgent"])
async def test_to_help_that_is_there_the_rest_of_the_warning_is_said(
    desk: Desk, level: str, language: Any, channel: str
) -> None:
    marks = _marks(level, is_followed=True)
    topics = ["smalltalk/thanks"]
    done = await desk.run(ACTION, topics=topics, channel=channel, language=language, marks=marks)
    thanks, _, rest = done.message["text"].partition(". ")
    assert thanks == {"en": "Thank you for telling me", "fr": "Merci de me le dire"}[language]
    assert desk.library.render(f"safety/{level}", channel, language).text.endswith(rest)
    assert rest
    assert done.message["answer_ids"] == ["smalltalk/thanks"]
    assert len(done.message["text"]) <= 320
