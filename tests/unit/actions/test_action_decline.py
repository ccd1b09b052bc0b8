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


async def test_another_language_is_told_so_in_english_and_french(desk: Desk) -> None:
    done = await desk.run("action_decline", outcome="decline", text="针灸疼吗", language="zh")
    (text,) = done.texts
    phone = desk.services.profile.phone
    for words in ("only in English", "seulement en anglais"):
        assert words in text
    for number in (phone, "911", "988"):
        assert text.count(number) == 2, f"{number} is told in both languages"
    assert done.message["answer_ids"] == ["other/out_of_scope"]
    assert done.message["outcome"] == "decline"
