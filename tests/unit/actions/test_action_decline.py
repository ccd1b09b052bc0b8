from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["action_desk"]


async def test_it_declines_with_the_approved_words_and_choices(desk: Desk) -> None:
    done = await desk.run("action_decline", outcome="decline", text="order me a pizza")
    card = desk.library.render("other/out_of_scope", "web")
    assert done.texts == [card.text]
    assert done.message["answer_ids"] == ["other/out_of_scope"]
    assert done.message["outcome"] == "decline"
    assert [button["title"] for button in done.message["buttons"]] == [
        desk.library.title(topic) for topic in card.choices
    ]
    assert done.events == []
