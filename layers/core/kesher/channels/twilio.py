"""Twilio Programmable Messaging.

https://www.twilio.com/docs/messaging/guides/webhook-request, /docs/usage/webhooks/webhooks-security,
/docs/messaging/api/message-resource, /docs/api/errors; last read 2026-11-22.

- Blank fields are sent and signed. Fields appear without notice.
- A signature has no time in it, so an old request stays valid for ever: ids must be remembered.
- Its back ends disagree whether the default port belongs to the signed URL, and some of them sign
  an apostrophe in the query as %27; all forms are right.
- With Advanced Opt-Out it answers STOP, START and HELP itself, and passes them on with `OptOutType`.
- Creating a message knows no idempotency key: after a broken call only the callback tells.
- A webhook that failed is never repeated once its fallback failed too: such a text is only to be
  found in the list of messages, the newest first. Of an inbound one `date_sent` is when its webhook
  was requested. The list has neither the addresses of its pictures, only how many there are, nor
  `OptOutType`, nor a profile name. That a filter by date takes a time of day is not documented; the
  libraries Twilio publishes send one.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import parse_qs, parse_qsl, urlsplit

import requests

from kesher.channels.base import Account, Answer, Event, Page, get, post
from kesher.domain import text
from kesher.domain.customer import customer_id
from kesher.domain.message import Media, Outbound, ReceiptReceived, Status, TextReceived
from kesher.domain.outbox import (
    LEASE,
    Accepted,
    CannotTell,
    FindResult,
    NoAnswer,
    NotAccepted,
    NotFound,
    Refused,
    SendResult,
)
from kesher.errors import BadSignature, Unreadable
from kesher.wire import Request, form_pairs, read_form, same

CREDENTIALS = frozenset({"account_sid", "auth_token"})

_STATUS: dict[str, Status] = {
    "accepted": "accepted",
    "scheduled": "accepted",
    "queued": "accepted",
    "sending": "accepted",
    "sent": "sent",
    "partially_delivered": "sent",
    "delivered": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
    "read": "read",
}
_OPTED_OUT = "21610"
_LATER = frozenset(
    # rate, full queue, daily caps, channel trouble: the same text is welcome later
    {"20429", "14107", "21611", "30001", "30022", "30023", "30027", "63010", "63012", "63018"}
    | {"63038"}
)
_CONSENT: dict[str, Literal["opt-out", "opt-in", "help"]] = {
    "STOP": "opt-out",
    "START": "opt-in",
    "HELP": "help",
}


def verify(request: Request, account: Account) -> None:
    given = request.headers.get("x-twilio-signature", "")
    signed = _signed_fields(request)
    token = account.credentials["auth_token"].encode()
    good = [_signature(token, url.encode(errors="replace") + signed) for url in _urls(request)]
    if not any(same(given, each) for each in good):
        raise BadSignature("the signature does not match")


def parse(
    request: Request, account: Account, now: datetime, message: str | None = None
) -> tuple[Event, ...]:
    form = read_form(
        request.query.encode(errors="replace") if request.method == "GET" else request.body
    )
    status = form.get("MessageStatus") or form.get("SmsStatus") or "received"
    if status not in {"received", "receiving"}:
        return _receipt(form, status, account, now, message)
    if not form.get("From"):
        return ()
    return (_text(form, account, now),)


def answer(request: Request) -> Answer:  # noqa: ARG001
    """TwiML that says nothing: replies go through the API, where they get a receipt."""
    return Answer(content_type="text/xml", body='<?xml version="1.0" encoding="UTF-8"?><Response/>')


def send(account: Account, message: Outbound, callback: str) -> SendResult:
    sid = account.credentials["account_sid"]
    sender = "MessagingServiceSid" if _is_service(message.line) else "From"
    response = post(
        _messages(account),
        auth=(sid, account.credentials["auth_token"]),
        form={
            "To": message.address,
            sender: message.line,
            "Body": message.text,
            "StatusCallback": callback,
        },
    )
    return _result(response) if isinstance(response, requests.Response) else response


def find(account: Account, message: Outbound, callback: str) -> FindResult:  # noqa: ARG001
    """Among the newest fifty to this number: the same sender and words, made while we tried. What was
    made later is another text that says the same."""
    sid = account.credentials["account_sid"]
    said = get(
        _messages(account),
        auth=(sid, account.credentials["auth_token"]),
        query={"To": message.address, "PageSize": "50"},
    )
    if not isinstance(said, dict):
        return said
    try:
        ours = [each for each in _entries(said) if _is_ours(each, message)]
    except Unreadable as error:
        return CannotTell(str(error))
    return Accepted(str(ours[0]["sid"])) if ours else NotFound()


def recent(account: Account, since: datetime) -> Iterator[Page]:
    """A messaging service has many numbers and is no recipient to ask for: of the whole account's list
    that is taken which names the service."""
    sid = account.credentials["account_sid"]
    asked = {"DateSent>": f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "PageSize": "1000"}
    if not _is_service(account.sender):
        asked["To"] = account.sender
    more: dict[str, str] | None = {}
    while more is not None:
        auth = (sid, account.credentials["auth_token"])
        page, more = _page(get(_messages(account), auth=auth, query=more | asked), account)
        yield page


def _is_service(sender: str) -> bool:
    return sender.startswith("MG")


def _messages(account: Account) -> str:
    base = (account.base_url or "https://api.twilio.com").rstrip("/")
    return f"{base}/2010-04-01/Accounts/{account.credentials['account_sid']}/Messages.json"


def _is_ours(said: dict[str, Any], message: Outbound) -> bool:
    """Times there are whole seconds, of a clock that is not ours."""
    made = _instant(said.get("date_created"))
    sender = said.get("from") == message.line or said.get("messaging_service_sid") == message.line
    same = sender and said.get("body") == message.text and bool(said.get("sid"))
    if not same or made is None:
        return False
    return timedelta(seconds=-5) <= made - (message.claimed_at or message.at) <= LEASE


def _entries(said: dict[str, Any]) -> list[dict[str, Any]]:
    entries = said.get("messages")
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise Unreadable("the list of messages is none")
    return entries


def _page(
    said: dict[str, Any] | NoAnswer | CannotTell, account: Account
) -> tuple[Page, dict[str, str] | None]:
    """What an answer lists, and what to ask for the next page; None where there is none."""
    if not isinstance(said, dict):
        return NoAnswer(said.why), None
    try:
        return _incoming(said, account), _next(said)
    except Unreadable as error:
        return NoAnswer(str(error)), None


def _next(said: dict[str, Any]) -> dict[str, str] | None:
    """Only fields are taken from the address that is given: where our token goes is ours to say."""
    address = said.get("next_page_uri")
    if not address:
        return None
    is_address = isinstance(address, str) and address.isascii()
    fields = parse_qsl(address.partition("?")[2]) if is_address else []
    if not fields:
        raise Unreadable("the address of the next page is none")
    return dict(fields)


def _incoming(said: dict[str, Any], account: Account) -> tuple[TextReceived, ...]:
    """What customers sent to this sender, as its webhook would have said it."""
    named = "messaging_service_sid" if _is_service(account.sender) else "to"
    ours = (
        each
        for each in _entries(said)
        if each.get("direction") == "inbound" and each.get(named) == account.sender
    )
    return tuple(_listed(each, account) for each in ours if each.get("from"))


def _listed(entry: dict[str, Any], account: Account) -> TextReceived:
    """Its pictures are known by number only: each has the address of the list of them."""
    at = _instant(entry.get("date_sent") or entry.get("date_created"))
    if at is None:
        raise Unreadable("a message of the list has no date")
    sid = _string(entry, "sid")
    pictures = f"{_messages(account).removesuffix('.json')}/{sid}/Media.json"
    form = {
        "MessageSid": sid,
        "From": _string(entry, "from"),
        "To": _string(entry, "to"),
        "Body": _string(entry, "body"),
        "NumMedia": str(entry.get("num_media")),
        **{f"MediaUrl{n}": pictures for n in range(10)},
    }
    return _text(form, account, at)


def _string(entry: dict[str, Any], key: str) -> str:
    value = entry.get(key) or ""
    if not isinstance(value, str):
        raise Unreadable(f"a message of the list has a {key} that is no string")
    return text.clean(value)


def _instant(said: object) -> datetime | None:
    """RFC 2822, in UTC."""
    try:
        at = parsedate_to_datetime(str(said))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _signature(token: bytes, signed: bytes) -> bytes:
    return base64.b64encode(hmac.new(token, signed, hashlib.sha1).digest())


def _urls(request: Request) -> list[str]:
    url = f"{request.url}?{request.query}" if request.query else request.url
    parts = urlsplit(url)
    host, port = parts.netloc.rpartition("@")[2].partition(":")[0], parts.port
    userinfo = parts.netloc[: parts.netloc.rfind("@") + 1]
    default = 443 if parts.scheme == "https" else 80
    bare = parts._replace(netloc=f"{userinfo}{host}")
    ported = parts._replace(netloc=f"{userinfo}{host}:{port or default}")
    escaped = parts.query.replace("'", "%27")
    forms = (
        each._replace(query=query) for each in (bare, ported) for query in (parts.query, escaped)
    )
    return list(dict.fromkeys([url, *(form.geturl() for form in forms)]))


def _signed_fields(request: Request) -> bytes:
    """Names and decoded values, sorted, each pair once. A JSON body is covered by its hash in the
    URL instead, and a GET's fields are in the URL already."""
    digest = parse_qs(request.query).get("bodySHA256", [""])[0]
    if digest:
        if not same(digest, hashlib.sha256(request.body).hexdigest().encode()):
            raise BadSignature("the body is not the one that was signed")
        return b""
    if request.method == "GET":
        return b""
    return b"".join(name + value for name, value in sorted(set(form_pairs(request.body))))


