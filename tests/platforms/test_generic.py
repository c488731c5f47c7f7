import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesher import wire
from kesher.domain.order import Money, News, OrderEvent, Shipment
from kesher.errors import BadSignature, Unreadable
from kesher.platforms import generic
from kesher.platforms.base import Account
from kesher.wire import Request
from tests.builders import NOA, NOW, goes_through_the_queue, spoiled
from tests.channels.runner import any_request, payload, request

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + base64.b64encode(b"the secret before the one of now").decode()
ACCOUNT = Account("keshet", "IL", "generic", (SECRET,))
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
STAMP = "1614265330"
THEN = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
GOOD = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
BODIES = sorted(Path(__file__).parent.parent.glob("payloads/generic/*.json"))
KINDS = [path.stem for path in BODIES]


def signed(signature: str = GOOD, **headers: str) -> Request:
    named = {"webhook-id": ID, "webhook-timestamp": STAMP, "webhook-signature": signature}
    return request(BODY, named | {name.replace("_", "-"): each for name, each in headers.items()})


def signature(secret: bytes, stamp: str = STAMP, message: str = ID) -> str:
    content = f"{message}.{stamp}.".encode() + BODY
    return "v1," + base64.b64encode(hmac.new(secret, content, hashlib.sha256).digest()).decode()


def body(name: str) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(payload(f"generic/{name}.json"))
    return whole


def parse(said: dict[str, Any]) -> OrderEvent:
    (event,) = generic.parse(request(json.dumps(said).encode()), ACCOUNT, NOW)
    return event


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-22T{clock}+02:00").astimezone(UTC)


@pytest.mark.parametrize(
    "given_signature",
    [
        GOOD,
        f"v1,AAAA {GOOD}",
        f"{GOOD} v1,AAAA",
        f"v1a,c2lnbmF0dXJl {GOOD} v2,xyz",
        f"v1 nonsense , {GOOD}",
        f"  {GOOD}  ",
    ],
)
def test_what_the_shop_has_signed_is_believed(given_signature: str) -> None:
    generic.verify(signed(given_signature), ACCOUNT, THEN)


@pytest.mark.parametrize(
    "given_signature",
    [
        "",
        " ",
        "v1,",
        "v1",
        ",",
        GOOD.removeprefix("v1,"),
        GOOD.replace("v1,", "v1a,"),
        GOOD.replace("v1,", "v2,"),
        GOOD.rstrip("="),
        GOOD.swapcase(),
        GOOD.replace(",", "，"),
    ],
)
def test_any_other_signature_is_refused(given_signature: str) -> None:
    with pytest.raises(BadSignature):
        generic.verify(signed(given_signature), ACCOUNT, THEN)


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_every_header_is_needed_and_signed(header: str) -> None:
    headers = {
        "webhook-id": ID,
        "webhook-timestamp": STAMP,
        "webhook-signature": GOOD,
    }
    missing = {name: each for name, each in headers.items() if name != header}

    for wrong in (missing, headers | {header: ""}, headers | {header: headers[header] + "1"}):
        with pytest.raises(BadSignature):
            generic.verify(request(BODY, wrong), ACCOUNT, THEN)


def test_a_changed_body_is_refused() -> None:
    for changed in (BODY + b" ", b"", BODY.replace(b"4", b"5"), b"\xff" + BODY):
        with pytest.raises(BadSignature):
            generic.verify(request(changed, signed().headers), ACCOUNT, THEN)


@pytest.mark.parametrize(
    ("off", "believed"),
    [(0, True), (300, True), (-300, True), (301, False), (-301, False), (86_400, False)],
)
def test_a_stamp_may_be_five_minutes_off_either_way(off: int, believed: bool) -> None:
    now = THEN + timedelta(seconds=off)
    if believed:
        generic.verify(signed(), ACCOUNT, now)
        return
    with pytest.raises(BadSignature):
        generic.verify(signed(), ACCOUNT, now)


