from __future__ import annotations

import base64
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes.desk import PUBLIC_URL, Desk
from fakes.provider_api import Ordered
from fakes.webhooks import ACCOUNT, AUTH_TOKEN, CLINIC_NUMBER, signed_form, sms_fields
from web_client import Answer

from bot.booking import BookingRequest
from bot.outbox import Letter, Outgoing, State
from bot.storage.consents import ConsentRepository
from bot.storage.database import DatabaseUnavailable
from bot.storage.deliveries import DeliveryRepository

NUMBER = "+17805550134"
CONVERSATION = f"sms:{NUMBER}"
ASKED = BookingRequest("Sam", "back", "any time", "first", True, NUMBER, contact_consent="text")
FLAGGED = "i have crushing chest pain"


class Phone:
    """A patient's phone."""

    def __init__(self, desk: Desk, number: str = NUMBER) -> None:
        self.desk = desk
        self.number = number
        self._count = 0

    async def text(self, text: str, message_id: str = "", **more: str) -> Answer:
        self._count += 1
        message_id = message_id or f"SM{self._count}"
        fields = sms_fields(self.number, text, message_id, **more)
        return await self.post("/webhooks/sms", fields)

    async def post(self, path: str, fields: list[tuple[str, str]]) -> Answer:
        body, headers = signed_form(f"{PUBLIC_URL}{path}", fields)
        return await self.desk.call("POST", path, body, headers)

    async def got(self) -> list[str]:
        await self.desk.settled()
        return self.desk.api.texts_to(self.number)


@pytest.fixture
def phone(desk: Desk) -> Phone:
    return Phone(desk)


async def _alerts(desk: Desk) -> list[tuple[str, str, str]]:
    return [(one.kind, one.level, one.sign) for one in await desk.parts.alerts.open_alerts()]


async def _letters(desk: Desk) -> tuple[Letter, ...]:
    await desk.settled()
    return await desk.parts.outbox.of_conversation(CONVERSATION)


async def test_a_text_is_taken_with_nothing_to_say_and_answered_by_the_api(phone: Phone) -> None:
    answer = await phone.text("does it hurt")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert answer.body.endswith(b"<Response/>")
    await phone.got()
    (sent,) = phone.desk.api.sent
    assert sent.path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert sent.auth == "Basic " + base64.b64encode(f"{ACCOUNT}:{AUTH_TOKEN}".encode()).decode()
    assert sent.request["From"] == CLINIC_NUMBER
    assert sent.request["StatusCallback"] == f"{PUBLIC_URL}/webhooks/sms/status"


async def test_the_first_reply_tells_who_writes_and_how_to_stop(phone: Phone) -> None:
    await phone.text("does it hurt")
    await phone.got()
    await phone.text("and then?")
    first, second = await phone.got()
    assert "STOP" in first
    assert phone.desk.parts.profile.name in first
    assert "STOP" not in second


async def test_a_number_is_the_choice_under_it(phone: Phone) -> None:
    phone.desk.rasa.offers = True
    await phone.text("hm")
    await phone.got()
    await phone.text(" 2. ")
    told = await phone.got()
    assert "2 Fees and payment" in told[0]
    assert phone.desk.rasa.heard[-1][2] == "Fees and payment"
    phone.desk.rasa.offers = False
    await phone.text("7")
    await phone.got()
    await phone.text("1")
    await phone.got()
    # There was no seventh, and under the latest reply there are none.
    assert [heard[2] for heard in phone.desk.rasa.heard[-2:]] == ["7", "1"]


async def test_after_stop_nobody_is_written_to_until_start(phone: Phone) -> None:
    await phone.text("STOP")
    await phone.text("does it hurt")
    await phone.desk.parts.outbox.add(
        Outgoing("reminder", "sms", "web:a", "booking_reminder", "Tomorrow.", {"to": NUMBER})
    )
    phone.desk.post.call("sms")
    assert await phone.got() == []
    assert phone.desk.rasa.heard == []
    assert await _alerts(phone.desk) == [
        ("opt_out", "wrote_again", "no_reply_possible"),
        ("outbox", "undelivered", "booking_reminder"),
    ]
    await phone.text("start")
    await phone.text("does it hurt")
    told = await phone.got()
    assert "PRIVACY" in told[0]
    assert told[-1].startswith("You said: does it hurt")


async def test_a_stop_that_is_delivered_again_after_start_changes_nothing(phone: Phone) -> None:
    await phone.text("stop", "SMa")
    await phone.text("unstop", "SMb")
    await phone.text("stop", "SMa")
    await phone.text("does it hurt")
    assert (await phone.got())[-1].startswith("You said")


async def test_yes_and_start_are_plain_words_to_whoever_never_stopped(phone: Phone) -> None:
    for word in ("yes", "start"):
        await phone.text(word)
        await phone.got()
    assert [heard[2] for heard in phone.desk.rasa.heard] == ["yes", "start"]


