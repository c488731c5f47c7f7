"""The simulated phones of the local run: a provider as any other, whose other side is a web page.

Its webhook is a JSON object, signed with HMAC-SHA256 in hexadecimal: a text is
`{"id", "from", "to", "text", "media": [{"url", "content_type"}]}`, a receipt `{"receipt", "id"}`. Its
list of what phones wrote has the same texts, each with an `at`, in ISO 8601.
"""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import requests

from kesher.channels.base import Account, Answer, Event, Page, get, post
from kesher.domain.customer import customer_id
from kesher.domain.message import (
    RANK,
    Media,
    Outbound,
    ReceiptReceived,
    TextReceived,
)
from kesher.domain.outbox import (
    Accepted,
    FindResult,
    NoAnswer,
    NotFound,
    Refused,
    SendResult,
)
from kesher.domain.text import clean
from kesher.errors import BadSignature, Unreadable
from kesher.phone import e164
from kesher.wire import Request, read_json, same

CREDENTIALS = frozenset({"secret"})
MOST_MEDIA = 10


def verify(request: Request, account: Account) -> None:
    good = sign(account.credentials["secret"], request.body)
    if not same(request.headers.get("x-simulator-signature", ""), good.encode()):
        raise BadSignature("the signature does not match")


def parse(
    request: Request, account: Account, now: datetime, message: str | None = None
) -> tuple[Event, ...]:
    said = read_json(request.body)
    if "receipt" in said:
        return _receipt(said, account, now, message)
    return (_text(said, account, now),)


def answer(request: Request) -> Answer:  # noqa: ARG001
    return Answer(status=204)


def send(account: Account, message: Outbound, callback: str) -> SendResult:
    response = post(
        _messages(account),
        headers=_authorization(account),
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


def find(account: Account, message: Outbound, callback: str) -> FindResult:  # noqa: ARG001
    """The simulator knows each text by the callback it came with."""
    said = get(_messages(account), headers=_authorization(account), query={"callback": callback})
    if not isinstance(said, dict):
        return said
    return Accepted(str(said["id"])) if said.get("id") else NotFound()


def recent(account: Account, since: datetime) -> Iterator[Page]:
    """All on one page."""
    query = {"since": since.isoformat()}
    said = get(_messages(account), headers=_authorization(account), query=query)
    yield _page(said, account) if isinstance(said, dict) else NoAnswer(said.why)


def _messages(account: Account) -> str:
    return f"{account.base_url or 'https://simulator.localhost'}/messages"


def _authorization(account: Account) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.credentials['secret']}"}


def sign(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _page(said: dict[str, Any], account: Account) -> Page:
    try:
        listed = _objects(said, "texts")
        return tuple(_text(each, account, _instant(each)) for each in listed)
    except Unreadable as error:
        return NoAnswer(str(error))


def _text(said: dict[str, Any], account: Account, at: datetime) -> TextReceived:
    address, sent = e164(_string(said, "from"), account.country), _string(said, "id")
    if not address or not sent:
        raise Unreadable("a text needs an id and a phone number in from")
    return TextReceived(
        shop=account.shop,
        channel=account.kind,
        id=sent,
        customer=customer_id(account.shop, address, account.kind),
        address=address,
        line=_string(said, "to") or account.sender,
        text=_string(said, "text"),
        received_at=at,
        media=tuple(
            Media(_string(each, "url"), _string(each, "content_type"))
            for each in _objects(said, "media")[:MOST_MEDIA]
        ),
    )


def _instant(said: dict[str, Any]) -> datetime:
    try:
        at = datetime.fromisoformat(_string(said, "at"))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Unreadable("at is no instant") from None


def _receipt(
    said: dict[str, Any], account: Account, now: datetime, message: str | None
) -> tuple[Event, ...]:
    status = _string(said, "receipt")
    if status not in RANK:
        return ()
    return (
        ReceiptReceived(
            shop=account.shop,
            channel=account.kind,
            status=status,
            at=now,
            message=message,
            provider_id=_string(said, "id") or None,
        ),
    )


def _string(said: dict[str, Any], key: str) -> str:
    value = said.get(key) or ""
    if not isinstance(value, str):
        raise Unreadable(f"{key} is not a string")
    return clean(value)


def _objects(said: dict[str, Any], key: str) -> list[dict[str, Any]]:
    items = said.get(key) or []
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
        raise Unreadable(f"{key} is not a list of objects")
    return items
