"""A toy shop in Haifa, the people who text it, and the events of their orders."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar, cast

from hypothesis import strategies as st

from kesher import calendars, wire, words
from kesher.domain.customer import Customer, customer_id
from kesher.domain.decision import Decision
from kesher.domain.message import Outbound, TextReceived
from kesher.domain.order import Money, News, NoticeKind, Order, OrderEvent, Shipment
from kesher.domain.scene import House
from kesher.domain.shop import Bot, Channel, Question, Shop
from kesher.domain.voice import Voice

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LINE = "+97233724400"
NOA = "+972502345678"
SHIRIN = "+989123456789"

R = TypeVar("R")

_ODD = ["\ud83d", "\udc4d", "\x00", "\uffff", "\u202e", "\r", "²", "%", "1", "א"]
ANY_TEXT = st.lists(st.one_of(st.characters(), st.sampled_from(_ODD))).map("".join)
"""Lone surrogates as well, which JSON can carry and UTF-8 cannot."""

KESHET = Shop(
    shop="keshet",
    name="צעצועי קשת",
    languages=["he", "en", "fa", "ar", "ru"],
    country="IL",
    timezone="Asia/Jerusalem",
    channels=[
        Channel("twilio", LINE, credentials={"auth_token": "env:TWILIO_AUTH_TOKEN"}),
        Channel("simulator", LINE),
    ],
    bot=Bot(
        answers={
            "opening_hours": {
                "he": "ראשון עד חמישי 9:00-19:00, שישי 9:00-13:00.",
                "en": "Sunday to Thursday 9:00-19:00, Friday 9:00-13:00.",
                "fa": "یکشنبه تا پنج‌شنبه ۹ تا ۱۹.",
            },
            "returns": {"he": "אפשר להחזיר בתוך 14 יום."},
        },
        questions={
            "gift_wrap": Question(
                ask={"he": ["עטיפת מתנה"], "en": ["gift wrap", "gift wrapping"]},
                answer={"he": "עטיפה עולה 10 ש״ח.", "en": "Wrapping costs 10 shekels."},
            )
        },
    ),
)
VOICE = words.voice(KESHET)
HOUSE = House(VOICE, calendars.calendar(KESHET))


def voice(**changes: Any) -> Voice:
    """How a shop that differs from Keshet speaks."""
    return words.voice(replace(KESHET, **changes))


def house(voice: Voice = VOICE) -> House:
    return House(voice, calendars.calendar(voice.shop))


def customer(address: str = NOA, **known: Any) -> Customer:
    return Customer(customer_id(KESHET.shop, address, "twilio"), KESHET.shop, address, **known)


def received(text: str, *, address: str = NOA, minute: int = 0, **fields: Any) -> TextReceived:
    """A text that came so many minutes after NOW; its id is as good as its minute."""
    return replace(
        TextReceived(
            shop=KESHET.shop,
            channel="twilio",
            id=f"SM{minute:032x}",
            customer=customer_id(KESHET.shop, address, "twilio"),
            address=address,
            line=LINE,
            text=text,
            received_at=NOW + timedelta(minutes=minute),
        ),
        **fields,
    )


def order(*happened: NoticeKind, **fields: Any) -> Order:
    status = happened[-1] if happened else "confirmed"
    known = Order("7001", "keshet", "shopify", NOW, number="#1042", status=status)
    return replace(known, happened=frozenset(happened), **fields)


def event(minute: int, /, *news: News, **fields: Any) -> OrderEvent:
    """What the platform said in that minute of the order's last hour."""
    return replace(
        OrderEvent(
            shop="keshet",
            platform="shopify",
            id=f"delivery-{minute}",
            order="7001",
            at=NOW - timedelta(hours=1) + timedelta(minutes=minute),
            number="#1042",
            address=NOA,
            news=news,
        ),
        **fields,
    )


def told(kind: NoticeKind, subject: str = "", **fields: Any) -> News:
    return News(kind, fields.pop("at", NOW), subject, **fields)


def life() -> tuple[OrderEvent, ...]:
    """An order of two parcels, from its confirmation to a refund for the late one."""
    first = Shipment(
        "p1", "דואר ישראל", "RR123456785IL", "https://israelpost.example/RR123456785IL"
    )
    second = Shipment(
        *("p2", "Cheetah", "CH-77-0012", "https://cheetah.example/t/CH-77-0012"),
        expected_on=date(2026, 11, 24),
    )
    return (
        event(0, told("confirmed"), total=Money(Decimal("249.90"), "ILS"), language="he"),
        event(1, told("shipped", "p1"), shipments=(first,)),
        event(2, told("shipped", "p2"), shipments=(Shipment("p2", carrier="Cheetah"),)),
        event(3, shipments=(second,)),
        event(4, told("delivered", "p1")),
        event(5, told("delivered", "p2")),
        event(6, told("refunded", "r1", amount=Money(Decimal("25.00"), "ILS"))),
    )


def only(kind: type[R], decision: Decision) -> R:
    """The one record of that kind; fails where there is none or another."""
    (found,) = records(kind, decision)
    return found


def records(kind: type[R], decision: Decision) -> list[R]:
    return [each for each in decision.records if isinstance(each, kind)]


def texts(decision: Decision) -> list[str]:
    return [each.text for each in records(Outbound, decision)]


def stored(decision: Decision, before: Customer | None = None) -> Customer:
    """The customer as the store would have them after the decision."""
    found: Iterator[Customer] = reversed(records(Customer, decision))
    after = next(found, before)
    assert after is not None
    return replace(after, version=after.version + 1)


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        ANY_TEXT,
        st.sampled_from(
            [
                *("", " ", "\x00", "\ud800", "\uffff", "²", "٣", "9" * 5000, "-0", "1_000"),
                *("NaN", "Infinity", "1E999999", "9E999999", "1E-999999", "1,5"),
                *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-22"),
                *("2026-11-22T09:00:00", "+972502345678", "*6050", "ILS", "success", "delivered"),
            ]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@st.composite
def spoiled(draw: st.DrawFn, body: dict[str, Any]) -> bytes:
    """A body with one value in it exchanged for anything that JSON can say."""
    whole = deepcopy(body)
    place: Any = whole
    while True:
        key = draw(st.sampled_from([*place] if isinstance(place, dict) else [*range(len(place))]))
        inner = place[key]
        if not (isinstance(inner, dict | list) and inner and draw(st.booleans())):
            break
        place = inner
    place[key] = draw(JSON)
    return json.dumps(whole).encode()


def goes_through_the_queue(happened: wire.Event) -> bool:
    """As the same event, in characters that SQS takes."""
    body = wire.write(happened).encode().decode()
    refused = {
        char for char in body if char in "\ufffe\uffff" or (char < " " and char not in "\t\n\r")
    }
    return not refused and wire.read(body, cast("type[OrderEvent]", type(happened))) == happened
