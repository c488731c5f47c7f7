from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesher.domain.customer import STOPPABLE, Customer, customer_id, derived_id
from kesher.domain.message import Outbound
from kesher.domain.notice import Situation, buyer, decide, describe
from kesher.domain.order import (
    EventSeen,
    Money,
    News,
    NoticeKind,
    Numbered,
    Order,
    OrderEvent,
    Shipment,
    Unnumbered,
    known_by,
)
from kesher.domain.shop import Channel, Limits, Notices, QuietHours
from kesher.domain.voice import Voice
from tests.builders import (
    KESHET,
    LINE,
    NOA,
    NOW,
    SHIRIN,
    VOICE,
    customer,
    event,
    life,
    only,
    order,
    records,
    told,
    voice,
)

LIFE = life()
ENGLISH = voice(languages=["en"], name="Keshet Toys")
UNKNOWN = Situation(None, None)
PRICE = Money(Decimal("249.90"), "ILS")
PARCEL = Shipment("p1", "Cheetah", "CH-77-0012", "https://cheetah.example/t/CH-77-0012")
KINDS: tuple[NoticeKind, ...] = ("confirmed", "shipped", "delivered", "cancelled", "refunded")
SUBJECTS: dict[NoticeKind, tuple[str, ...]] = {
    "confirmed": ("",),
    "shipped": ("p1", "p2"),
    "delivered": ("p1", "p2"),
    "cancelled": ("",),
    "refunded": ("r1", "r2"),
}
NEWS = [told(kind, subject) for kind in KINDS for subject in SUBJECTS[kind]]
TELLABLE = st.lists(st.sampled_from(NEWS), max_size=3, unique=True)
LATER: dict[str, tuple[str, ...]] = {
    "confirmed": ("shipped", "delivered"),
    "shipped": ("delivered",),
}
NOTICES = {
    f"{customer().id}-{derived_id(customer().id, f'notice/shopify/7001/{news.key}')}": (
        news.kind,
        news.subject,
    )
    for news in NEWS
}


@dataclass
class Shelf:
    """What is stored of one order; refuses an event it has seen, as the store does."""

    order: Order | None = None
    customer: Customer | None = None
    seen: set[str] = field(default_factory=set)
    outbox: dict[str, Outbound] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def take(self, each: OrderEvent, *, voice: Voice = ENGLISH, forgetful: bool = False) -> None:
        if each.id in self.seen and not forgetful:
            return
        decision = decide(Situation(self.order, self.customer), each, voice, NOW)
        self.seen.add(only(EventSeen, decision).id)
        self.order = only(Order, decision)
        self.customer = next(iter(records(Customer, decision)), self.customer)
        for text in records(Outbound, decision):
            assert text.id not in self.outbox, "the same notice twice"
            self.outbox[text.id] = text
            self.told.append(text.text)


def shelf_of(events: Iterable[OrderEvent], *, forgetful: bool = False) -> Shelf:
    shelf = Shelf()
    for each in events:
        shelf.take(each, forgetful=forgetful)
    return shelf


def one(
    happened: OrderEvent, *, known: Situation | None = None, speech: Voice = ENGLISH
) -> Outbound:
    return only(Outbound, decide(known or Situation(None, None), happened, speech, NOW))


def nothing(happened: OrderEvent, speech: Voice) -> bool:
    return not decide(UNKNOWN, happened, speech, NOW).owed


