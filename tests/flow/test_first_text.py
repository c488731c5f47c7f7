"""A customer texts and is answered; an order ships and its buyer is told."""

import base64
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from kesher import store
from kesher.domain.customer import customer_id
from kesher.domain.message import Inbound, Outbound
from local.machine import Machine
from local.outside.answers import answer
from local.outside.shop_events import Move

NOA = "+972502345678"


@dataclass
class Recorder:
    """A provider's server that only remembers what was asked of it."""

    asked: list[requests.PreparedRequest] = field(default_factory=list)

    def __call__(self, request: requests.PreparedRequest) -> requests.Response:
        self.asked.append(request)
        return answer(201, {"sid": f"SM{len(self.asked):032x}", "status": "queued"})

    def forms(self) -> list[dict[str, str]]:
        bodies = (str(each.body) for each in self.asked)
        return [{name: values[0] for name, values in parse_qs(b).items()} for b in bodies]


def history(machine: Machine, number: str = NOA) -> tuple[Inbound | Outbound, ...]:
    return store.history(machine.shop.shop, customer_id(machine.shop.shop, number, ""))


def test_a_hebrew_text_with_emoji_and_blank_fields_is_answered_through_the_provider(
    machine: Machine,
) -> None:
    recorder = machine.world.hosts["twilio.localhost"] = Recorder()

    hooked = machine.twilio.text(
        NOA, "מה שעות הפתיחה? 🕘", "SM1", ToCity="", ToZip="", FromState=""
    )
    machine.world.run()

    assert hooked.status == 200
    assert hooked.headers["Content-Type"] == "text/xml"
    assert hooked.body == b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
    (request,), (form,) = recorder.asked, recorder.forms()
    sid, token = machine.twilio.account_sid, machine.twilio.auth_token
    assert request.method == "POST"
    assert f"https://twilio.localhost/2010-04-01/Accounts/{sid}/Messages.json" == request.url
    basic = base64.b64encode(f"{sid}:{token}".encode()).decode()
    assert f"Basic {basic}" == request.headers["Authorization"]
    assert machine.shop.bot.answers["opening_hours"]["he"] == form["Body"]
    assert (form["To"], form["From"]) == (NOA, "+972552345678")
    sent = history(machine)[-1]
    assert (
        f"{machine.public_url}/hooks/demo/channels/twilio/receipts/{sent.id}"
        == form["StatusCallback"]
    )


def test_the_callback_moves_the_message_to_delivered(machine: Machine) -> None:
    machine.world.hosts["twilio.localhost"] = recorder = Recorder()
    machine.twilio.text(NOA, "איפה אתם?", "SM1")
    machine.world.run()
    assert [each["status"] for each in machine.received(NOA)] == ["accepted"]

    callback = urlsplit(recorder.forms()[0]["StatusCallback"]).path
    form = {"MessageSid": "SM" + "0" * 31 + "1", "MessageStatus": "delivered", "To": NOA}
    assert machine.twilio._post(callback, form).status == 200
    machine.world.run()

    assert [each["status"] for each in machine.received(NOA)] == ["delivered"]


def test_an_order_is_told_confirmed_and_shipped_in_its_own_language_once(machine: Machine) -> None:
    for kind in ("confirmed", "shipped"):
        for _ in range(3):
            event = machine.order_event(Move("1001", kind, language="fa"), delivery=f"d-{kind}")
            assert event["status"] == 200
            machine.world.run()
    for kind in ("confirmed", "shipped"):
        machine.order_event(Move("1001", kind, language="fa"))
        machine.world.run()

    confirmed, shipped = machine.received(NOA)
    assert "تأیید شد" in confirmed["text"]
    assert "249.90" in confirmed["text"].translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹٫", "0123456789."))
    assert "ارسال شد" in shipped["text"]
    assert "RR123456785IL" in shipped["text"]
    assert shipped["text"].endswith(
        "\nhttps://mypost.israelpost.co.il/itemtrace?itemcode=RR123456785IL"
    )
    assert shipped["status"] == "delivered"


def test_two_events_in_one_breath_are_two_texts(machine: Machine) -> None:
    """Both are worked on before either text leaves."""
    machine.order_event(Move("1001", "confirmed", language="en"))
    machine.order_event(Move("1001", "shipped", language="en"))
    machine.world.run()

    told = [each["text"] for each in machine.received(NOA)]
    assert ["confirmed" in told[0], "on its way" in told[1], len(told)] == [True, True, 2]