def _text(form: dict[str, str], account: Account, now: datetime) -> TextReceived:
    if not form.get("MessageSid"):
        raise Unreadable("MessageSid is missing")
    said = form.get("NumMedia", "")
    count = int(said) if said.isdecimal() and len(said) < 3 else 0
    media = (
        Media(form.get(f"MediaUrl{n}", ""), form.get(f"MediaContentType{n}", ""))
        for n in range(min(count, 10))
    )
    return TextReceived(
        shop=account.shop,
        channel=account.kind,
        id=form["MessageSid"],
        customer=customer_id(account.shop, form["From"], account.kind),
        address=form["From"],
        line=form.get("To") or account.sender,
        text=form.get("Body", ""),
        received_at=now,
        media=tuple(media),
        name=text.name(form.get("ProfileName", "")) or None,
        provider_consent=_CONSENT.get(form.get("OptOutType", "").upper()),
    )


def _receipt(
    form: dict[str, str], status: str, account: Account, now: datetime, message: str | None
) -> tuple[Event, ...]:
    if status not in _STATUS:
        return ()
    code = form.get("ErrorCode") or None
    to = form.get("To", "")
    return (
        ReceiptReceived(
            shop=account.shop,
            channel=account.kind,
            status=_STATUS[status],
            at=now,
            message=message,
            provider_id=form.get("MessageSid") or None,
            customer=customer_id(account.shop, to, account.kind) if to else None,
            code=code,
            opted_out=code == _OPTED_OUT,
        ),
    )


def _result(response: requests.Response) -> SendResult:
    try:
        said = response.json()
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    if response.ok:
        return Accepted(str(said["sid"])) if said.get("sid") else NoAnswer("no sid in the answer")
    code = str(said.get("code") or f"HTTP {response.status_code}")
    if code in _LATER:
        return NotAccepted(code)
    if response.status_code in {401, 403} and code != _OPTED_OUT:
        return NotAccepted(f"{code}: the credentials were refused")
    return Refused(code, opted_out=code == _OPTED_OUT)