@pytest.mark.parametrize(
    ("happened", "text"),
    [
        (
            event(0, told("confirmed"), total=PRICE),
            "Keshet Toys: thank you, order #1042 is confirmed. Amount: ₪249.90.",
        ),
        (event(0, told("confirmed")), "Keshet Toys: thank you, order #1042 is confirmed."),
        (
            event(0, told("shipped", "p1"), shipments=(PARCEL,)),
            "Keshet Toys: order #1042 is on its way. Carrier: Cheetah. Tracking: CH-77-0012"
            "\nhttps://cheetah.example/t/CH-77-0012",
        ),
        (event(0, told("shipped", "p1")), "Keshet Toys: order #1042 is on its way."),
        (
            event(0, told("delivered", "p1"), shipments=(PARCEL,), total=PRICE),
            "Keshet Toys: order #1042 was delivered. If anything is wrong, just reply here.",
        ),
        (
            event(0, told("cancelled"), total=PRICE),
            "Keshet Toys: order #1042 was cancelled. Questions? Just reply here.",
        ),
        (
            event(0, told("refunded", "r1", amount=Money(Decimal("25"), "ILS")), total=PRICE),
            "Keshet Toys: we refunded order #1042. Amount: ₪25.00.",
        ),
        (
            event(0, told("confirmed"), number=None),
            "Keshet Toys: thank you, order 7001 is confirmed.",
        ),
    ],
)
def test_a_notice_tells_the_facts_that_are_known(happened: OrderEvent, text: str) -> None:
    assert text == one(happened).text


def test_a_notice_in_hebrew_holds_its_numbers_upright() -> None:
    happened = event(0, told("shipped", "p1"), shipments=(PARCEL,), language="he")

    assert one(happened, speech=VOICE).text == (
        "צעצועי קשת: הזמנה \u200e#1042 יצאה לדרך. חברת המשלוחים: \u200eCheetah."
        " מספר מעקב: \u200eCH-77-0012\nhttps://cheetah.example/t/CH-77-0012"
    )


SUNDAY, TUESDAY = date(2026, 11, 22), date(2026, 11, 24)
DUE = replace(PARCEL, expected_on=TUESDAY)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Expected on 24 November."),
        ("he", "צפויה להגיע ב-24 בנובמבר."),
        ("fa", "احتمالاً ۳ آذر می‌رسد."),
        ("ar", "يُتوقع وصوله في 24 نوفمبر."),
        ("ru", "Ожидается 24 ноября."),
    ],
)
def test_the_day_a_parcel_is_expected_stands_behind_its_shipping(
    language: str, expected: str
) -> None:
    happened = event(0, told("shipped", "p1"), shipments=(DUE,), language=language)
    shipped = VOICE.say("notice_shipped", language, order="#1042")

    assert one(happened, speech=VOICE).text.startswith(f"{shipped} {expected} ")


def test_a_parcel_without_a_day_has_its_orders() -> None:
    happened = event(0, told("shipped", "p1"), expected_on=TUESDAY)

    assert one(happened).text == (
        "Keshet Toys: order #1042 is on its way. Expected on 24 November."
    )


@pytest.mark.parametrize("kind", sorted({*KINDS} - {"shipped"}))
def test_only_shipping_tells_the_day(kind: NoticeKind) -> None:
    happened = event(0, told(kind, "p1"), shipments=(DUE,), expected_on=TUESDAY)

    assert "November" not in one(happened).text


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2027, 11, 22), date.min, date.max])
def test_a_day_that_is_past_or_a_year_ahead_is_not_told(day: date) -> None:
    happened = event(0, told("shipped", "p1"), expected_on=day)

    assert one(happened).text == "Keshet Toys: order #1042 is on its way."


@pytest.mark.parametrize(("start", "is_told"), [("18:00", True), ("10:00", False)])
def test_what_waits_for_the_morning_tells_no_day_that_is_over_by_then(
    start: str, *, is_told: bool
) -> None:
    """It is 11:00 in Haifa, and the parcel is expected today."""
    quiet = voice(languages=["en"], limits=Limits(quiet_hours=QuietHours(start, "08:00")))
    text = one(event(0, told("shipped", "p1"), expected_on=SUNDAY), speech=quiet).text

    assert ("Expected on 22 November." in text) == is_told


ISRAEL_POST = replace(
    DUE, carrier="Israel Post", tracking="RR123456785IL", url="https://mypost.example/RR123456785IL"
)