@pytest.mark.parametrize(
    "stamp",
    [
        *("1614265330.9", "1614265330.0", " 1614265330", "1614265330 ", "+1614265330", "-1"),
        *("01614265330", "1614265330\n", "١٦١٤٢٦٥٣٣٠", "1_614_265_330", "1e9", "0x6037b772"),
        *("9" * 12, "9" * 400, "inf", "nan", ""),
    ],
)
def test_a_stamp_is_whole_seconds_in_digits(stamp: str) -> None:
    """The reference library rounds the first of these down and believes it."""
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    for given_signature in (GOOD, signature(key, stamp)):
        with pytest.raises(BadSignature):
            generic.verify(signed(given_signature, webhook_timestamp=stamp), ACCOUNT, THEN)


def test_both_secrets_of_a_rotation_are_believed() -> None:
    old = signature(b"the secret before the one of now")
    rotating = replace(ACCOUNT, secrets=(SECRET, OTHER))

    generic.verify(signed(GOOD), rotating, THEN)
    generic.verify(signed(old), rotating, THEN)
    with pytest.raises(BadSignature):
        generic.verify(signed(old), ACCOUNT, THEN)


@pytest.mark.parametrize("key", [b"k" * 24, b"k" * 25, b"k" * 26, b"k" * 64])
def test_a_secret_may_come_without_its_padding(key: bytes) -> None:
    secret = "whsec_" + base64.b64encode(key).decode().rstrip("=")

    generic.verify(signed(signature(key)), replace(ACCOUNT, secrets=(secret,)), THEN)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_x", "whsec_תשבץ", "whsec_="])
def test_a_secret_that_is_none_opens_nothing(secret: str) -> None:
    for given_signature in (GOOD, signature(b"")):
        with pytest.raises(BadSignature):
            generic.verify(signed(given_signature), replace(ACCOUNT, secrets=(secret,)), THEN)


@given(any_request("webhook-id", "webhook-timestamp", "webhook-signature"))
@settings(deadline=None, max_examples=300)
def test_whatever_is_wrong_with_a_request_is_a_bad_signature(stranger: Request) -> None:
    with pytest.raises(BadSignature):
        generic.verify(stranger, ACCOUNT, THEN)


