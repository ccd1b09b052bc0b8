from __future__ import annotations

from bot.content.gsm7 import gsm7_length, outside_gsm7


def test_plain_and_accented_letters_of_the_alphabet_pass() -> None:
    assert outside_gsm7("Désolé, ça? No: à 9:00 & $85 {x} €") == "ç"


def test_each_odd_character_is_named_once() -> None:
    assert outside_gsm7("“It’s” – “fine”") == "“’”–"


def test_extended_characters_count_double() -> None:
    assert gsm7_length("a€[b]") == 8
