import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesher import platforms
from kesher.domain.order import Money, News, OrderEvent, Shipment
from kesher.domain.shop import Door, Platform
from kesher.errors import BadSignature, Misconfigured, NotFound, Unreadable
from kesher.platforms import shopify
from kesher.platforms.base import Account
from kesher.wire import Request
from tests.builders import NOA, NOW, goes_through_the_queue, spoiled
from tests.channels.runner import any_request, payload, request

SECRET = "store-secret-nobody-may-see"
ACCOUNT = Account("keshet", "IL", "shopify", (SECRET,))
ORDER = "6120448827714"
DELIVERY = "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"
BODIES = sorted(Path(__file__).parent.parent.glob("payloads/shopify/*.json"))
TRACKED = Shipment(
    "5512300917",
    "Israel Post",
    "RR123456785IL",
    "https://israelpost.example/itemtrace?itemcode=RR123456785IL",
)
TOPICS = {
    "orders/create": "orders_create",
    "orders/updated": "orders_updated",
    "orders/cancelled": "orders_cancelled",
    "fulfillments/create": "fulfillments_create",
    "fulfillments/update": "fulfillments_update_delivered",
    "fulfillment_events/create": "fulfillment_events_create_delivered",
    "refunds/create": "refunds_create",
}


def body(name: str, **changes: Any) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(payload(f"shopify/{name}.json"))
    return whole | changes


def hook(topic: str, said: dict[str, Any] | bytes, **headers: str) -> Request:
    raw = said if isinstance(said, bytes) else json.dumps(said).encode()
    named = {"x-shopify-topic": topic, "x-shopify-webhook-id": DELIVERY}
    return request(raw, named | {name.replace("_", "-"): each for name, each in headers.items()})


def parse(topic: str, name: str, **changes: Any) -> OrderEvent:
    (event,) = shopify.parse(hook(topic, body(name, **changes)), ACCOUNT, NOW)
    return event


def at(clock: str) -> datetime:
    """A moment of that Sunday morning, by Shopify's clock in Haifa."""
    return datetime.fromisoformat(f"2026-11-22T{clock}+02:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("secrets", "said", "signed"),
    [
        (("test_secret_key",), b'{"foo": "bar"}', "B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g="),
        (("secret",), b"foo=anything", "yCGX/RrK4fcuNtr3ztk5tQGsOBjcAzHpGLdMUrbV8yI="),
        (("old_secret",), b"foo=anything", "XqRcjrSv57VACn6apEO9znyu/wkN1VC7QxdSPwK3Hzs="),
        (("secret", "old_secret"), b"foo=anything", "yCGX/RrK4fcuNtr3ztk5tQGsOBjcAzHpGLdMUrbV8yI="),
        (("secret", "old_secret"), b"foo=anything", "XqRcjrSv57VACn6apEO9znyu/wkN1VC7QxdSPwK3Hzs="),
        (("secret",), b"foo=anything", " yCGX/RrK4fcuNtr3ztk5tQGsOBjcAzHpGLdMUrbV8yI=\n"),
    ],
)
@pytest.mark.parametrize("header", ["x-shopify-hmac-sha256", "shopify-hmac-sha256"])
def test_what_shopify_has_signed_is_believed(
    secrets: tuple[str, ...], said: bytes, signed: str, header: str
) -> None:
    account = replace(ACCOUNT, secrets=secrets)
    shopify.verify(request(said, {header: signed}), account, NOW)

    with pytest.raises(BadSignature):
        shopify.verify(request(said + b" ", {header: signed}), account, NOW)
    with pytest.raises(BadSignature):
        shopify.verify(request(said, {header: signed}), ACCOUNT, NOW)


@pytest.mark.parametrize(
    "signed",
    [
        "",
        " ",
        "yCGX/RrK4fcuNtr3ztk5tQGsOBjcAzHpGLdMUrbV8yI",
        "c82197fd1aca",
        hmac.new(b"secret", b"foo=anything", hashlib.sha256).hexdigest(),
        base64.b64encode(hmac.new(b"secret", b"foo=anything", hashlib.sha1).digest()).decode(),
    ],
)
def test_any_other_signature_is_refused(signed: str) -> None:
    with pytest.raises(BadSignature):
        shopify.verify(
            request(b"foo=anything", {"x-shopify-hmac-sha256": signed}),
            replace(ACCOUNT, secrets=("secret",)),
            NOW,
        )


@given(any_request("x-shopify-hmac-sha256", "shopify-hmac-sha256", "x-shopify-topic"))
@settings(deadline=None, max_examples=200)
def test_whatever_is_wrong_with_a_request_is_a_bad_signature(stranger: Request) -> None:
    with pytest.raises(BadSignature):
        shopify.verify(stranger, ACCOUNT, NOW)


