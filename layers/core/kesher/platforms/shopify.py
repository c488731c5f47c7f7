"""Shopify's webhooks.

https://shopify.dev/docs/api/webhooks and /docs/api/admin-rest (order, fulfillment, fulfillment
event, refund); last read 2026-11-22.

- The body is the bare resource. Every header comes with `X-` or, since 2026, without it; where the
  topic is a plain word (`Order`) it is an event of the newer family, whose body each shop designs.
- `orders/updated` comes with everything else and unordered: facts, never news.
- A fulfillment names no customer, sometimes a phone; a fulfillment event not even that. Only the
  latter says when a parcel is expected (`estimated_delivery_at`), and only of some carriers.
- Phones are free text in five places; without protected customer data access all are null.
- Deliveries are retried for four hours only, so the time of receipt will do for "is it late".
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from kesher.domain import text
from kesher.domain.order import Money, News, OrderEvent, Shipment
from kesher.errors import BadSignature, Unreadable
from kesher.phone import e164
from kesher.platforms.base import LONGEST_ID, Account
from kesher.wire import Request, read_json, same

Body = dict[str, Any]

OLD_PARCEL = timedelta(days=30)
"""A parcel older than that was delivered long ago, whatever it is updated for today."""


def verify(request: Request, account: Account, now: datetime) -> None:  # noqa: ARG001
    given = "".join(_header(request, "hmac-sha256").split())
    good = [
        base64.b64encode(hmac.new(each.encode(), request.body, hashlib.sha256).digest())
        for each in account.secrets
    ]
    if not any(same(given, each) for each in good):
        raise BadSignature("the signature does not match")


def parse(request: Request, account: Account, now: datetime) -> tuple[OrderEvent, ...]:
    topic = _header(request, "topic").strip()
    body = read_json(request.body)
    if topic and "/" not in topic:
        raise Unreadable(
            f"this is a {topic!r} event of Shopify's newer family; subscribe to orders/create,"
            " orders/cancelled, fulfillments/create and the other classic topics instead"
        )
    if topic not in _TOPICS:
        return ()
    delivery = text.clean(_header(request, "webhook-id") or _header(request, "event-id"))
    event_id = f"{topic}/{delivery or hashlib.sha256(request.body).hexdigest()}"
    return _TOPICS[topic](body, account, now, event_id)


def _created(body: Body, account: Account, now: datetime, event_id: str) -> tuple[OrderEvent, ...]:
    return (_order(body, account, now, event_id, News("confirmed", now)),)


def _updated(body: Body, account: Account, now: datetime, event_id: str) -> tuple[OrderEvent, ...]:
    return (_order(body, account, now, event_id),)


def _cancelled(
    body: Body, account: Account, now: datetime, event_id: str
) -> tuple[OrderEvent, ...]:
    return (_order(body, account, now, event_id, News("cancelled", now)),)


def _order(body: Body, account: Account, now: datetime, event_id: str, *news: News) -> OrderEvent:
    customer, shipping = _part(body, "customer"), _part(body, "shipping_address")
    return OrderEvent(
        shop=account.shop,
        platform=account.kind,
        id=event_id,
        order=_id(body, "id"),
        at=_instant(body.get("updated_at")) or now,
        number=_string(body.get("name")),
        address=_phone(body, account.country),
        name=text.name(str(customer.get("first_name") or shipping.get("first_name") or "")) or None,
        language=_string(body.get("customer_locale")),
        total=_total(body),
        placed_at=_instant(body.get("created_at")) or now,
        shipments=tuple(_shipment(each) for each in _parts(body, "fulfillments")),
        news=news,
    )


def _fulfilled(
    body: Body, account: Account, now: datetime, event_id: str
) -> tuple[OrderEvent, ...]:
    """Created, shipped, delivered: one resource tells all of it, so its news is read off its state.
    On an update to an old parcel, its shipping is as old as the parcel."""
    subject = _id(body, "id")
    shipped_at = now if event_id.startswith("fulfillments/create") else None
    shipped_at = shipped_at or _instant(body.get("created_at")) or now
    news: list[News] = []
    if (body.get("status") or "success") == "success":
        news.append(News("shipped", shipped_at, subject))
    if body.get("shipment_status") == "delivered" and now - shipped_at < OLD_PARCEL:
        news.append(News("delivered", now, subject))
    destination = _part(body, "destination")
    country = _string(destination.get("country_code")) or account.country
    return (
        OrderEvent(
            shop=account.shop,
            platform=account.kind,
            id=event_id,
            order=_id(body, "order_id"),
            at=_instant(body.get("updated_at")) or now,
            number=(_string(body.get("name")) or "").rpartition(".")[0] or None,
            address=e164(_string(destination.get("phone")), country),
            shipments=(_shipment(body),),
            news=tuple(news),
        ),
    )


def _tracked(body: Body, account: Account, now: datetime, event_id: str) -> tuple[OrderEvent, ...]:
    """A parcel's delivery is news, the day it is expected a fact. The rest of its way is neither."""
    delivered = body.get("status") == "delivered"
    expected_on = None if delivered else _day(body.get("estimated_delivery_at"))
    if not delivered and not expected_on:
        return ()
    at = _instant(body.get("happened_at")) or now
    subject = _id(body, "fulfillment_id")
    return (
        OrderEvent(
            shop=account.shop,
            platform=account.kind,
            id=event_id,
            order=_id(body, "order_id"),
            at=at,
            shipments=(Shipment(subject, expected_on=expected_on),) if expected_on else (),
            news=(News("delivered", at, subject),) if delivered else (),
        ),
    )