def test_any_shop_tells_the_whole_life_of_an_order(machine: Machine) -> None:
    for kind in ("confirmed", "shipped", "delivered", "cancelled", "refunded"):
        assert machine.order_event(Move("77", kind, "generic", NOA, "en"))["status"] == 200
        machine.world.run()

    assert [each["text"] for each in machine.received(NOA)] == [
        "Zayit: thank you, order #77 is confirmed. Amount: ₪249.90.",
        "Zayit: order #77 is on its way. Expected on 25 November. Tracking: RR123456785IL"
        "\nhttps://mypost.israelpost.co.il/itemtrace?itemcode=RR123456785IL",
        "Zayit: order #77 was delivered. If anything is wrong, just reply here.",
        "Zayit: order #77 was cancelled. Questions? Just reply here.",
        "Zayit: we refunded order #77. Amount: ₪249.90.",
    ]


def test_a_parcel_that_overtakes_its_order_is_told_once_the_phone_is_known(
    machine: Machine,
) -> None:
    ready = machine.ready_made(Move("1002", "shipped"), "d1").body
    anonymous = ready | {"destination": {"phone": None, "country_code": "IL"}}
    machine.order_event(Move("1002", "shipped"), body=anonymous)
    machine.world.run()
    assert machine.received(NOA) == []

    machine.order_event(Move("1002", "confirmed"))
    machine.world.run()

    (told,) = machine.received(NOA)
    assert "יצאה לדרך" in told["text"]


def test_where_is_my_order_lists_the_orders_of_the_number_that_asks(machine: Machine) -> None:
    machine.order_event(Move("1001", "confirmed", phone=NOA, language="en"))
    machine.order_event(Move("1001", "shipped", phone=NOA, language="en"))
    machine.order_event(Move("2002", "confirmed", phone="+972523456789", language="en"))
    machine.world.run()

    machine.text(NOA, "Hi! Where is my order?")
    machine.world.run()

    answered = machine.received(NOA)[-1]["text"]
    assert answered.startswith(
        "Hello Noa!\nYour orders at Zayit:\n#1001: on its way. Israel Post RR123456785IL"
    )
    assert "2002" not in answered


def where(machine: Machine) -> list[str]:
    """What is told of Noa's order, line by line, without its link and the marks that steer it."""
    machine.world.run()
    machine.text(NOA, "איפה ההזמנה שלי?")
    machine.world.run()
    told = machine.received(NOA)[-1]["text"].partition("ההזמנות שלכם")[2].splitlines()[1:]
    lines = ["".join(char for char in line if char not in "\u200e\u200f") for line in told]
    return [line for line in lines if not line.startswith("https://")]


def carrier_says(machine: Machine, day: str, happened_at: str) -> None:
    """The carrier's word, by way of the shop, of the day the parcel is expected."""
    on_its_way = {"status": "in_transit", "happened_at": happened_at}
    tracked = machine.ready_made(Move("1001", "delivered"), "d").body | on_its_way
    expected = {"estimated_delivery_at": f"{day}T18:00:00+02:00"}
    posted = machine.order_event(Move("1001", "delivered"), body=tracked | expected)
    assert posted["status"] == 200


def test_a_buyer_hears_when_the_parcel_is_expected_while_that_is_ahead(machine: Machine) -> None:
    on_its_way = "#1001: בדרך אליכם. Israel Post RR123456785IL"
    machine.order_event(Move("1001", "shipped"))
    assert where(machine) == [on_its_way]

    carrier_says(machine, "2026-11-26", "2026-11-23T11:00:00+02:00")
    assert where(machine) == [on_its_way, "צפויה להגיע ביום חמישי."]
    carrier_says(machine, "2026-11-25", "2026-11-23T10:00:00+02:00")
    assert where(machine) == [on_its_way, "צפויה להגיע ביום חמישי."]

    machine.world.advance(timedelta(days=2))
    assert where(machine) == [on_its_way, "צפויה להגיע מחר."]
    machine.world.advance(timedelta(days=2))
    assert where(machine) == [on_its_way]

    carrier_says(machine, "2026-11-30", "2026-11-27T11:00:00+02:00")
    assert where(machine) == [on_its_way, "צפויה להגיע ביום שני."]
    machine.order_event(Move("1001", "delivered"))
    assert where(machine) == ["#1001: נמסרה."]


