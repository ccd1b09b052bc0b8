from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["action_desk"]

ACTION = "action_clarify"
OFFERED = ["clinic/fees", "faq/does_it_hurt", "clinic/hours"]


async def test_it_offers_the_topics_by_their_plain_titles_best_first(desk: Desk) -> None:
    done = await desk.run(ACTION, topics=OFFERED, outcome="clarify")
    titles = [desk.library.title(topic) for topic in OFFERED]
    assert done.message["buttons"] == [{"title": t, "payload": t} for t in titles]
    assert done.message["answer_ids"] == OFFERED
    assert done.message["outcome"] == "clarify"
    assert done.message["text"] == desk.library.render("other/clarify", "web").text


async def test_no_internal_name_is_shown(desk: Desk) -> None:
    done = await desk.run(ACTION, topics=OFFERED, outcome="clarify")
    shown = done.message["text"] + str(done.message["buttons"])
    assert "/" not in shown
    assert "_" not in shown


async def test_a_topic_without_a_card_is_not_offered(desk: Desk) -> None:
    done = await desk.run(ACTION, topics=["clinic/fees", "faq/never_written"], outcome="clarify")
    assert done.message["answer_ids"] == ["clinic/fees"]
    assert len(done.message["buttons"]) == 1