async def test_a_red_flag_of_whoever_opted_out_reaches_staff(phone: Phone) -> None:
    await phone.text("STOP")
    await phone.text(FLAGGED)
    await phone.desk.settled()
    kinds = [kind for kind, _, _ in await _alerts(phone.desk)]
    assert kinds[0] == "opt_out"
    assert "red_flag" in kinds


@pytest.mark.parametrize(("word", "level"), [("CANCEL", "maybe_cancel"), ("Stop", "live_request")])
async def test_staff_hear_of_a_stop_from_somebody_with_a_request(
    phone: Phone, word: str, level: str
) -> None:
    # Asked for on the web, with this phone.
    await phone.desk.parts.bookings.request(ASKED, "key", "web:a", "web")
    await phone.text(word)
    await phone.text(word, "SM1")
    assert await _alerts(phone.desk) == [("opt_out", level, word.lower())]


async def test_a_cancel_of_somebody_without_a_request_is_an_opt_out_alone(phone: Phone) -> None:
    await phone.text("CANCEL")
    assert await _alerts(phone.desk) == []
    assert await ConsentRepository(phone.desk.parts.database).is_out(CONVERSATION)


async def test_twilios_own_list_of_words_counts(phone: Phone) -> None:
    await phone.text("basta", OptOutType="STOP")
    assert await phone.got() == []
    assert await ConsentRepository(phone.desk.parts.database).is_out(CONVERSATION)


@pytest.mark.parametrize(("word", "said"), [("HELP", "PRIVACY"), ("aide", "PRIVACY")])
async def test_help_is_answered_in_fixed_words(phone: Phone, word: str, said: str) -> None:
    await phone.text(word)
    assert said in (await phone.got())[0]
    assert phone.desk.rasa.heard == []


async def test_privacy_is_the_card_on_data(phone: Phone) -> None:
    await phone.text("PRIVACY")
    await phone.got()
    assert phone.desk.rasa.heard[0][2] == phone.desk.parts.library.title("clinic/privacy")


async def test_a_picture_is_answered_plainly_and_its_words_as_words(phone: Phone) -> None:
    await phone.text("", NumMedia="1")
    await phone.text("does it hurt", NumMedia="2")
    told = await phone.got()
    assert told[0].startswith("Sorry, I cannot see pictures")
    assert told[1].startswith("You said: does it hurt")
    assert told[2].startswith("Sorry, I cannot see pictures")


@pytest.mark.parametrize("sender", ["ACUPUNCTURE", "whatsapp:+17805550134", "+0123", "client:x"])
async def test_whoever_cannot_be_answered_is_not_taken(desk: Desk, sender: str) -> None:
    assert (await Phone(desk, sender).text("hi")).status == 200
    await desk.settled()
    assert (desk.rasa.heard, desk.api.sent) == ([], [])


@pytest.mark.parametrize("missing", ["From", "MessageSid"])
async def test_a_signed_form_that_lacks_a_name_is_refused(phone: Phone, missing: str) -> None:
    names = {missing, "SmsSid", "SmsMessageSid"} if missing == "MessageSid" else {missing}
    fields = [(n, v) for n, v in sms_fields(NUMBER, "hi", "SM1") if n not in names]
    answer = await phone.post("/webhooks/sms", fields)
    assert (answer.status, answer.json["error"]["code"]) == (400, "bad_request")


async def test_a_text_without_a_body_is_answered(phone: Phone) -> None:
    fields = [(n, v) for n, v in sms_fields(NUMBER, "", "SM1") if n != "Body"]
    assert (await phone.post("/webhooks/sms", fields)).status == 200
    assert "could not find any words" in (await phone.got())[0]


async def test_a_failure_is_tried_again_until_it_is_sent_once(phone: Phone) -> None:
    phone.desk.api.orders.extend(
        [Ordered(500), Ordered(429, headers={"Retry-After": "0"}), Ordered(503)]
    )
    await phone.text("does it hurt")
    assert len(await phone.got()) == 1
    (letter,) = await _letters(phone.desk)
    assert (letter.state, letter.attempts, letter.open_attempts) == (State.SENT, 4, 0)
    assert letter.provider_id


async def test_replies_keep_their_order_though_the_first_fails(phone: Phone) -> None:
    phone.desk.api.orders.append(Ordered(500))
    for number in range(3):
        await phone.text(f"number {number}")
    told = [text.split("\n")[0] for text in await phone.got()]
    assert told == [f"You said: number {number}" for number in range(3)]


