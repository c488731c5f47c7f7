"""The simulated phones of the local run: a provider as any other, whose other side is a web page.

Its webhook is a JSON object, signed with HMAC-SHA256 in hexadecimal: a text is
`{"id", "from", "to", "text", "media": [{"url", "content_type"}]}`, a receipt `{"receipt", "id"}`.
"""

import hashlib
import hmac
from datetime import datetime
from typing import Any

import requests

from kesher.channels.base import Account, Answer, Event, post
from kesher.domain.customer import customer_id
from kesher.domain.message import RANK, Media, Outbound, ReceiptReceived, TextReceived
from kesher.domain.outbox import Accepted, NoAnswer, Refused, SendResult
from kesher.domain.text import clean
from kesher.errors import BadSignature, Unreadable
from kesher.phone import e164
from kesher.wire import Request, read_json

CREDENTIALS = frozenset({"secret"})


def verify(request: Request, account: Account) -> None:
    good = sign(account.credentials["secret"], request.body)
    given = request.headers.get("x-simulator-signature", "")
    if not hmac.compare_digest(given.encode(errors="replace"), good.encode()):
        raise BadSignature("the signature does not match")


def parse(
    request: Request, account: Account, now: datetime, message: str | None = None
) -> tuple[Event, ...]:
    said = read_json(request.body)
    if "receipt" in said:
        return _receipt(said, account, now, message)
    address = e164(str(said.get("from")), account.country)
    if not address or not said.get("id"):
        raise Unreadable("a text needs an id and a phone number in from")
    return (
        TextReceived(
            shop=account.shop,
            channel=account.kind,
            id=str(said["id"]),
            customer=customer_id(account.shop, address, account.kind),
            address=address,
            line=str(said.get("to") or account.sender),
            text=clean(str(said.get("text") or "")),
            received_at=now,
            media=tuple(
                Media(str(each.get("url")), str(each.get("content_type")))
                for each in said.get("media") or ()
            ),
        ),
    )


def answer(request: Request) -> Answer:  # noqa: ARG001
    return Answer(status=204)


def send(account: Account, message: Outbound, callback: str) -> SendResult:
    response = post(
        f"{account.base_url or 'https://simulator.localhost'}/messages",
        headers={"Authorization": f"Bearer {account.credentials['secret']}"},
        json={
            "to": message.address,
            "from": message.line,
            "text": message.text,
            "callback": callback,
        },
    )
    if not isinstance(response, requests.Response):
        return response
    if not response.ok:
        return Refused(f"HTTP {response.status_code}")
    try:
        return Accepted(str(response.json()["id"]))
    except (ValueError, KeyError, TypeError):
        return NoAnswer("no id in the answer")


def sign(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _receipt(
    said: dict[str, Any], account: Account, now: datetime, message: str | None
) -> tuple[Event, ...]:
    if said["receipt"] not in RANK:
        return ()
    return (
        ReceiptReceived(
            shop=account.shop,
            channel=account.kind,
            status=said["receipt"],
            at=now,
            message=message,
            provider_id=str(said.get("id")),
        ),
    )
