"""Patterns that tell little by themselves: a flag for who cannot ask a second opinion."""

from __future__ import annotations

from bot.safety import Gate, Level
from bot.safety.table import render_table


def test_a_hint_alone_is_a_flag_and_says_so(gate: Gate) -> None:
    found = gate.check("is this a stroke")
    assert found.level is Level.EMERGENCY
    assert found.is_hint


def test_beside_a_plain_complaint_it_is_no_longer_a_hint(gate: Gate) -> None:
    assert not gate.check("is this a stroke? my face is drooping on one side").is_hint


def test_a_plain_complaint_and_a_harmless_message_are_no_hints(gate: Gate) -> None:
    assert not gate.check("crushing chest pain").is_hint
    assert not gate.check("how much is it").is_hint


def test_a_cry_alone_is_no_hint(gate: Gate) -> None:
    assert not gate.check("stroke!").is_hint


def test_a_french_flag_is_no_hint(gate: Gate) -> None:
    assert not gate.check("j'ai mal à la poitrine, is this a stroke").is_hint


def test_the_practitioner_sees_which_lines_are_hints(gate: Gate) -> None:
    table = render_table(gate)
    assert "Only where the second opinion sees it too:" in table
    for sign in gate.signs:
        assert all(f"`{line}`" in table for line in sign.hints)


def test_self_harm_and_french_have_no_hints(gate: Gate) -> None:
    hinting = {sign.level for sign in gate.signs if sign.hints}
    assert Level.CRISIS not in hinting
    assert not any(sign.hints for sign in gate.tables["French"])