async def test_a_warning_waits_for_no_other_reply(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outbox.dispatcher.FIRST_WAIT", timedelta(seconds=1.5))
    phone.desk.api.orders.append(Ordered(500))
    await phone.text("does it hurt")
    while not phone.desk.api.refused:
        await _letters_now(phone.desk)
    await phone.text(FLAGGED)
    assert "911" in (await phone.got())[0]


async def _letters_now(desk: Desk) -> int:
    return len(await desk.parts.outbox.of_conversation(CONVERSATION))


async def test_an_answer_that_never_came_is_repeated_once_and_then_put_before_staff(
    phone: Phone,
) -> None:
    phone.desk.api.orders.extend([Ordered(hangs_up=True)] * 5)
    await phone.text("does it hurt")
    # Taken twice, and answered neither time.
    assert len(await phone.got()) == 2
    (letter,) = await _letters(phone.desk)
    assert (letter.state, letter.fault) == (State.DEAD, "letter_unknown")
    assert await _alerts(phone.desk) == [("outbox", "undelivered", "reply")]


async def test_twilios_opt_out_is_ours_too(phone: Phone) -> None:
    refusal = {"code": 21610, "message": "Attempt to send to unsubscribed recipient"}
    phone.desk.api.orders.append(Ordered(400, refusal))
    await phone.text("does it hurt")
    assert await phone.got() == []
    assert await ConsentRepository(phone.desk.parts.database).is_out(CONVERSATION)
    await phone.text("hello?")
    assert await phone.got() == []
    assert phone.desk.api.refused == 1


async def test_a_text_that_is_refused_for_good_is_put_before_staff(phone: Phone) -> None:
    phone.desk.api.orders.append(Ordered(400, {"code": 21211}))
    await phone.text("does it hurt")
    assert await phone.got() == []
    assert await _alerts(phone.desk) == [("outbox", "undelivered", "reply")]


@pytest.mark.parametrize(("status", "code"), [(401, 20003), (400, 21606), (404, 20404)])
async def test_a_fault_of_the_clinics_set_up_loses_no_text(
    phone: Phone, status: int, code: int
) -> None:
    phone.desk.api.orders.append(Ordered(status, {"code": code}))
    await phone.text("does it hurt")
    assert len(await phone.got()) == 1


async def _report(phone: Phone, status: str, error: str = "") -> Answer:
    (letter,) = await _letters(phone.desk)
    fields = [("MessageSid", letter.provider_id or ""), ("MessageStatus", status)]
    return await phone.post("/webhooks/sms/status", [*fields, ("ErrorCode", error)])


async def test_delivery_reports_are_kept_and_a_failure_put_before_staff(phone: Phone) -> None:
    await phone.text("does it hurt")
    for status, error in (("sent", ""), ("undelivered", "30003"), ("undelivered", "30003")):
        assert (await _report(phone, status, error)).status == 204
    (letter,) = await _letters(phone.desk)
    reports = DeliveryRepository(phone.desk.parts.database)
    kept = [(one.status, one.error) for one in await reports.of_message(letter.provider_id or "")]
    assert kept == [("sent", None), ("undelivered", "30003")]
    assert await _alerts(phone.desk) == [("outbox", "undelivered", "reply/30003")]


async def test_a_report_of_an_opt_out_is_one(phone: Phone) -> None:
    await phone.text("does it hurt")
    await _report(phone, "failed", "21610")
    assert await ConsentRepository(phone.desk.parts.database).is_out(CONVERSATION)


async def test_a_forged_report_is_refused(phone: Phone) -> None:
    body, headers = signed_form(f"{PUBLIC_URL}/webhooks/sms", [("MessageSid", "SM1")])
    answer = await phone.desk.call("POST", "/webhooks/sms/status", body, headers)
    assert answer.status == 403


@pytest.mark.parametrize(("text", "said"), [(FLAGGED, "911 now"), ("does it hurt", "went wrong")])
async def test_what_cannot_be_kept_is_not_taken_and_the_patient_hears_why(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    text: str, said: str,
) -> None:  # fmt: skip
    async def fail(*_: object, **__: object) -> None:
        raise DatabaseUnavailable("The database cannot be opened.")

    monkeypatch.setattr(phone.desk.parts.database, "write", fail)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            answer = await phone.text(text, "SM1")
            assert (answer.status, answer.json["error"]["code"]) == (503, "unavailable")
    line = phone.desk.providers.line
    assert line is not None
    await line.close()
    (told,) = phone.desk.api.texts_to(NUMBER)
    assert said in told
    assert text not in caplog.text


async def test_a_reply_that_cannot_be_kept_is_a_warning_all_the_same(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise DatabaseUnavailable("The database is gone.")

    monkeypatch.setattr(phone.desk.parts.inbox, "finish", fail)
    await phone.text(FLAGGED)
    workers, line = phone.desk.providers.workers, phone.desk.providers.line
    assert workers is not None
    assert line is not None
    await workers.idle()
    await line.close()
    assert "911" in phone.desk.api.texts_to(NUMBER)[0]


async def test_a_letter_of_the_clinics_goes_out_with_its_choices(phone: Phone) -> None:
    choices = [{"title": "That suits me", "text": "B7K-3QD suits me"}]
    letter = Outgoing("offer", "sms", CONVERSATION, "booking_proposed", "We offer 10:00.")
    await phone.desk.parts.outbox.add(replace(letter, detail={"choices": choices}))
    phone.desk.post.call("sms")
    assert await phone.got() == ["We offer 10:00.\nReply with a number:\n1 That suits me"]
    await phone.text("1")
    await phone.got()
    assert phone.desk.rasa.heard[0][2] == "B7K-3QD suits me"
