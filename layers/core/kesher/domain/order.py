"""An order, the events that move it, and which of them its buyer is told.

Events come twice, late and in any order, so an order keeps what its buyer was told, not what it was
told last, and news is weighed against that: once a parcel was told delivered, its shipping is
history. An event that names no phone (a shipment rarely does) waits in `owed` for the one that does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, TypeVar

from kesher.domain.text import LONGEST_LINE, fold

T = TypeVar("T")
MOST_SHIPMENTS = 50

NoticeKind = Literal["confirmed", "shipped", "delivered", "cancelled", "refunded"]
AWAITED: frozenset[NoticeKind] = frozenset({"confirmed", "shipped"})


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str
    """ISO 4217."""


@dataclass(frozen=True)
class Shipment:
    id: str
    carrier: str | None = None
    tracking: str | None = None
    url: str | None = None
    expected_on: date | None = None
    """The day it is expected to be delivered."""


@dataclass(frozen=True)
class News:
    """Something that happened which a buyer may want to hear."""

    kind: NoticeKind
    at: datetime
    subject: str = ""
    """Which shipment or refund of the order."""
    amount: Money | None = None

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.subject}" if self.subject else self.kind


@dataclass(frozen=True)
class OrderEvent:
    """What a platform said of an order; the body of an `order` queue message. Fields it did not
    mention are None: an event adds to what is known and never takes away."""

    shop: str
    platform: str
    id: str
    """The platform's own id of the event: a repeated delivery carries it again."""
    order: str
    at: datetime
    """When the platform says it happened."""
    number: str | None = None
    """The order's number as its buyer knows it."""
    address: str | None = None
    """E.164."""
    name: str | None = None
    language: str | None = None
    total: Money | None = None
    placed_at: datetime | None = None
    expected_on: date | None = None
    """The day the order is expected, where no parcel has its own."""
    shipments: tuple[Shipment, ...] = ()
    news: tuple[News, ...] = ()


@dataclass(frozen=True)
class EventSeen:
    """That an event has had its effect."""

    shop: str
    platform: str
    order: str
    id: str
    at: datetime


@dataclass(frozen=True)
class Unlisted:
    """That an order is no longer in a customer's list: the shop has corrected its phone number."""

    shop: str
    customer: str
    platform: str
    order: str
    listed_at: datetime


@dataclass(frozen=True)
class Numbered:
    """By which number an order is found, and whose it is. It says nothing of the buyer but their id."""

    shop: str
    number: str
    """As `known_by` has it."""
    platform: str
    order: str
    customer: str
    listed_at: datetime


@dataclass(frozen=True)
class Unnumbered:
    """That an order is no longer found by a number: it has got another."""

    shop: str
    number: str
    platform: str
    order: str
    listed_at: datetime


@dataclass(frozen=True)
class Order:
    id: str
    shop: str
    platform: str
    facts_at: datetime
    """The newest event that is in here."""
    dated: dict[str, datetime] = field(default_factory=dict, compare=False, repr=False)
    """Fact to the event that said it last."""
    number: str = ""
    customer: str | None = None
    address: str | None = None
    name: str | None = None
    language: str | None = None
    total: Money | None = None
    placed_at: datetime | None = None
    listed_at: datetime | None = None
    """Under which instant its customer's list has it: chosen once, since it is part of a key."""
    expected_on: date | None = None
    status: NoticeKind = "confirmed"
    shipments: tuple[Shipment, ...] = ()
    happened: frozenset[str] = frozenset()
    """Keys of all news so far, told or not."""
    owed: tuple[News, ...] = ()
    """News that waits for a phone number."""
    version: int = 0

    def shipment(self, subject: str) -> Shipment:
        return next((each for each in self.shipments if each.id == subject), Shipment(subject))

    @property
    def under_way(self) -> tuple[Shipment, ...]:
        """The parcels of an order that is on its way, the newest first."""
        return self.shipments[::-1] if self.status == "shipped" else ()

    @property
    def told_of(self) -> Shipment | None:
        """The parcel that stands for those under way: the newest that can be tracked, or the newest."""
        tracked = (each for each in self.under_way if each.tracking)
        return next(tracked, None) or next(iter(self.under_way), None)

    @property
    def awaited_on(self) -> date | None:
        """The day it is expected, as was said last; None for one that has come or was called off."""
        said = self.told_of.expected_on if self.told_of else None
        return (said or self.expected_on) if self.status in AWAITED else None