KNOWN = OrderEvent(
    shop="keshet",
    platform="generic",
    id="https://keshet.example/shop/evt-0005",
    order="2026/11/77",
    at=at("10:55:00"),
    number="77",
    address=NOA,
    name="נועה פרץ",
    language="he",
    total=Money(Decimal("249.90"), "ILS"),
    placed_at=at("10:55:00"),
    expected_on=date(2026, 11, 26),
    news=(News("confirmed", at("10:55:00")),),
)
SILENT = replace(KNOWN, number=None, address=None, name=None, expected_on=None)
BARE = replace(SILENT, language=None, total=None)
PARCEL = Shipment(
    "parcel-1",
    "Cheetah",
    "CH-77-0012",
    "https://cheetah.example/t/CH-77-0012",
    date(2026, 11, 24),
)
TOLD = {
    "confirmed": KNOWN,
    "updated": replace(
        SILENT, id="https://keshet.example/shop/evt-0006", at=at("10:56:00"), news=()
    ),
    "shipped": replace(
        BARE,
        id="https://keshet.example/shop/evt-0007",
        at=at("10:57:00"),
        placed_at=at("10:57:00"),
        shipments=(PARCEL,),
        news=(News("shipped", at("10:57:00"), "parcel-1"),),
    ),
    "delivered": replace(
        BARE,
        id="https://keshet.example/shop/evt-0008",
        at=at("10:58:00"),
        placed_at=at("10:58:00"),
        shipments=(Shipment("parcel-1"),),
        news=(News("delivered", at("10:58:00"), "parcel-1"),),
    ),
    "cancelled": replace(
        BARE,
        id="https://keshet.example/shop/evt-0009",
        at=at("10:59:00"),
        placed_at=at("10:59:00"),
        news=(News("cancelled", at("10:59:00")),),
    ),
    "refunded": replace(
        BARE,
        id="https://keshet.example/shop/evt-0009",
        at=at("10:59:00"),
        placed_at=at("10:59:00"),
        news=(News("refunded", at("10:59:00"), "r-1", Money(Decimal("25"), "ILS")),),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_event_is_read(kind: str) -> None:
    event = parse(body(kind))

    # An event that says nothing of when the order was placed may leave that open.
    assert TOLD[kind] == replace(event, placed_at=event.placed_at or TOLD[kind].placed_at)


def test_every_kind_of_event_has_its_payload() -> None:
    assert sorted(TOLD) == KINDS


def test_an_event_about_a_parcel_does_not_say_when_the_order_was_placed() -> None:
    """Facts of a newer event win, so a moment made up here would push out the true one."""
    assert parse(body("shipped")).placed_at is None


@pytest.mark.parametrize(
    ("amount", "read"),
    [("249.90", "249.90"), (249.9, "249.9"), (249, "249"), ("0", "0"), ("-5", "-5")],
)
def test_an_amount_may_be_a_number_or_a_text(amount: object, read: str) -> None:
    said = body("confirmed")
    said["data"]["order"]["total"] = {"amount": amount, "currency": "ILS"}

    assert Money(Decimal(read), "ILS") == parse(said).total


def test_without_a_time_it_happened_now() -> None:
    said = body("cancelled")
    del said["time"]

    assert (parse(said).at, parse(said).news) == (NOW, (News("cancelled", NOW),))


def test_a_phone_is_read_as_one_of_its_country() -> None:
    said = body("confirmed")
    said["data"]["order"] |= {"phone": "(502) 459-2181", "country": "US"}

    assert parse(said).address == "+15024592181"


def test_extensions_of_the_envelope_disturb_nobody() -> None:
    said = body("shipped") | {"traceparent": "00-0af7-b7ad-01", "keshetregion": "haifa"}
    said["data"]["order"]["gift"] = True

    assert parse(said) == parse(body("shipped"))


def without(name: str, *path: str) -> dict[str, Any]:
    said = body(name)
    place = said
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return said


def with_(name: str, value: object, *path: str) -> dict[str, Any]:
    said = body(name)
    place = said
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return said


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (without("confirmed", "specversion"), "specversion"),
        (without("confirmed", "id"), "id"),
        (without("confirmed", "source"), "source"),
        (without("confirmed", "type"), "type"),
        (without("confirmed", "data"), "data"),
        (without("confirmed", "data", "order"), "order"),
        (without("confirmed", "data", "order", "id"), "id"),
        (without("shipped", "data", "shipment"), "shipment"),
        (without("shipped", "data", "shipment", "id"), "id"),
        (without("delivered", "data", "shipment"), "shipment"),
        (without("refunded", "data", "refund"), "refund"),
        (without("refunded", "data", "refund", "id"), "id"),
        (with_("confirmed", "", "id"), "id"),
        (with_("confirmed", " ", "source"), "source"),
        (with_("confirmed", "", "data", "order", "id"), "order.id"),
        (with_("shipped", "\x00", "data", "shipment", "id"), "shipment.id"),
        (with_("refunded", "", "data", "refund", "id"), "refund.id"),
        (with_("confirmed", "0.3", "specversion"), "specversion"),
        (with_("confirmed", "order.teleported", "type"), "type"),
        (with_("confirmed", "call my mother", "data", "order", "phone"), "phone"),
        (with_("confirmed", "*6050", "data", "order", "phone"), "phone"),
        (with_("confirmed", 7, "data", "order", "id"), "id"),
        (with_("confirmed", "2026-11-22T09:00:00", "time"), "time"),
        (with_("confirmed", "yesterday", "time"), "time"),
        (with_("confirmed", 1795420800, "time"), "time"),
        (with_("confirmed", "1795420800", "time"), "time"),
        (with_("confirmed", "null", "time"), "time"),
        (with_("confirmed", "0001-01-01T00:00:00+14:00", "time"), "time"),
        (with_("confirmed", "next week", "data", "order", "expected_on"), "expected_on"),
        (with_("confirmed", "26.11.2026", "data", "order", "expected_on"), "expected_on"),
        (with_("confirmed", 20261126, "data", "order", "expected_on"), "expected_on"),
        (
            with_("shipped", "2026-11-24T18:00:00Z", "data", "shipment", "expected_on"),
            "shipment.expected_on",
        ),
        (with_("confirmed", "shekel", "data", "order", "total", "currency"), "currency"),
        (with_("confirmed", "ils", "data", "order", "total", "currency"), "currency"),
        (with_("confirmed", "NaN", "data", "order", "total", "amount"), "amount"),
        (with_("confirmed", "Infinity", "data", "order", "total", "amount"), "amount"),
        (with_("confirmed", "9E999999", "data", "order", "total", "amount"), "amount"),
        (with_("confirmed", "much", "data", "order", "total", "amount"), "amount"),
    ],
)
def test_a_refusal_names_the_field(said: dict[str, Any], field: str) -> None:
    """Whoever gets it is a stranger with a log file."""
    with pytest.raises(Unreadable, match=rf"(?i)\b{field}\b"):
        parse(said)


