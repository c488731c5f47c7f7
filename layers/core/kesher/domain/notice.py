"""An order event comes in; its buyer is told what is news, once, forwards and in time."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kesher.domain import language, outbox, quiet, sms
from kesher.domain.customer import Customer, customer_id
from kesher.domain.decision import Decision, Record
from kesher.domain.message import UNSETTLED, Outbound
from kesher.domain.order import (
    EventSeen,
    News,
    Numbered,
    Order,
    OrderEvent,
    Shipment,
    Unlisted,
    Unnumbered,
    absorb,
    known_by,
    newly_overtaken,
    worth_telling,
)
from kesher.domain.voice import Voice
from kesher.domain.when import ahead

SENTENCES = {
    "amount": "notice_amount",
    "day": "expected",
    "carrier": "notice_carrier",
    "tracking": "notice_tracking",
}
"""What a notice may say besides its news, in this order: a value, and the text that tells it."""


@dataclass(frozen=True)
class Situation:
    """What is known before the event: either may be new to us."""

    order: Order | None
    customer: Customer | None
    overtaken: tuple[Outbound, ...] = ()
    """Notices that the event makes untrue, wherever they are on their way."""


def buyer(order: Order | None, event: OrderEvent) -> str | None:
    """The customer the order belongs to, once any event has named a number."""
    address = absorb(order, event)[0].address
    return customer_id(event.shop, address, event.platform) if address else None


def overtaken(order: Order | None, event: OrderEvent) -> tuple[str, ...]:
    """Ids of the notices that the event makes untrue, if they were ever written."""
    after, customer = absorb(order, event)[0], buyer(order, event)
    keys = sorted(newly_overtaken(order, after)) if customer else []
    return tuple(outbox.text_id(customer or "", _cause(after, key)) for key in keys)


def decide(known: Situation, event: OrderEvent, voice: Voice, now: datetime) -> Decision:
    seen = EventSeen(event.shop, event.platform, event.order, event.id, now)
    order, fresh = absorb(known.order, event)
    if order.address is None:
        return Decision((seen, replace(order, owed=order.owed + fresh)))
    customer = _customer(known.customer, order)
    valid = timedelta(hours=voice.shop.notices.valid_hours)
    news = worth_telling(order, order.owed + fresh, now, valid)
    told = tuple(
        _notice(each, order, customer, voice, now)
        for each in news
        if each.kind in voice.shop.notices.told
    )
    listed = replace(
        order,
        customer=customer.id,
        listed_at=order.listed_at or order.placed_at or order.facts_at,
        owed=(),
    )
    history = tuple(outbox.withdrawn(e) for e in known.overtaken if e.status in UNSETTLED)
    found = (*_unlisted(known.order, customer), *_numbered(known.order, listed))
    records: tuple[Record, ...] = (seen, listed, *found, *history, *told)
    return Decision(records if customer == known.customer else (*records, customer))


def _unlisted(order: Order | None, customer: Customer) -> tuple[Unlisted, ...]:
    if not order or not order.customer or not order.listed_at or order.customer == customer.id:
        return ()
    return (Unlisted(order.shop, order.customer, order.platform, order.id, order.listed_at),)


def _numbered(before: Order | None, after: Order) -> tuple[Numbered | Unnumbered, ...]:
    """Written when an order first has a number and a buyer, and when either is another."""
    was = known_by(before) if before and before.listed_at else ""
    number, at = known_by(after), after.listed_at or after.facts_at
    if before and was == number and before.customer == after.customer:
        return ()
    moved = was and was != number
    gone = (Unnumbered(after.shop, was, after.platform, after.id, at),) if moved else ()
    if not number or after.customer is None:
        return gone
    return (*gone, Numbered(after.shop, number, after.platform, after.id, after.customer, at))


def _customer(known: Customer | None, order: Order) -> Customer:
    address = order.address or ""
    found = known or Customer(customer_id(order.shop, address, order.platform), order.shop, address)
    return replace(
        found,
        address=address,
        name=found.name or order.name,
        language=found.language or language.primary(order.language),
    )


def _notice(news: News, order: Order, customer: Customer, voice: Voice, now: datetime) -> Outbound:
    speech = voice.language(language.primary(order.language), customer.language)
    age = max(now - news.at, timedelta(0))
    say = outbox.Say(
        describe(news, order, voice, speech, now),
        "informational",
        cause=_cause(order, news.key),
        valid=timedelta(hours=voice.shop.notices.valid_hours) - age,
    )
    return outbox.queued(say, customer, voice.shop, now)


def _cause(order: Order, news: str) -> str:
    return f"notice/{order.platform}/{order.id}/{news}"


def describe(news: News, order: Order, voice: Voice, speech: str, now: datetime) -> str:
    """The text of a notice: one sentence a fact, only facts that are known, the link last on a
    line of its own, where every phone makes it a link. The carrier, whose page that is, gives way to
    the day the parcel is expected where both together would cost an SMS part more."""
    values = _values(news, order, voice, speech, now)
    known = [f"notice_{news.kind}", *(text for each, text in SENTENCES.items() if values[each])]
    briefer = [text for text in known if text != SENTENCES["carrier"]]
    ways = [known, briefer] if values["day"] and values["link"] else [known]
    texts = [_told(way, values, voice, speech) for way in ways]
    return min(texts, key=lambda text: sms.plan(sms.plain(text)).parts)


def _values(news: News, order: Order, voice: Voice, speech: str, now: datetime) -> dict[str, str]:
    """What is known; blank what is not."""
    leaves = news.kind == "shipped"
    parcel = order.shipment(news.subject) if leaves else Shipment("")
    amount = news.amount or (order.total if news.kind == "confirmed" else None)
    on = parcel.expected_on or (order.expected_on if leaves else None)
    return {
        "order": order.number or order.id,
        "amount": voice.money(amount, speech) if amount else "",
        "day": _day(on, voice, speech, now) if on else "",
        "carrier": parcel.carrier or "",
        "tracking": parcel.tracking or "",
        "link": parcel.url or "",
    }


def _day(on: date, voice: Voice, speech: str, now: datetime) -> str:
    """By its date, since a text may be read on another day than today; and only if it is still ahead
    when the text may leave."""
    leaves = quiet.until("informational", voice.shop, now) or now
    day = ahead(on, leaves, ZoneInfo(voice.shop.timezone))
    return voice.day(replace(day, kind="date"), speech) if day else ""


def _told(says: list[str], values: dict[str, str], voice: Voice, speech: str) -> str:
    sentences = " ".join(voice.say(each, speech, **values) for each in says)
    return f"{sentences}\n{values['link']}" if values["link"] else sentences