CREATED = OrderEvent(
    shop="keshet",
    platform="shopify",
    id=f"orders/create/{DELIVERY}",
    order=ORDER,
    at=at("10:58:07"),
    number="#1042",
    address=NOA,
    name="נועה",
    language="he-IL",
    total=Money(Decimal("249.90"), "ILS"),
    placed_at=at("10:58:04"),
    news=(News("confirmed", NOW),),
)


def test_a_new_order_is_confirmed_in_the_money_its_buyer_saw() -> None:
    assert parse("orders/create", "orders_create") == CREATED


def test_an_updated_order_is_facts_and_no_news() -> None:
    assert parse("orders/updated", "orders_updated") == replace(
        CREATED,
        id=f"orders/updated/{DELIVERY}",
        at=at("11:02:00"),
        shipments=(TRACKED,),
        news=(),
    )


def test_a_cancelled_order_is_news() -> None:
    assert parse("orders/cancelled", "orders_cancelled") == replace(
        CREATED,
        id=f"orders/cancelled/{DELIVERY}",
        at=at("11:05:00"),
        news=(News("cancelled", NOW),),
    )


def test_an_order_whose_buyer_we_may_not_know_is_kept_without_them() -> None:
    assert parse("orders/create", "orders_create_redacted") == replace(
        CREATED, address=None, name=None, language=None
    )


def test_a_new_parcel_is_shipped() -> None:
    assert parse("fulfillments/create", "fulfillments_create") == OrderEvent(
        shop="keshet",
        platform="shopify",
        id=f"fulfillments/create/{DELIVERY}",
        order=ORDER,
        at=at("10:59:31"),
        number="#1042",
        address=NOA,
        shipments=(TRACKED,),
        news=(News("shipped", NOW, "5512300917"),),
    )


def test_a_delivered_parcel_was_shipped_when_it_was_made() -> None:
    """Its update may come days later: shipping is old news by then, delivery is not."""
    assert parse("fulfillments/update", "fulfillments_update_delivered") == OrderEvent(
        shop="keshet",
        platform="shopify",
        id=f"fulfillments/update/{DELIVERY}",
        order=ORDER,
        at=at("10:59:50"),
        number="#1042",
        shipments=(Shipment("5512300917"),),
        news=(
            News("shipped", at("10:59:30"), "5512300917"),
            News("delivered", NOW, "5512300917"),
        ),
    )


@pytest.mark.parametrize("status", ["pending", "open", "cancelled", "error", "failure"])
def test_a_parcel_that_did_not_leave_is_no_news(status: str) -> None:
    assert parse("fulfillments/create", "fulfillments_create_pending", status=status).news == ()


@pytest.mark.parametrize(
    "status",
    [
        *("label_printed", "label_purchased", "attempted_delivery", "ready_for_pickup"),
        *("picked_up", "confirmed", "in_transit", "out_for_delivery", "failure", None, "beamed"),
    ],
)
def test_only_a_delivery_is_a_delivery(status: str | None) -> None:
    event = parse("fulfillments/update", "fulfillments_create", shipment_status=status)

    assert [news.kind for news in event.news] == ["shipped"]


def test_tracking_is_found_where_it_stands_alone_or_in_a_list() -> None:
    event = parse(
        "fulfillments/create",
        "fulfillments_create",
        tracking_number=None,
        tracking_url=None,
        tracking_urls=["javascript:alert(1)"],
    )

    assert (replace(TRACKED, url=None),) == event.shipments


def test_a_tracked_delivery_is_told() -> None:
    assert parse("fulfillment_events/create", "fulfillment_events_create_delivered") == OrderEvent(
        shop="keshet",
        platform="shopify",
        id=f"fulfillment_events/create/{DELIVERY}",
        order=ORDER,
        at=at("10:40:00"),
        news=(News("delivered", at("10:40:00"), "5512300917"),),
    )


EXPECTED = "fulfillment_events_create_expected"


def test_the_day_a_parcel_is_expected_is_a_fact_and_no_news() -> None:
    assert parse("fulfillment_events/create", EXPECTED) == OrderEvent(
        shop="keshet",
        platform="shopify",
        id=f"fulfillment_events/create/{DELIVERY}",
        order=ORDER,
        at=at("10:44:00"),
        shipments=(Shipment("5512300917", expected_on=date(2026, 11, 24)),),
    )


def test_the_day_is_that_of_the_stores_own_clock() -> None:
    late = parse(
        "fulfillment_events/create", EXPECTED, estimated_delivery_at="2026-11-24T00:30:00+02:00"
    )

    assert [each.expected_on for each in late.shipments] == [date(2026, 11, 24)]