def known_by(order: Order) -> str:
    """The number its buyer knows an order by, as numbers are compared: "#1042" and "١٠٤٢" are one."""
    return fold(order.number or order.id)[:LONGEST_LINE].rstrip()


def at_hand(orders: Sequence[Order], number: str | None) -> Order | None:
    """Of a customer's orders, newest first, the one of this number, or else the newest."""
    named = (each for each in orders if number and known_by(each) == fold(number))
    return next(named, orders[0] if orders else None)


def absorb(order: Order | None, event: OrderEvent) -> tuple[Order, tuple[News, ...]]:
    """The order with the event in it, and the news in the event that is new. Of each fact the newest
    word counts, in whatever order the words come."""
    known = order or Order(
        id=event.order, shop=event.shop, platform=event.platform, facts_at=event.at
    )
    said = {news.key: news for news in event.news}
    fresh = tuple(news for key, news in said.items() if key not in known.happened)
    happened = known.happened | {news.key for news in fresh}
    words = _Words(event.at, dict(known.dated))
    newest = words.newest
    return (
        replace(
            known,
            facts_at=max(known.facts_at, event.at),
            number=newest("number", event.number, known.number) or "",
            address=newest("address", event.address, known.address),
            name=newest("name", event.name, known.name),
            language=newest("language", event.language, known.language),
            total=newest("total", event.total, known.total),
            placed_at=newest("placed_at", event.placed_at, known.placed_at),
            expected_on=newest("expected_on", event.expected_on, known.expected_on),
            shipments=_merged(known.shipments, event.shipments, words),
            dated=words.dated,
            status=_status(happened),
            happened=happened,
        ),
        fresh,
    )


@dataclass(frozen=True)
class _Words:
    """When the last word was said of each fact, and when this event speaks."""

    at: datetime
    dated: dict[str, datetime]

    def newest(self, fact: str, said: T | None, so_far: T | None) -> T | None:
        if said is None or self.dated.get(fact, self.at) > self.at:
            return so_far
        self.dated[fact] = self.at
        return said


def _merged(
    known: tuple[Shipment, ...], said: tuple[Shipment, ...], words: _Words
) -> tuple[Shipment, ...]:
    """An order keeps its first MOST_SHIPMENTS: it must fit into a row."""
    merged = {each.id: each for each in known}
    for each in said:
        if each.id not in merged and len(merged) >= MOST_SHIPMENTS:
            continue
        old = merged.get(each.id, Shipment(each.id))
        merged[each.id] = Shipment(
            each.id,
            words.newest(f"{each.id}/carrier", each.carrier, old.carrier),
            words.newest(f"{each.id}/tracking", each.tracking, old.tracking),
            words.newest(f"{each.id}/url", each.url, old.url),
            words.newest(f"{each.id}/expected_on", each.expected_on, old.expected_on),
        )
    return tuple(merged.values())


def _status(happened: frozenset[str]) -> NoticeKind:
    kinds = {key.split(":")[0] for key in happened}
    ladder: tuple[NoticeKind, ...] = ("cancelled", "delivered", "shipped", "refunded")
    return next((kind for kind in ladder if kind in kinds), "confirmed")


def worth_telling(
    order: Order, news: tuple[News, ...], now: datetime, valid: timedelta
) -> tuple[News, ...]:
    """The news that is neither late nor overtaken by anything that has happened to the order."""
    return tuple(
        each for each in news if now - each.at <= valid and not _overtaken(each.key, order.happened)
    )


def newly_overtaken(before: Order | None, after: Order) -> frozenset[str]:
    """Keys of the news that was true before, and is history now."""
    known = before.happened if before else frozenset[str]()
    return frozenset(
        key for key in known if _overtaken(key, after.happened) and not _overtaken(key, known)
    )


def _overtaken(key: str, happened: frozenset[str]) -> bool:
    """For the confirmation any parcel counts; for a parcel only its own news and the order's."""
    kind, _, subject = key.partition(":")
    if kind == "confirmed":
        kinds = {each.partition(":")[0] for each in happened}
        return bool({"shipped", "delivered", "cancelled", "refunded"} & kinds)
    overtakers = {"shipped": {f"delivered:{subject}", "cancelled"}, "delivered": {"cancelled"}}
    return bool(overtakers.get(kind, set()) & happened)