@pytest.mark.parametrize(
    "said", [b"", b"[]", b"null", b"a=b", b'{"id": NaN}', b"\xff", b"[" * 50_000]
)
def test_what_is_no_json_object_is_unreadable(said: bytes) -> None:
    with pytest.raises(Unreadable):
        generic.parse(request(said), ACCOUNT, NOW)


@given(st.sampled_from(BODIES).flatmap(lambda path: spoiled(json.loads(path.read_text()))))
@settings(deadline=None, max_examples=600)
def test_whatever_a_body_says_is_read_or_unreadable(said: bytes) -> None:
    try:
        events = generic.parse(request(said), ACCOUNT, NOW)
    except Unreadable:
        return
    assert all(goes_through_the_queue(each) for each in events)


@given(st.binary())
@settings(deadline=None, max_examples=100)
def test_any_bytes_are_unreadable(said: bytes) -> None:
    with pytest.raises(Unreadable):
        generic.parse(request(said), ACCOUNT, NOW)


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_outlives_the_deploy_it_waits_through(kind: str) -> None:
    """One that was queued before it had days, and one that has what is not known yet."""
    event = parse(body(kind))
    queued = json.loads(wire.write(event))
    newer = json.dumps(queued | {"gift": True})
    del queued["expected_on"]
    for each in queued["shipments"]:
        del each["expected_on"]
    dayless = tuple(replace(each, expected_on=None) for each in event.shipments)

    assert wire.read(newer, OrderEvent) == event
    assert wire.read(json.dumps(queued), OrderEvent) == replace(
        event, expected_on=None, shipments=dayless
    )


def test_the_same_id_from_two_sources_is_two_events() -> None:
    here, there = body("cancelled"), body("cancelled") | {"source": "https://keshet.example/pos"}

    assert parse(here).id != parse(there).id
    assert parse(here).id == parse(here).id


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "", "cheetah.example/t", "ftp://x.example/"]
)
def test_only_the_address_of_a_page_is_a_link(url: str) -> None:
    (parcel,) = parse(with_("shipped", url, "data", "shipment", "tracking_url")).shipments

    assert parcel == replace(PARCEL, url=None)


NO_NAME = "webhook-id or webhook-timestamp is missing or malformed"
NO_TEXT = "the body is not UTF-8, or the shop's secret no whsec_ secret"


@pytest.mark.parametrize(
    ("stranger", "why"),
    [
        (request(BODY, {"webhook-timestamp": STAMP, "webhook-signature": GOOD}), NO_NAME),
        (request(BODY, {"webhook-id": ID, "webhook-signature": GOOD}), NO_NAME),
        (signed(webhook_timestamp="soon"), NO_NAME),
        (signed(webhook_timestamp="1"), "webhook-timestamp is more than five minutes off"),
        (replace(signed(), body=b"\xff"), NO_TEXT),
        (signed("v1,AAAA"), "the signature does not match"),
        (
            request(BODY, {"webhook-id": ID, "webhook-timestamp": STAMP}),
            "the signature does not match",
        ),
    ],
)
def test_a_refusal_says_what_is_wrong(stranger: Request, why: str) -> None:
    with pytest.raises(BadSignature) as refusal:
        generic.verify(stranger, ACCOUNT, THEN)
    assert why == str(refusal.value)
