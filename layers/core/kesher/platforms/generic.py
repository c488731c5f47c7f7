"""Any shop: a CloudEvents 1.0 body under a Standard Webhooks signature.

`docs/generic-platform.md` is written for those who send it, with the JSON Schema beside it.
https://github.com/cloudevents/spec (1.0.2), https://github.com/standard-webhooks/standard-webhooks;
last read 2026-11-22.

- Every reason for a 400 names the field: whoever gets it is a stranger with a log file.
- The reference library checks the time of its own clock and lets "1614265330.9" through; so it only
  signs here, and the comparison is ours.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Literal

import msgspec
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from kesher.domain import text
from kesher.domain.order import Money, News, NoticeKind, OrderEvent, Shipment
from kesher.errors import BadSignature, Unreadable
from kesher.phone import e164
from kesher.platforms.base import LONGEST_ID, Account
from kesher.wire import Request, read_json, same

TOLERANCE = timedelta(minutes=5)

EventType = Literal[
    "order.confirmed",
    "order.updated",
    "order.shipped",
    "order.delivered",
    "order.cancelled",
    "order.refunded",
]


@dataclass(frozen=True)
class MoneySaid:
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class OrderSaid:
    id: str
    number: str | None = None
    phone: str | None = None
    country: str | None = None
    name: str | None = None
    language: str | None = None
    total: MoneySaid | None = None
    placed_at: datetime | None = None
    expected_on: date | None = None


@dataclass(frozen=True)
class ShipmentSaid:
    id: str
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None
    expected_on: date | None = None


@dataclass(frozen=True)
class RefundSaid:
    id: str
    amount: MoneySaid | None = None


@dataclass(frozen=True)
class Data:
    order: OrderSaid
    shipment: ShipmentSaid | None = None
    refund: RefundSaid | None = None


@dataclass(frozen=True)
class CloudEvent:
    specversion: Literal["1.0"]
    id: str
    source: str
    type: EventType
    data: Data
    time: datetime | None = None


def verify(request: Request, account: Account, now: datetime) -> None:
    message = request.headers.get("webhook-id", "")
    stamp = request.headers.get("webhook-timestamp", "")
    given = request.headers.get("webhook-signature", "").split()
    if not message or not re.fullmatch(r"[1-9][0-9]{0,10}", stamp):
        raise BadSignature("webhook-id or webhook-timestamp is missing or malformed")
    signed_at = datetime.fromtimestamp(int(stamp), UTC)
    if abs(now - signed_at) > TOLERANCE:
        raise BadSignature("webhook-timestamp is more than five minutes off")
    try:
        body = request.body.decode()
        good = [Webhook(each).sign(message, signed_at, body) for each in account.secrets]
    except (ValueError, EmptyWebhookSecretError):
        raise BadSignature("the body is not UTF-8, or the shop's secret no whsec_ secret") from None
    if not any(same(one, each.encode()) for one in given for each in good):
        raise BadSignature("the signature does not match")


def parse(request: Request, account: Account, now: datetime) -> tuple[OrderEvent, ...]:
    try:
        event = msgspec.convert(read_json(request.body), CloudEvent)
    except msgspec.ValidationError as error:
        raise Unreadable(str(error)) from error
    except UnicodeEncodeError as error:
        raise Unreadable("half a character: a lone surrogate is no text") from error
    order, shipment = event.data.order, event.data.shipment
    at = _instant(event.time) or now
    return (
        OrderEvent(
            shop=account.shop,
            platform=account.kind,
            id=f"{_id(event.source, '$.source')}/{_id(event.id, '$.id')}",
            order=_id(order.id, "$.data.order.id"),
            at=at,
            number=text.line(order.number or "") or None,
            address=_phone(order, account),
            name=text.name(order.name or "") or None,
            language=text.line(order.language or "") or None,
            total=_money(order.total),
            placed_at=_instant(order.placed_at)
            or (at if event.type == "order.confirmed" else None),
            expected_on=order.expected_on,
            shipments=(_shipment(shipment),) if shipment else (),
            news=_news(event, at),
        ),
    )


def _news(event: CloudEvent, at: datetime) -> tuple[News, ...]:
    kind = event.type.removeprefix("order.")
    if kind == "updated":
        return ()
    subject, amount = "", None
    if kind in {"shipped", "delivered"}:
        if event.data.shipment is None:
            raise Unreadable(
                f"Object missing required field `shipment` - at `$.data` of {event.type}"
            )
        subject = _id(event.data.shipment.id, "$.data.shipment.id")
    if kind == "refunded":
        if event.data.refund is None:
            raise Unreadable(
                "Object missing required field `refund` - at `$.data` of order.refunded"
            )
        subject = _id(event.data.refund.id, "$.data.refund.id")
        amount = _money(event.data.refund.amount)
    kinds: dict[str, NoticeKind] = {
        "confirmed": "confirmed",
        "shipped": "shipped",
        "delivered": "delivered",
        "cancelled": "cancelled",
        "refunded": "refunded",
    }
    return (News(kinds[kind], at, subject, amount),)


def _id(said: str, where: str) -> str:
    """One without a name would be one with every other that has none."""
    if not (known := text.clean(said).strip()):
        raise Unreadable(f"Empty - at `{where}`")
    if len(known) > LONGEST_ID:
        raise Unreadable(f"Longer than {LONGEST_ID} characters - at `{where}`")
    return known


def _phone(order: OrderSaid, account: Account) -> str | None:
    if not order.phone:
        return None
    number = e164(order.phone, order.country or account.country)
    if number is None:
        raise Unreadable("Not a possible phone number - at `$.data.order.phone`")
    return number


def _shipment(said: ShipmentSaid) -> Shipment:
    return Shipment(
        id=_id(said.id, "$.data.shipment.id"),
        carrier=text.line(said.carrier or "") or None,
        tracking=text.line(said.tracking_number or "") or None,
        url=text.link(said.tracking_url),
        expected_on=said.expected_on,
    )


def _money(said: MoneySaid | None) -> Money | None:
    if said is None:
        return None
    writable = said.amount.is_finite() and abs(said.amount.adjusted()) < 16
    if not writable or not re.fullmatch("[A-Z]{3}", said.currency):
        raise Unreadable(
            "An amount needs a number of fewer than 17 digits and an ISO 4217 currency"
        )
    return Money(said.amount, said.currency)


def _instant(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    if at.tzinfo is None:
        raise Unreadable("A time needs its offset, such as 2026-11-22T09:00:00Z")
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise Unreadable("A time needs a year that UTC has as well") from error
