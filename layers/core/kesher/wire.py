"""Bytes at the edges: a webhook's request as it was signed, and the bodies of queue messages.

A queue message is `{"kind": ..., "version": N, ...}`. A reader accepts its own version and the one
before, so that a deploy never meets a message it cannot read.
"""

import base64
import hmac
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar
from urllib.parse import unquote_to_bytes

import msgspec

from kesher.domain.message import (
    ConversationDue,
    EscalationDue,
    ReceiptReceived,
    SurveyDue,
    TextReceived,
)
from kesher.domain.order import OrderEvent
from kesher.domain.text import clean
from kesher.errors import TooLarge, Unreadable

BODY_LIMIT = 64 * 1024
DEEPEST = 20
"""Levels of a JSON body: twice as many as the deepest order of a shop platform has."""
LONGEST_NUMBER = 20
"""Digits of a whole number in JSON: as many as 64 bits can need, which no id or amount exceeds."""


@dataclass(frozen=True)
class OutboxDue:
    """A text in the outbox wants sending, or looking at; the body of an `outbox` queue message."""

    shop: str
    message: str
    due: str = ""
    """The instant the clock found it due at, so that each time it falls due is an event of its own."""


Event = (
    TextReceived
    | ConversationDue
    | OrderEvent
    | ReceiptReceived
    | OutboxDue
    | SurveyDue
    | EscalationDue
)
E = TypeVar(
    "E",
    TextReceived,
    ConversationDue,
    OrderEvent,
    ReceiptReceived,
    OutboxDue,
    SurveyDue,
    EscalationDue,
)
E2 = TypeVar("E2", TextReceived, ConversationDue, OrderEvent, ReceiptReceived, OutboxDue)

KINDS: dict[type[Event], tuple[str, int]] = {
    TextReceived: ("text", 1),
    ConversationDue: ("conversation", 1),
    OrderEvent: ("order", 1),
    ReceiptReceived: ("receipt", 1),
    OutboxDue: ("outbox", 1),
    SurveyDue: ("survey", 1),
    EscalationDue: ("escalation", 1),
}


def write(event: Event) -> str:
    kind, version = KINDS[type(event)]
    fields = msgspec.to_builtins(event)
    return json.dumps({"kind": kind, "version": version} | fields, ensure_ascii=False)


def read_either(body: str, event: type[E], other: type[E2]) -> E | E2:
    """The event in a message of a queue that carries two kinds; raises Unreadable."""
    message = read_json(body.encode())
    if message.get("kind") == KINDS[other][0]:
        return _read(message, other)
    return _read(message, event)


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
    except ValueError as error:
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
    """A JSON object in UTF-8; raises Unreadable and says why. Stricter than the standard library's
    reader: no NaN, no number beyond all bounds (1e999, 400 digits), no key that stands twice (readers
    disagree which one counts), no more than DEEPEST levels."""
    try:
        value = json.loads(
            raw.decode("utf-8-sig"),
            parse_int=_whole,
            parse_float=_finite,
            parse_constant=_no_constant,
            object_pairs_hook=_each_once,
        )
    except RecursionError:
        raise Unreadable(_TOO_DEEP) from None
    except ValueError as error:
        raise Unreadable(f"the body is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise Unreadable("the body is not a JSON object")
    if _is_deeper(value, DEEPEST):
        raise Unreadable(_TOO_DEEP)
    return value


_NESTING = (dict, list)
_TOO_DEEP = f"the JSON is nested too deeply: {DEEPEST} levels will do"


def _is_deeper(value: dict[str, Any], levels: int) -> bool:
    """Level by level, so that the reader's own stack is no limit to it."""
    nested: list[Any] = [value]
    for _ in range(levels):
        inner = (each.values() if isinstance(each, dict) else each for each in nested)
        nested = [part for each in inner for part in each if isinstance(part, _NESTING)]
    return bool(nested)


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > LONGEST_NUMBER:
        raise ValueError(f"a number of more than {LONGEST_NUMBER} digits")
    return int(digits)


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise ValueError("a number too large for any reader")
    return number


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
