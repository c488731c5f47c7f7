"""Bytes at the edges: a webhook's request as it was signed, and the bodies of queue messages.

A queue message is `{"kind": ..., "version": N, ...}`. A reader accepts its own version and the one
before, so that a deploy never meets a message it cannot read.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar
from urllib.parse import unquote_to_bytes

import msgspec

from kesher.domain.message import ConversationDue, ReceiptReceived, TextReceived
from kesher.domain.order import OrderEvent
from kesher.domain.text import clean
from kesher.errors import TooLarge, Unreadable

BODY_LIMIT = 64 * 1024


@dataclass(frozen=True)
class OutboxDue:
    """A text in the outbox wants sending, or looking at; the body of an `outbox` queue message."""

    shop: str
    message: str
    due: str = ""
    """The instant the clock found it due at, so that each time it falls due is an event of its own."""


Event = TextReceived | ConversationDue | OrderEvent | ReceiptReceived | OutboxDue
E = TypeVar("E", TextReceived, ConversationDue, OrderEvent, ReceiptReceived, OutboxDue)

KINDS: dict[type[Event], tuple[str, int]] = {
    TextReceived: ("text", 1),
    ConversationDue: ("conversation", 1),
    OrderEvent: ("order", 1),
    ReceiptReceived: ("receipt", 1),
    OutboxDue: ("outbox", 1),
}


def write(event: Event) -> str:
    kind, version = KINDS[type(event)]
    fields = msgspec.to_builtins(event)
    return json.dumps({"kind": kind, "version": version} | fields, ensure_ascii=False)


def read_any(body: str, *events: type[E]) -> E:
    """The event in a queue message that may be of several kinds; raises Unreadable."""
    message = read_json(body.encode())
    of_kind = (event for event in events if KINDS[event][0] == message.get("kind"))
    return _read(message, next(of_kind, events[0]))


def read(body: str, event: type[E]) -> E:
    """The event in a queue message; raises Unreadable."""
    return _read(read_json(body.encode()), event)


def _read(message: dict[str, Any], event: type[E]) -> E:
    kind, version = KINDS[event]
    if message.get("kind") != kind or message.get("version") not in (version, version - 1):
        said = f"{message.get('kind')!r} version {message.get('version')!r}"
        raise Unreadable(f"expected {kind!r} version {version} or the one before, got {said}")
    try:
        return msgspec.convert(message, event)
    except msgspec.ValidationError as error:
        raise Unreadable(f"{kind}: {error}") from error


@dataclass(frozen=True)
class Request:
    """A webhook as it came, before anyone has believed it."""

    method: str
    url: str
    """As its sender wrote it: the configured public address and the raw path."""
    query: str
    """Raw: what was signed, still percent-encoded."""
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case."""
    body: bytes = field(repr=False)


def body_of(body: str | None, *, is_base64: bool) -> bytes:
    """The bytes that were sent; raises TooLarge over 64 kB, Unreadable where base64 is not."""
    if len(body or "") > BODY_LIMIT * 2:
        raise TooLarge("a body may have 64 kB")
    try:
        raw = base64.b64decode(body or "", validate=True) if is_base64 else (body or "").encode()
    except (binascii.Error, UnicodeEncodeError) as error:
        raise Unreadable("the body is not what its encoding says") from error
    if len(raw) > BODY_LIMIT:
        raise TooLarge("a body may have 64 kB")
    return raw


def same(given: str, good: bytes) -> bool:
    """Whether a signature is the right one, in constant time. Headers may hold anything at all."""
    return hmac.compare_digest(given.strip().encode(errors="replace"), good)


def form_pairs(raw: bytes) -> list[tuple[bytes, bytes]]:
    """Names and values of a form as bytes, blank ones kept, since they are signed too."""
    pairs = (pair.partition(b"=") for pair in raw.replace(b"+", b" ").split(b"&") if pair)
    return [(unquote_to_bytes(name), unquote_to_bytes(value)) for name, _, value in pairs]


def read_form(raw: bytes) -> dict[str, str]:
    """The form as clean text; of a repeated name the last value counts."""
    decoded = ((n.decode(errors="replace"), v.decode(errors="replace")) for n, v in form_pairs(raw))
    return {name: clean(value) for name, value in decoded}


def read_json(raw: bytes) -> dict[str, Any]:
    """A JSON object; raises Unreadable and says why. NaN, a key that stands twice (readers disagree
    which one counts) and endless nesting are no JSON of ours."""
    try:
        value = json.loads(raw, parse_constant=_no_constant, object_pairs_hook=_each_once)
    except RecursionError:
        raise Unreadable("the JSON is nested too deeply") from None
    except (ValueError, UnicodeDecodeError) as error:
        raise Unreadable(f"the body is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise Unreadable("the body is not a JSON object")
    return value


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"{next(key for key in keys if keys.count(key) > 1)!r} stands twice")
    return found


def error(why: str) -> str:
    """The body of a refusal."""
    return json.dumps({"error": why}, ensure_ascii=False)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