def test_a_parcel_that_came_is_expected_no_more() -> None:
    event = parse("fulfillment_events/create", EXPECTED, status="delivered")

    assert (event.shipments, [news.kind for news in event.news]) == ((), ["delivered"])


@pytest.mark.parametrize("said", [None, "", "soon", 20261124, "2026-13-01T00:00:00+02:00", []])
def test_a_day_nobody_can_place_is_answered_and_dropped(said: object) -> None:
    late = body(EXPECTED, estimated_delivery_at=said)

    assert shopify.parse(hook("fulfillment_events/create", late), ACCOUNT, NOW) == ()


def test_a_refund_is_the_money_that_really_went_back() -> None:
    assert parse("refunds/create", "refunds_create") == OrderEvent(
        shop="keshet",
        platform="shopify",
        id=f"refunds/create/{DELIVERY}",
        order=ORDER,
        at=at("11:00:00"),
        news=(News("refunded", NOW, "880045", Money(Decimal("25.50"), "ILS")),),
    )


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("fulfillment_events/create", "fulfillment_events_create_in_transit"),
        ("refunds/create", "refunds_create_restock_only"),
        ("orders/paid", "orders_create"),
        ("products/update", "orders_create"),
        ("customers/redact", "orders_create"),
        ("app/uninstalled", "orders_create"),
        ("", "orders_create"),
    ],
)
def test_what_interests_nobody_is_answered_and_dropped(topic: str, name: str) -> None:
    assert shopify.parse(hook(topic, body(name)), ACCOUNT, NOW) == ()


@pytest.mark.parametrize(
    "headers",
    [
        {"x-shopify-topic": "Order"},
        {"shopify-topic": "Order", "shopify-action": "create"},
        {"shopify-topic": "Order", "x-shopify-topic": "orders/create"},
    ],
)
def test_an_event_of_the_newer_family_is_refused_with_a_way_out(headers: dict[str, str]) -> None:
    said = payload("shopify/order_event_of_newer_family.json")

    with pytest.raises(Unreadable, match="orders/create"):
        shopify.parse(request(said, headers), ACCOUNT, NOW)


@pytest.mark.parametrize("first", range(5))
def test_the_orders_own_number_comes_first_and_its_customers_address_last(first: int) -> None:
    numbers = [f"050-234-567{n}" if n >= first else None for n in range(5)]
    whole = body("orders_create", phone=numbers[0])
    whole["customer"]["phone"] = numbers[1]
    whole["shipping_address"]["phone"] = numbers[2]
    whole["billing_address"]["phone"] = numbers[3]
    whole["customer"]["default_address"]["phone"] = numbers[4]
    (event,) = shopify.parse(hook("orders/create", whole), ACCOUNT, NOW)

    assert event.address == f"+97250234567{first}"


@pytest.mark.parametrize(
    ("written", "country", "address"),
    [
        ("+1(502)-459-2181", "US", "+15024592181"),
        ("(502) 459-2181", "US", "+15024592181"),
        ("050-234-5678", "IL", NOA),
        ("00972502345678", "IL", NOA),
        ("۰۹۱۲۳۴۵۶۷۸۹", "IR", "+989123456789"),
        ("\u202a+972502345678\u202c", "US", NOA),
        ("050-234-5678", "", NOA),
        ("050-234-5678", None, NOA),
        ("call my mother", "IL", None),
        ("", "IL", None),
        (502345678, "IL", None),
    ],
)
def test_a_phone_is_read_as_one_of_its_country(
    written: object, country: str | None, address: str | None
) -> None:
    shipping = {"phone": written, "country_code": country}
    event = parse(
        "orders/create",
        "orders_create_redacted",
        shipping_address=shipping,
        billing_address=None,
    )

    assert address == event.address


def test_an_orders_own_phone_is_of_the_country_it_is_shipped_to() -> None:
    event = parse(
        "orders/create",
        "orders_create_redacted",
        phone="(502) 459-2181",
        shipping_address={"country_code": "US"},
    )

    assert event.address == "+15024592181"


def test_the_shops_own_money_stands_in_where_no_other_was_seen() -> None:
    event = parse("orders/create", "orders_create", total_price_set=None)

    assert Money(Decimal("67.54"), "USD") == event.total


@pytest.mark.parametrize("amount", ["", "NaN", "Infinity", None, "seventy", [], "9E999999"])
def test_an_amount_that_is_none_is_left_out(amount: object) -> None:
    event = parse("orders/create", "orders_create", total_price_set=None, total_price=amount)

    assert event.total is None


