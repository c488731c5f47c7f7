"""The other side of the `shopify` platform."""

import base64
import hashlib
import hmac

from local.outside.contract import Contract
from local.outside.shop_events import Body, Order, Platform

_TOPICS = {
    "confirmed": "orders/create",
    "shipped": "fulfillments/create",
    "delivered": "fulfillment_events/create",
    "cancelled": "orders/cancelled",
    "refunded": "refunds/create",
}
CONTRACT = Contract(
    what="Shopify's webhooks, classic topics; other topics are taken with thanks and ignored",
    signature="X-Shopify-Hmac-Sha256",
    signed="base64 of HMAC-SHA256 over the body",
    content={
        "application/json": {
            "type": "object",
            "description": "the resource the topic is about: an order, a fulfillment, a refund",
        }
    },
    headers={
        "X-Shopify-Topic": "such as orders/create",
        "X-Shopify-Webhook-Id": "the event's id; a repeated delivery has it again",
    },
)


def headers(kind: str, order: Order, delivery: str) -> dict[str, str]:  # noqa: ARG001
    return {
        "Content-Type": "application/json",
        "X-Shopify-Topic": _TOPICS[kind],
        "X-Shopify-Shop-Domain": "demo.myshopify.com",
        "X-Shopify-Webhook-Id": delivery,
    }


def body(kind: str, order: Order, delivery: str) -> Body:  # noqa: ARG001
    bodies = {
        "confirmed": _order,
        "shipped": _fulfillment,
        "delivered": _fulfillment_event,
        "cancelled": _cancelled,
        "refunded": _refund,
    }
    return bodies[kind](order)


def sign(headers: dict[str, str], raw: bytes, secret: str) -> dict[str, str]:
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
    return headers | {"X-Shopify-Hmac-Sha256": base64.b64encode(digest).decode()}


def _id(order: Order, kind: int) -> int:
    digits = "".join(char for char in order.number if char.isdecimal()) or "0"
    return kind * 10**11 + int(digits)


def _order(order: Order) -> Body:
    return {
        "id": _id(order, 55),
        "name": f"#{order.number}",
        "created_at": order.at.isoformat(),
        "updated_at": order.at.isoformat(),
        "email": "noa@example.com",
        "phone": None,
        "customer_locale": order.language,
        "currency": "ILS",
        "total_price": "249.90",
        "financial_status": "paid",
        "fulfillment_status": None,
        "customer": {"first_name": "Noa", "last_name": "Levi", "phone": None},
        "shipping_address": {"first_name": "Noa", "phone": order.phone, "country_code": "IL"},
        "line_items": [{"title": "Olive oil, 750 ml", "quantity": 2, "price": "124.95"}],
        "fulfillments": [],
        "refunds": [],
    }


def _fulfillment(order: Order) -> Body:
    return {
        "id": _id(order, 45),
        "order_id": _id(order, 55),
        "name": f"#{order.number}.1",
        "status": "success",
        "shipment_status": None,
        "created_at": order.at.isoformat(),
        "updated_at": order.at.isoformat(),
        "tracking_company": "Israel Post",
        "tracking_number": "RR123456785IL",
        "tracking_url": "https://mypost.israelpost.co.il/itemtrace?itemcode=RR123456785IL",
        "destination": {"phone": order.phone, "country_code": "IL"},
    }


def _fulfillment_event(order: Order) -> Body:
    return {
        "id": _id(order, 35),
        "fulfillment_id": _id(order, 45),
        "order_id": _id(order, 55),
        "status": "delivered",
        "happened_at": order.at.isoformat(),
        "estimated_delivery_at": None,
    }


def _cancelled(order: Order) -> Body:
    return _order(order) | {"cancelled_at": order.at.isoformat(), "cancel_reason": "customer"}


def _refund(order: Order) -> Body:
    return {
        "id": _id(order, 25),
        "order_id": _id(order, 55),
        "created_at": order.at.isoformat(),
        "transactions": [
            {"kind": "refund", "status": "success", "amount": "249.90", "currency": "ILS"}
        ],
    }


PLATFORM = Platform(headers, body, sign)
