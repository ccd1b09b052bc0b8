from __future__ import annotations

from bot.reading import Entity, Read

FRIDAY = Entity("date", 5, 11, "friday", "2026-11-27", info={"candidates": ["x"]})
NOT_FIVE = Entity("time", 16, 17, "5", "17:00", "excluded")
SEEN = Read("book friday not 5", (FRIDAY, NOT_FIVE))


def test_a_row_of_parse_data_gives_the_same_entity() -> None:
    rows = [entity.as_dict() for entity in SEEN.entities]
    assert Read.from_dicts(SEEN.text, rows) == SEEN
    assert [row.get("role") for row in rows] == [None, "excluded"]


def test_rows_of_another_text_are_refused() -> None:
    rows = [entity.as_dict() for entity in SEEN.entities]
    assert Read.from_dicts("/book friday not 5", rows) is None


def test_rows_of_other_extractors_are_left_out() -> None:
    assert Read.from_dicts("hi", [{"entity": "city", "value": "x"}]) == Read("hi")


def test_a_part_has_what_stands_wholly_in_it() -> None:
    part = SEEN.part(5, 16)
    assert part.text == "friday not "
    (entity,) = part.entities
    assert (entity.start, entity.end, entity.value) == (0, 6, "2026-11-27")


def test_parts_are_joined_with_their_places() -> None:
    joined = Read.joined([SEEN.part(5, 11), SEEN.part(12)])
    assert joined.text == "friday, not 5"
    assert [joined.text[e.start : e.end] for e in joined.entities] == ["friday", "5"]


def test_what_is_stripped_keeps_its_places() -> None:
    stripped = SEEN.part(4).stripped()
    assert stripped.text == "friday not 5"
    assert [stripped.text[e.start : e.end] for e in stripped.entities] == ["friday", "5"]


def test_the_first_value_of_a_kind_is_told() -> None:
    assert SEEN.value("date") == "2026-11-27"
    assert SEEN.value("phone") is None