@pytest.mark.parametrize("language", KESHET.languages)
@pytest.mark.parametrize("parcel", [DUE, ISRAEL_POST], ids=["Cheetah", "Israel Post"])
@pytest.mark.parametrize("name", ["Zayit", "צעצועי קשת"])
def test_the_day_costs_no_part_where_the_carrier_can_give_way(
    name: str, parcel: Shipment, language: str
) -> None:
    speech = voice(name=name)
    happened = event(0, told("shipped", "p1"), shipments=(parcel,), language=language)
    dayless = replace(happened, shipments=(replace(parcel, expected_on=None),))
    told_, before = one(happened, speech=speech), one(dayless, speech=speech)

    assert told_.parts == before.parts
    assert len(told_.text.splitlines()) == 2
    assert (parcel.tracking or "") in told_.text


def test_without_a_link_the_carrier_stays() -> None:
    unlinked = replace(ISRAEL_POST, carrier="Israel Post " * 5, url=None)
    happened = event(0, told("shipped", "p1"), shipments=(unlinked,), language="he")
    text = one(happened, speech=VOICE).text

    assert "Israel Post" in text
    assert "24" in text


@given(st.permutations(LIFE), st.lists(st.sampled_from(LIFE), max_size=8))
@settings(deadline=None, max_examples=200)
def test_no_status_is_told_twice_however_the_events_come(
    shuffled: list[OrderEvent], again: list[OrderEvent]
) -> None:
    """Not even where the store had forgotten that it has seen them."""
    shelf = shelf_of(shuffled + again, forgetful=True)

    assert len(shelf.outbox) <= len({news.key for each in LIFE for news in each.news})


@given(st.lists(TELLABLE, max_size=8))
@settings(deadline=None, max_examples=300)
def test_a_status_is_never_told_backwards(happened: list[list[News]]) -> None:
    shelf = shelf_of(event(minute, *news) for minute, news in enumerate(happened))
    heard: list[tuple[str, str]] = [NOTICES[each] for each in shelf.outbox]

    for number, (kind, subject) in enumerate(heard):
        before = set(heard[:number])
        assert not before & {(later, subject) for later in LATER.get(kind, ())}
        assert kind in {"cancelled", "refunded"} or ("cancelled", "") not in before
        assert kind != "confirmed" or not before


def test_a_repeated_event_tells_nothing() -> None:
    shelf = shelf_of(LIFE)
    before = list(shelf.told)
    for each in LIFE:
        shelf.take(each, forgetful=True)

    assert before == shelf.told


def test_every_step_of_an_order_is_told_in_its_turn() -> None:
    assert [text.removeprefix("Keshet Toys: ") for text in shelf_of(LIFE).told] == [
        "thank you, order #1042 is confirmed. Amount: ₪249.90.",
        "order #1042 is on its way. Carrier: דואר ישראל. Tracking: RR123456785IL"
        "\nhttps://israelpost.example/RR123456785IL",
        "order #1042 is on its way. Carrier: Cheetah.",
        "order #1042 was delivered. If anything is wrong, just reply here.",
        "order #1042 was delivered. If anything is wrong, just reply here.",
        "we refunded order #1042. Amount: ₪25.00.",
    ]


def test_events_that_come_backwards_tell_only_the_end() -> None:
    """Six went in; the confirmation and both shippings were history by then."""
    assert [text.removeprefix("Keshet Toys: ") for text in shelf_of(reversed(LIFE)).told] == [
        "we refunded order #1042. Amount: ₪25.00.",
        "order #1042 was delivered. If anything is wrong, just reply here.",
        "order #1042 was delivered. If anything is wrong, just reply here.",
    ]


def test_news_in_one_event_is_weighed_together() -> None:
    """A parcel that is shipped and delivered by the time we hear of it was delivered."""
    happened = event(0, told("confirmed"), told("shipped", "p1"), told("delivered", "p1"))

    assert "was delivered" in one(happened).text


def test_an_event_without_a_phone_waits_for_the_one_that_has_it() -> None:
    shelf = Shelf()
    shelf.take(event(2, told("shipped", "p1"), address=None, shipments=(PARCEL,)))

    assert shelf.told == []
    assert shelf.order is not None
    assert tuple(news.key for news in shelf.order.owed) == ("shipped:p1",)
    assert shelf.customer is None

    shelf.take(event(0, told("confirmed")))

    assert [text.partition(" Carrier")[0] for text in shelf.told] == [
        "Keshet Toys: order #1042 is on its way."
    ]
    assert shelf.order.owed == ()


