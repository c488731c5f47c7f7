"""The other side of the `generic` platform: any shop that signs CloudEvents as Standard Webhooks."""

from datetime import UTC, datetime, timedelta

from standardwebhooks import Webhook

from local.outside.contract import Contract
from local.outside.shop_events import Body, Order, Platform

CONTRACT = Contract(
    what="Any shop: a CloudEvents 1.0 body under a Standard Webhooks signature",
    signature="webhook-signature",
    signed="`v1,` and base64 of HMAC-SHA256 over webhook-id, webhook-timestamp and the body",
    content={"application/cloudevents+json": {"$ref": "#/components/schemas/CloudEvent"}},
    headers={
        "webhook-id": "any text without a full stop",
        "webhook-timestamp": "seconds since 1970, not more than five minutes off",
    },
    required=frozenset({"webhook-id", "webhook-timestamp"}),
)


def headers(kind: str, order: Order, delivery: str) -> dict[str, str]:  # noqa: ARG001
    return {
        "Content-Type": "application/cloudevents+json",
        "webhook-id": delivery,
        "webhook-timestamp": str(int(order.at.timestamp())),
    }


def body(kind: str, order: Order, delivery: str) -> Body:
    data: Body = {
        "order": {
            "id": order.number,
            "number": f"#{order.number}",
            "phone": order.phone,
            "name": "Noa",
            "language": order.language,
            "total": {"amount": "249.90", "currency": "ILS"},
        }
    }
    if kind in {"shipped", "delivered"}:
        data["shipment"] = {
            "id": f"{order.number}-1",
            "carrier": "Israel Post",
            "tracking_number": "RR123456785IL",
            "tracking_url": "https://mypost.israelpost.co.il/itemtrace?itemcode=RR123456785IL",
            "expected_on": (order.at + timedelta(days=2)).date().isoformat(),
        }
    if kind == "refunded":
        refunded = {"amount": "249.90", "currency": "ILS"}
        data["refund"] = {"id": f"{order.number}-r1", "amount": refunded}
    return {
        "specversion": "1.0",
        "id": delivery,
        "source": "https://demo.example/orders",
        "type": f"order.{kind}",
        "data": data,
    }


def sign(headers: dict[str, str], raw: bytes, secret: str) -> dict[str, str]:
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    signature = Webhook(secret).sign(headers["webhook-id"], at, raw.decode())
    return headers | {"webhook-signature": signature}


PLATFORM = Platform(headers, body, sign)
