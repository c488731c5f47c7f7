"""The real bodies of `tests/payloads`, with one thing in each made wrong, in every way there is."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.reliability.heard import NAME, TEXT

PAYLOADS = Path(__file__).parent.parent / "payloads"
HUGE = 40_000
_WHO = [
    (rb"50-234[- ]5678", b"54-123-7654"),
    (rb"972502345678|989123456789|97233724499", b"972541237654"),
    ("נועה|פרץ".encode(), NAME.encode()),
    (rb"ProfileName=[^&]+", b"ProfileName=" + NAME.encode()),
    ("נא לארוז כמתנה|חלק חסר".encode(), TEXT.encode()),
    (rb"(&Body=[^&]*)", rb"\1+" + TEXT.encode()),
]
_IDS = rb"6120448827714|2026/11/77|[SM]M[0-9a-f]{32}|simulated"
_TOPICS = {
    "orders_create": "orders/create",
    "orders_create_redacted": "orders/create",
    "orders_updated": "orders/updated",
    "orders_cancelled": "orders/cancelled",
    "fulfillments_create": "fulfillments/create",
    "fulfillments_create_pending": "fulfillments/create",
    "fulfillments_update_delivered": "fulfillments/update",
    "fulfillment_events_create_delivered": "fulfillment_events/create",
    "fulfillment_events_create_expected": "fulfillment_events/create",
    "fulfillment_events_create_in_transit": "fulfillment_events/create",
    "refunds_create": "refunds/create",
    "refunds_create_restock_only": "refunds/create",
    "order_event_of_newer_family": "Order",
}
_SIMULATED = {
    "text": {
        "id": "simulated",
        "from": "+972541237654",
        "to": "+972552345678",
        "text": f"מתי אתם פתוחים? {TEXT}",
        "media": [{"url": "https://phone.example/1.jpg", "content_type": "image/jpeg"}],
    },
    "receipt": {"receipt": "delivered", "id": "simulated"},
}


@dataclass(frozen=True)
class Payload:
    """A real body, its customer the one who is listened for."""

    sender: str
    name: str
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        return {"x-shopify-topic": _TOPICS[self.name]} if self.sender == "shopify" else {}

    def __str__(self) -> str:
        return f"{self.sender}, {self.name}"


def payloads() -> list[Payload]:
    files = sorted(each for each in PAYLOADS.glob("*/*") if each.is_file())
    real = [Payload(file.parent.name, file.stem, _disguised(file.read_bytes())) for file in files]
    return real + [
        Payload("simulator", name, json.dumps(body, ensure_ascii=False).encode())
        for name, body in _SIMULATED.items()
    ]


def _disguised(body: bytes) -> bytes:
    for known, canary in _WHO:
        body = re.sub(known, canary, body)
    return body


def numbered(body: bytes, n: int) -> bytes:
    """The body as that of an order or text of its own."""
    return re.sub(_IDS, lambda found: found[0] + b"%05d" % n, body)


def unnumbered(body: str) -> str:
    """A queue message without what tells it from another of the same content."""
    body = re.sub(rf"({_IDS.decode()})[0-9]{{5}}", r"\1", body)
    return re.sub(r"/[0-9a-f]{64}\b", "/hash", body)


def spoilt(payload: Payload) -> Iterator[bytes]:
    if payload.sender == "twilio":
        yield from spoilt_forms(payload.body)
    else:
        yield from spoilt_json(json.loads(payload.body))


# --- JSON --------------------------------------------------------------------------------------------


class _Raw(str):
    """Stands in the body as it is, without quotes: Python would not write it."""

    __slots__ = ()


def _wrong(value: Any) -> list[Any]:
    """What may stand where `value` should. Some of it holds the value, so that whoever is in it comes
    along."""
    return [
        *(None, True, 0, -1.5, 2**63, 253402300799, _Raw("1e999"), _Raw("NaN"), _Raw("9" * 400)),
        *("", "٣٤", "\ud800", f"{value}\u202e\x00\ufffe", "x" * HUGE, f"{value}" * 30),
        *("9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "https://a\x00b\ud800.example/"),
        *([], [[value] * 3], {"in": value}),
    ]


def spoilt_json(body: Any) -> Iterator[bytes]:
    for place in _places(body):
        yield _written(_without(body, place))
        for wrong in _wrong(_at(body, place)):
            yield _written(_with(body, place, wrong))


Place = tuple[str | int, ...]


def _places(value: Any, here: Place = ()) -> Iterator[Place]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*here, key)
            yield from _places(inner, (*here, key))


def _at(body: Any, place: Place) -> Any:
    for key in place:
        body = body[key]
    return body


def _with(body: Any, place: Place, value: Any) -> Any:
    """A copy along the way to the place; the rest is shared."""
    key, *rest = place
    changed = body.copy()
    changed[key] = _with(body[key], tuple(rest), value) if rest else value
    return changed


def _without(body: Any, place: Place) -> Any:
    inner = _at(body, place[:-1]).copy()
    del inner[place[-1]]
    return _with(body, place[:-1], inner) if place[:-1] else inner


def _written(body: Any) -> bytes:
    text = json.dumps(body)
    for raw in ("1e999", "NaN", "9" * 400):
        text = text.replace(f'"{raw}"', raw)
    return text.encode()


# --- forms -------------------------------------------------------------------------------------------

_WRONG_VALUES = (
    *(b"", b"+", b"%00", b"%EF%BF%BE", b"%ff%fe", b"%ED%A0%80", b"%", b"%zz", b"%F0%9F%8E"),
    *(b"-1", b"NaN", b"%D9%A3%D9%A4", b"%2B9725412376541", b"STOP", b"x" * HUGE, b"%0a" * 2000),
)


def spoilt_forms(form: bytes) -> Iterator[bytes]:
    pairs = form.split(b"&")
    for n, pair in enumerate(pairs):
        name, _, value = pair.partition(b"=")
        before, after = pairs[:n], pairs[n + 1 :]
        changed = [name + b"=" + wrong for wrong in _WRONG_VALUES]
        changed += [name, b"=" + value, b"%ff" + pair, name.upper() + b"=" + value]
        yield b"&".join([*before, *after])
        yield b"&".join([*pairs, name + b"=again"])
        yield b"&".join([*pairs, *[pair] * 50])
        yield from (b"&".join([*before, each, *after]) for each in changed)