def test_all_that_waited_is_told_when_the_phone_comes() -> None:
    shelf = Shelf()
    shelf.take(event(1, told("shipped", "p1"), address=None))
    shelf.take(event(2, told("shipped", "p2"), address=None))
    shelf.take(event(3))

    assert [NOTICES[each] for each in shelf.outbox] == [("shipped", "p1"), ("shipped", "p2")]


def test_what_was_owed_is_told_once() -> None:
    shelf = Shelf()
    shelf.take(event(1, told("delivered", "p1"), address=None))
    shelf.take(event(2))
    shelf.take(event(3))
    shelf.take(event(1, told("delivered", "p1"), address=None), forgetful=True)

    assert len(shelf.told) == 1


def test_news_that_waited_too_long_for_a_phone_is_not_told() -> None:
    old = told("delivered", "p1", at=NOW - timedelta(hours=13))
    shelf = Shelf()
    shelf.take(event(1, old, address=None))
    shelf.take(event(2))

    assert shelf.told == []


@pytest.mark.parametrize(("hours", "is_told"), [(0, True), (12, True), (13, False), (9999, False)])
def test_late_news_is_kept_and_not_told(hours: int, is_told: bool) -> None:
    happened = event(0, told("delivered", "p1", at=NOW - timedelta(hours=hours)))
    shelf = shelf_of([happened])

    assert is_told == bool(shelf.told)
    assert shelf.order is not None
    assert shelf.order.status == "delivered"


def test_the_shop_says_how_late_is_late() -> None:
    patient = voice(languages=["en"], notices=Notices(valid_hours=48))
    happened = event(0, told("delivered", "p1", at=NOW - timedelta(hours=47)))

    assert happened.news[0].at + timedelta(hours=48) == one(happened, speech=patient).valid_until


@pytest.mark.parametrize("kind", KINDS)
def test_the_shop_chooses_what_is_told(kind: NoticeKind) -> None:
    only_this = voice(languages=["en"], notices=Notices(told=[kind]))
    none = voice(languages=["en"], notices=Notices(told=[]))

    assert not nothing(event(0, told(kind, "x")), speech=only_this)
    assert nothing(event(0, told(kind, "x")), speech=none)


@pytest.mark.parametrize(
    ("of_order", "of_customer", "spoken"),
    [
        ("fa", None, "fa"),
        ("fa-IR", "he", "fa"),
        ("iw-IL", "en", "he"),
        ("en", "he", "en"),
        (None, "ar", "ar"),
        ("de-DE", "ru", "ru"),
        ("de-DE", "de", "he"),
        (None, None, "he"),
        ("", None, "he"),
    ],
)
def test_a_notice_speaks_the_language_of_its_order(
    of_order: str | None, of_customer: str | None, spoken: str
) -> None:
    known = Situation(None, customer(language=of_customer))
    happened = event(0, told("cancelled"), language=of_order)

    assert one(happened, known=known, speech=VOICE).text == VOICE.say(
        "notice_cancelled", spoken, order="#1042"
    )


def test_a_customer_who_never_wrote_is_made_of_the_order() -> None:
    decision = decide(UNKNOWN, event(0, told("confirmed"), name="נועה", language="he"), VOICE, NOW)
    made = only(Customer, decision)

    assert (customer_id("keshet", NOA, "shopify"), NOA, "נועה", "he", None) == (
        made.id,
        made.address,
        made.name,
        made.language,
        made.channel,
    )
    assert only(Order, decision).customer == made.id


def test_what_a_customer_told_us_stands_above_what_their_order_says() -> None:
    noa = customer(name="Noa P.", language="en", stopped=STOPPABLE, version=4)
    happened = event(0, told("confirmed"), name="נועה", language="he")

    assert records(Customer, decide(Situation(None, noa), happened, VOICE, NOW)) == []


def test_a_notice_goes_where_the_customer_last_wrote_from() -> None:
    noa = customer(channel="simulator", line="+97239999999")
    text = one(event(0, told("confirmed")), known=Situation(None, noa))

    assert (text.channel, text.line, text.address) == ("simulator", "+97239999999", NOA)


