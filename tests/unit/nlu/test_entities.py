"""The component: what it sets on a message. What phrases mean is in tests/unit/reading."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message

from bot.content import ClinicProfile
from bot.errors import SettingError
from bot.nlu.entities import DEFAULTS, VisitEntityExtractor
from bot.nlu.tokenizer import SpacyRuleTokenizer
from bot.reading import KINDS, Read
from bot.reading.english import english
from bot.settings import ROOT

# A Tuesday, 10 in the morning in Edmonton; Wednesday already in Auckland.
NOW = datetime(2026, 11, 24, 17, 0, tzinfo=timezone.utc)
TEXT = "Hi, this is Sam. Friday after work? 780 555 0199 or Sam@Example.COM"


def _extractor(**config: Any) -> VisitEntityExtractor:
    return VisitEntityExtractor(
        {**VisitEntityExtractor.get_default_config(), **config}, clock=lambda: NOW
    )


EXTRACTOR = _extractor()


def _entities(text: str, extractor: VisitEntityExtractor = EXTRACTOR) -> list[dict[str, Any]]:
    (message,) = extractor.process([Message.build(text)])
    entities: list[dict[str, Any]] = message.as_dict(only_output_properties=True)[ENTITIES]
    return entities


def test_every_kind_is_set_with_its_place_and_value() -> None:
    entities = _entities(TEXT)
    assert [(e["entity"], TEXT[e["start"] : e["end"]], e["value"]) for e in entities] == [
        ("person", "Sam", "Sam"),
        ("date", "Friday", "2026-11-27"),
        ("day_part", "after work", "17:00-"),
        ("phone", "780 555 0199", "+17805550199"),
        ("email", "Sam@Example.COM", "Sam@example.com"),
    ]
    assert {e["extractor"] for e in entities} == {"VisitEntityExtractor"}


def test_what_does_not_suit_has_a_role() -> None:
    assert [e.get("role") for e in _entities("friday, not monday")] == [None, "excluded"]


def test_the_booking_form_reads_the_same_from_them() -> None:
    found = Read.from_dicts(TEXT, _entities(TEXT))
    assert found is not None
    assert {e.kind for e in found.entities} == {*KINDS} - {"time"}


def test_entities_found_before_are_kept() -> None:
    earlier = {"entity": "city", "start": 0, "end": 2, "value": "Hi"}
    message = Message(data={"text": "Hi friday", ENTITIES: [earlier]})
    EXTRACTOR.process([message])
    assert [e["entity"] for e in message.get(ENTITIES)] == ["city", "date"]


def test_a_message_without_text_has_none() -> None:
    message = Message(data={"intent": "faq"})
    EXTRACTOR.process([message])
    assert message.get(ENTITIES) == []


def test_days_are_those_of_the_configured_time_zone() -> None:
    far = _extractor(timezone="Pacific/Auckland")
    assert [e["value"] for e in _entities("today", far)] == ["2026-11-25"]
    assert [e["value"] for e in _entities("today")] == ["2026-11-24"]


def test_holidays_are_those_of_the_configured_province() -> None:
    quebec = _extractor(province="QC")
    assert [e["value"] for e in _entities("st jean baptiste day", quebec)] == ["2027-06-24"]
    assert [e["value"] for e in _entities("st jean baptiste day")] == [None]


def test_the_place_is_the_profiles_unless_configured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = tmp_path / "clinic.yml"
    profile.write_text("timezone: Pacific/Auckland\nprovince: QC\n", encoding="utf-8")
    monkeypatch.setenv("CLINIC_PROFILE", str(profile))
    assert [e["value"] for e in _entities("today", _extractor())] == ["2026-11-25"]
    edmonton = _extractor(timezone="America/Edmonton")
    assert [e["value"] for e in _entities("today", edmonton)] == ["2026-11-24"]


def test_the_defaults_are_those_of_a_profile() -> None:
    fields = ClinicProfile.__fields__
    assert {name: fields[name].default for name in DEFAULTS} == DEFAULTS


@pytest.mark.parametrize("content", [None, "a: [", "\udcff"])
def test_a_profile_that_cannot_be_read_is_named(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = tmp_path / "clinic.yml"
    if content is not None:
        profile.write_bytes(content.encode("utf-8", "surrogateescape"))
    monkeypatch.setenv("CLINIC_PROFILE", str(profile))
    with pytest.raises(SettingError) as raised:
        _extractor()
    assert "clinic.yml" in str(raised.value)
    assert "CLINIC_PROFILE" in str(raised.value.remedy)


def test_an_unknown_time_zone_is_refused_with_the_remedy() -> None:
    with pytest.raises(SettingError) as raised:
        _extractor(timezone="Nowhere/City")
    assert "timezone" in str(raised.value.remedy)


def test_it_knows_nothing_of_the_turn() -> None:
    source = (ROOT / "bot" / "nlu" / "entities.py").read_text(encoding="utf-8")
    assert "bot.turn" not in source


def test_tokens_and_entities_share_one_vocabulary() -> None:
    tokenizer = SpacyRuleTokenizer(SpacyRuleTokenizer.get_default_config())
    assert tokenizer._tokenize.vocab is english().vocab


def test_the_tokenizer_takes_what_spacy_cannot_encode() -> None:
    tokenizer = SpacyRuleTokenizer(SpacyRuleTokenizer.get_default_config())
    (message,) = tokenizer.process([Message.build("hi \ud800")])
    assert [token.text for token in message.get("text_tokens")] == ["hi", "\ufffd"]


# The first date and the first holiday load a library.
@settings(deadline=None)
@given(st.text(alphabet=st.characters(), max_size=400))
def test_any_text_is_taken(text: str) -> None:
    for entity in _entities(text):
        assert entity["entity"] in KINDS
        assert text[entity["start"] : entity["end"]]


# The first date and the first holiday load a library.
@settings(deadline=None)
@given(st.text(alphabet=st.characters(), min_size=1, max_size=5), st.sampled_from([2_000, 2_500]))
def test_a_long_text_is_taken(piece: str, length: int) -> None:
    text = (piece * length)[:length]
    assert all(entity["end"] <= 2_000 for entity in _entities(text))
