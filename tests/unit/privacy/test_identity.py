from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BotError
from bot.privacy import BadId, PatientId, read_patient_id
from bot.privacy.identity import conversation_id, phone_of

TOKEN = "IkFiQ2RFZi1fMTIzNDU2Nzg5MCI.aVxYzA.q-4_sIgNaTuRe0123456789abcd"
WEB = "web:AbCdEf-_1234567890wxyz"
BY_PHONE = PatientId(phone="+17805550199", conversations=("sms:+17805550199",))


def _read(typed: str) -> PatientId:
    def read_token(token: str) -> str:
        assert token == TOKEN
        return WEB

    return read_patient_id(typed, read_token)


@pytest.mark.parametrize(
    "typed",
    [
        "780-555-0199",
        "(780) 555-0199",
        "780.555.0199",
        "7805550199",
        "1 780 555 0199",
        "+1 (780) 555-0199",
        "+17805550199",
        " 780 555 0199 ",
        "tel:+1-780-555-0199",
        "780-555-0199 ext. 4",
        "780-555-0199 x4",
        "７８０-５５５-０１９９",
        "780\u2011555\u20110199",
        "7 8 0 5 5 5 0 1 9 9",
        "sms:+17805550199",
        "sms:780-555-0199",
    ],
)
def test_a_phone_number_in_any_usual_form(typed: str) -> None:
    assert _read(typed) == BY_PHONE


@pytest.mark.parametrize("typed", ["+44 20 7946 0958", "0044 20 7946 0958", "+442079460958"])
def test_a_phone_number_of_another_country(typed: str) -> None:
    assert _read(typed).phone == "+442079460958"


@pytest.mark.parametrize("typed", [TOKEN, f"Bearer {TOKEN}", f" {TOKEN}\n"])
def test_a_web_sessions_token(typed: str) -> None:
    assert _read(typed) == PatientId(conversations=(WEB,))


@pytest.mark.parametrize("typed", [WEB, WEB.removeprefix("web:")])
def test_a_web_conversation_with_its_channel_or_without(typed: str) -> None:
    assert _read(typed) == PatientId(conversations=(WEB,))


@pytest.mark.parametrize("typed", ["6543217890123456", "messenger:6543217890123456"])
def test_a_messenger_id_is_no_phone_number(typed: str) -> None:
    assert _read(typed) == PatientId(conversations=("messenger:6543217890123456",))


def test_an_email_address() -> None:
    assert _read(" Sam@Clinic.Example ") == PatientId(email="Sam@clinic.example")


@pytest.mark.parametrize("typed", ["", "  ", "Sam Example", "sam@", "@", "call me at 780 555 0199"])
def test_what_can_be_nobodys_id(typed: str) -> None:
    with pytest.raises(BadId, match="phone number"):
        _read(typed)


def test_the_clinics_own_letters_are_no_patients() -> None:
    assert "staff" not in _read("staff").conversations


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    try:
        who = read_patient_id(typed, lambda token: WEB)
    except BotError:
        return
    assert who.phone or who.email or who.conversations


@given(st.from_regex(r"780[2-9][0-9]{2}0199", fullmatch=True), st.sampled_from("-. "))
def test_however_a_number_is_cut_it_is_the_same(digits: str, cut: str) -> None:
    written = cut.join((digits[:3], digits[3:6], digits[6:]))
    assert _read(written) == _read(digits) == _read(f"+1{digits}")


def test_only_a_phones_conversation_is_named_by_a_phone() -> None:
    assert phone_of(conversation_id("sms", "+17805550199")) == "+17805550199"
    assert phone_of(conversation_id("web", "abc")) is None
    assert phone_of(conversation_id("messenger", "6543217890123456")) is None