@pytest.mark.parametrize(("chosen", "kind"), [(None, "twilio"), ("simulator", "simulator")])
def test_a_buyer_who_never_wrote_is_told_on_the_shops_channel(
    chosen: str | None, kind: str
) -> None:
    channels = [Channel("twilio", LINE), Channel("simulator", "+97230000000")]
    speech = voice(languages=["en"], channels=channels, notices=Notices(channel=chosen))
    text = one(event(0, told("confirmed")), speech=speech)

    assert (kind, {each.kind: each.sender for each in channels}[kind]) == (text.channel, text.line)


def test_a_notice_can_be_stopped() -> None:
    assert one(event(0, told("confirmed"))).message_class == "informational"


def test_the_buyer_of_an_order_is_known_once_any_event_named_a_number() -> None:
    nameless = event(0, told("shipped", "p1"), address=None)

    assert buyer(None, nameless) is None
    assert buyer(order(address=NOA), nameless) == customer().id
    assert buyer(None, event(0)) == customer().id


@pytest.mark.parametrize("language", KESHET.languages)
@pytest.mark.parametrize("kind", KINDS)
def test_every_notice_names_shop_and_order_in_every_language(
    kind: NoticeKind, language: str
) -> None:
    text = describe(told(kind, "p1", amount=PRICE), replace(order(kind)), VOICE, language, NOW)

    assert "צעצועי קשת" in text
    assert "#1042" in text
    assert "249" in text or "۲۴۹" in text


# --- found by its number ------------------------------------------------------------------------------


def pointed(known: Order | None, each: OrderEvent) -> tuple[list[Numbered], list[Unnumbered]]:
    decision = decide(Situation(known, None), each, VOICE, NOW)
    return records(Numbered, decision), records(Unnumbered, decision)


def after(each: OrderEvent, known: Order | None = None) -> Order:
    return only(Order, decide(Situation(known, None), each, VOICE, NOW))


def test_an_order_is_pointed_to_once_it_has_a_buyer_and_not_again() -> None:
    first = event(0, told("confirmed"))
    at = after(first).listed_at
    assert at is not None

    assert pointed(None, event(0, told("shipped"), address=None)) == ([], [])
    assert pointed(None, first) == (
        [Numbered("keshet", "1042", "shopify", "7001", customer().id, at)],
        [],
    )
    assert pointed(after(first), event(1, told("shipped"))) == ([], [])


def test_a_buyer_who_comes_late_is_pointed_to_then() -> None:
    nameless = after(event(0, told("shipped"), address=None))

    ((found,), gone) = pointed(nameless, event(1, told("confirmed")))
    assert (found.customer, gone) == (customer().id, [])


def test_a_corrected_phone_points_to_the_new_buyer() -> None:
    ((found,), gone) = pointed(after(event(0)), event(1, address=SHIRIN))

    assert (found.number, found.customer, gone) == ("1042", customer(SHIRIN).id, [])


def test_a_changed_number_leaves_no_pointer_behind() -> None:
    """An order is known by its id until it has a number."""
    unnumbered = after(event(0, number=None))
    ((found,), (gone,)) = pointed(unnumbered, event(1))

    assert (found.number, gone.number) == ("1042", "7001")
    assert found.listed_at == gone.listed_at == unnumbered.listed_at


@pytest.mark.parametrize(
    ("number", "known"),
    [
        ("#1042", "1042"),
        ("١٠٤٢", "1042"),
        ("KE-1042", "ke 1042"),
        ("", "7001"),
        ("👍", ""),
    ],
)
def test_a_number_is_compared_folded(number: str, known: str) -> None:
    assert known == known_by(order(number=number))


def test_no_number_is_longer_than_a_key_may_be() -> None:
    """One character may fold to eighteen."""
    assert len(known_by(order(number="ﷺ" * 100))) == 100


def test_a_number_of_nothing_to_compare_is_not_pointed_to() -> None:
    assert pointed(None, event(0, number="👍")) == ([], [])