def _refunded(body: Body, account: Account, now: datetime, event_id: str) -> tuple[OrderEvent, ...]:
    """Money that really went back; a refund that only restocks is nothing to its buyer."""
    paid = [
        amount
        for each in _parts(body, "transactions")
        if each.get("kind") == "refund" and each.get("status") == "success"
        if (amount := _money(each.get("amount"), each.get("currency")))
    ]
    if not paid:
        return ()
    total = Money(sum((each.amount for each in paid), Decimal(0)), paid[0].currency)
    return (
        OrderEvent(
            shop=account.shop,
            platform=account.kind,
            id=event_id,
            order=_id(body, "order_id"),
            at=_instant(body.get("created_at")) or now,
            news=(News("refunded", now, _id(body, "id"), total),),
        ),
    )


_TOPICS: dict[str, Callable[[Body, Account, datetime, str], tuple[OrderEvent, ...]]] = {
    "orders/create": _created,
    "orders/updated": _updated,
    "orders/cancelled": _cancelled,
    "fulfillments/create": _fulfilled,
    "fulfillments/update": _fulfilled,
    "fulfillment_events/create": _tracked,
    "refunds/create": _refunded,
}


def _header(request: Request, name: str) -> str:
    return request.headers.get(f"shopify-{name}") or request.headers.get(f"x-shopify-{name}") or ""


def _phone(body: Body, country: str) -> str | None:
    """The order's own number first, then its customer's, then those of its addresses."""
    customer = _part(body, "customer")
    places = (
        body,
        customer,
        _part(body, "shipping_address"),
        _part(body, "billing_address"),
        _part(customer, "default_address"),
    )
    regions = (_string(place.get("country_code")) for place in (*places[2:], *places[:2]))
    home = next((region for region in regions if region), country)
    numbers = (
        e164(_string(place.get("phone")), _string(place.get("country_code")) or home)
        for place in places
    )
    return next((number for number in numbers if number), None)


def _shipment(body: Body) -> Shipment:
    return Shipment(
        id=_id(body, "id"),
        carrier=_string(body.get("tracking_company")),
        tracking=_string(body.get("tracking_number"))
        or _string(_first(body.get("tracking_numbers"))),
        url=_link(body.get("tracking_url")) or _link(_first(body.get("tracking_urls"))),
    )


def _total(body: Body) -> Money | None:
    """What the buyer saw: presentment money, where the shop sells in several currencies."""
    shown = _part(_part(body, "total_price_set"), "presentment_money")
    return _money(shown.get("amount"), shown.get("currency_code")) or _money(
        body.get("total_price"), body.get("currency")
    )


def _money(amount: object, currency: object) -> Money | None:
    try:
        value = Decimal(str(amount))
    except InvalidOperation:
        return None
    writable = value.is_finite() and abs(value.adjusted()) < 16
    known = isinstance(currency, str) and re.fullmatch("[A-Z]{3}", currency)
    return Money(value, str(currency)) if writable and known else None


def _id(body: Body, key: str) -> str:
    value = body.get(key)
    known = text.clean(str(value)).strip() if isinstance(value, int | str) else ""
    if not known or len(known) > LONGEST_ID:
        raise Unreadable(f"{key} is {'too long' if known else 'missing'}")
    return known


def _part(body: Body, key: str) -> Body:
    value = body.get(key)
    return value if isinstance(value, dict) else {}


def _parts(body: Body, key: str) -> list[Body]:
    value = body.get(key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _string(value: object) -> str | None:
    return text.line(value) or None if isinstance(value, str) else None


def _link(value: object) -> str | None:
    return text.link(value) if isinstance(value, str) else None


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else None


def _day(value: object) -> date | None:
    """By the clock of the store, in whose offset it is written."""
    try:
        return datetime.fromisoformat(value).date() if isinstance(value, str) else None
    except ValueError:
        return None


def _instant(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value))
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None