def test_an_order_is_listed_once_and_only_for_the_number_it_has_now(machine: Machine) -> None:
    parcel = machine.ready_made(Move("1001", "shipped", phone=NOA), "d").body
    machine.order_event(Move("1001", "shipped", phone=NOA), body=parcel)
    machine.world.run()
    machine.order_event(Move("1001", "confirmed", phone=NOA))
    machine.world.run()
    _, orders = store.load_customer("demo", customer_id("demo", NOA, ""))
    assert [each.number for each in orders] == ["#1001"]

    corrected = machine.ready_made(Move("1001", "cancelled", phone="+972523456789"), "d").body
    corrected["updated_at"] = "2026-11-24T00:00:00Z"
    machine.order_event(Move("1001", "cancelled"), body=corrected)
    machine.world.run()
    assert store.load_customer("demo", customer_id("demo", NOA, ""))[1] == ()
    assert "בוטלה" in machine.received("+972523456789")[0]["text"]


@pytest.mark.parametrize(
    ("word", "confirmed"),
    [("הסר", "הוסרתם"), ("STOP", "no more texts"), ("لغو۱۱", "نمی‌دهیم"), ("إلغاء", "لن تصلكم")],
)
def test_stop_ends_all_texts_and_start_brings_them_back(
    machine: Machine, word: str, confirmed: str
) -> None:
    machine.text(NOA, {"STOP": "Hello, is anyone there?"}.get(word, word))
    machine.text(NOA, word)
    machine.world.run()
    assert confirmed in machine.received(NOA)[-1]["text"]
    before = len(machine.received(NOA))

    machine.order_event(Move("1001", "confirmed"))
    machine.text(NOA, "Are you there?")
    machine.world.run()
    assert before == len(machine.received(NOA))
    assert "suppressed" in {each.status for each in history(machine) if isinstance(each, Outbound)}

    machine.text(NOA, "START")
    machine.order_event(Move("1002", "confirmed"))
    machine.world.run()
    assert before + 2 == len(machine.received(NOA))


@pytest.mark.parametrize(
    "odd",
    [
        "a\x00b\x0bc\x1f",
        "lone \ud83d surrogate",
        "\u202egnirts sdrawkcab\u202c",
        "😀" * 1600,
        "\uffff\ufffe",
        "",
        "line\r\nbreak",
        "{0.__class__} {name} %s <b>&amp;</b>",
    ],
    ids=["NUL", "surrogate", "bidi", "emoji", "noncharacters", "empty", "crlf", "braces"],
)
def test_whatever_is_texted_is_stored_and_answered(machine: Machine, odd: str) -> None:
    machine.text(NOA, odd)
    machine.world.run()

    stored, answered = history(machine)
    assert isinstance(stored, Inbound)
    assert isinstance(answered, Outbound)
    assert answered.status == "delivered"
    assert len(machine.received(NOA)) == 1
    assert "\x00" not in stored.text
    assert [each for each in odd if each.isalpha()] == [e for e in stored.text if e.isalpha()]


def test_a_picture_without_words_is_stored_and_answered(machine: Machine) -> None:
    picture = {
        "NumMedia": "1",
        "MediaUrl0": "https://api.twilio.example/media/ME1",
        "MediaContentType0": "image/jpeg",
    }
    assert machine.twilio.text(NOA, "", "MM1", **picture).status == 200
    machine.world.run()

    stored, answered = history(machine)
    assert isinstance(stored, Inbound)
    assert stored.media[0].url == "https://api.twilio.example/media/ME1"
    assert "התמונה התקבלה" in answered.text


def test_a_provider_that_answered_stop_itself_is_not_echoed(machine: Machine) -> None:
    machine.twilio.text(NOA, "STOP", "SM1", OptOutType="STOP")
    machine.world.run()
    assert machine.received(NOA) == []

    machine.order_event(Move("1001", "confirmed"))
    machine.world.run()
    assert machine.received(NOA) == []


def test_a_refusal_because_of_an_opt_out_is_learned_from(machine: Machine) -> None:
    def opted_out(request: requests.PreparedRequest) -> requests.Response:
        return answer(400, {"code": 21610, "message": "unsubscribed", "status": 400})

    machine.world.hosts["twilio.localhost"] = opted_out
    machine.twilio.text(NOA, "שלום, יש מישהו?", "SM1")
    machine.world.run()

    customer, _ = store.load_customer("demo", customer_id("demo", NOA, ""))
    assert customer is not None
    assert customer.opted_out
    assert history(machine)[-1].status == "rejected"  # type: ignore[union-attr]