@pytest.mark.parametrize(
    "moment",
    [None, "", "yesterday", "2026-11-22", "2026-11-22T09:00:00", "0001-01-01T00:00:00+14:00"],
)
def test_a_moment_nobody_can_place_is_now(moment: str | None) -> None:
    event = parse("orders/create", "orders_create", created_at=moment, updated_at=moment)

    assert (event.at, event.placed_at) == (NOW, NOW)


@pytest.mark.parametrize(("topic", "name"), TOPICS.items())
@pytest.mark.parametrize("missing", [None, "", " ", "\x00", [], {}, 1.5])
def test_an_order_without_an_id_is_unreadable(topic: str, name: str, missing: object) -> None:
    key = "id" if topic.startswith("orders") else "order_id"

    with pytest.raises(Unreadable, match=key):
        shopify.parse(hook(topic, body(name, **{key: missing})), ACCOUNT, NOW)


@pytest.mark.parametrize("said", [b"", b"[]", b"null", b"foo=bar", b'{"id": NaN}', b"\xff\xfe"])
def test_what_is_no_json_object_is_unreadable(said: bytes) -> None:
    with pytest.raises(Unreadable):
        shopify.parse(hook("orders/create", said), ACCOUNT, NOW)


def test_a_retry_is_the_same_event() -> None:
    said = body("orders_create")
    by_delivery = shopify.parse(hook("orders/create", said), ACCOUNT, NOW)
    again = shopify.parse(hook("orders/create", said), ACCOUNT, NOW)
    nameless = request(json.dumps(said).encode(), {"x-shopify-topic": "orders/create"})
    by_body = shopify.parse(nameless, ACCOUNT, NOW)

    assert by_delivery == again
    assert by_body[0].id != by_delivery[0].id
    assert by_body == shopify.parse(nameless, ACCOUNT, NOW)


@given(
    st.sampled_from([*TOPICS]),
    st.sampled_from(BODIES).flatmap(lambda path: spoiled(json.loads(path.read_text()))),
)
@settings(deadline=None, max_examples=600)
def test_whatever_a_body_says_is_read_or_unreadable(topic: str, said: bytes) -> None:
    try:
        events = shopify.parse(hook(topic, said), ACCOUNT, NOW)
    except Unreadable:
        return
    assert all(goes_through_the_queue(each) for each in events)


@given(any_request("x-shopify-topic", "shopify-topic", "x-shopify-webhook-id"))
@settings(deadline=None, max_examples=200)
def test_whatever_a_request_is_it_is_read_or_unreadable(stranger: Request) -> None:
    try:
        events = shopify.parse(stranger, ACCOUNT, NOW)
    except Unreadable:
        return
    assert events == ()


def test_two_refunds_that_no_number_holds_are_left_out() -> None:
    huge = {"kind": "refund", "status": "success", "amount": "9E999999", "currency": "ILS"}

    assert (
        shopify.parse(
            hook("refunds/create", body("refunds_create", transactions=[huge, huge])), ACCOUNT, NOW
        )
        == ()
    )


def test_an_account_shows_no_secret() -> None:
    assert SECRET not in f"{ACCOUNT!r} {ACCOUNT}"


@pytest.mark.parametrize("kind", sorted(platforms.NAMES))
def test_every_platform_has_the_one_shape(kind: str) -> None:
    adapter = platforms.adapter(kind)

    assert callable(adapter.verify)
    assert callable(adapter.parse)


@pytest.mark.parametrize("kind", ["magneto", "base", "", ".."])
def test_a_platform_nobody_wrote_is_not_found(kind: str) -> None:
    with pytest.raises(NotFound):
        platforms.adapter(kind)


def test_both_secrets_of_a_rotation_are_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEW", "new-secret")
    monkeypatch.setenv("OLD", "old-secret")
    door = Door("keshet", "IL", [], [Platform("shopify", "env:NEW", "env:OLD")])

    assert platforms.account(door, "shopify").secrets == ("new-secret", "old-secret")
    with pytest.raises(NotFound):
        platforms.account(door, "generic")


def test_an_empty_secret_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEW", "")
    door = Door("keshet", "IL", [], [Platform("shopify", "env:NEW")])

    with pytest.raises(Misconfigured):
        platforms.account(door, "shopify")


def test_a_signature_that_was_folded_on_its_way_is_the_same() -> None:
    folded = {"x-shopify-hmac-sha256": "yCGX/RrK4fcuNtr3ztk5\r\n\ttQGsOBjcAzHpGLdMUrbV8yI="}
    shopify.verify(request(b"foo=anything", folded), replace(ACCOUNT, secrets=("secret",)), NOW)


def test_a_refusal_says_what_is_wrong() -> None:
    with pytest.raises(BadSignature) as refusal:
        shopify.verify(request(b"foo=anything"), ACCOUNT, NOW)
    assert str(refusal.value) == "the signature does not match"
