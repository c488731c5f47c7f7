"""The rows of each record, and what guards them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from pynamodb.expressions.condition import Condition

from kesher.domain import recovery
from kesher.domain.conversation import Ended
from kesher.domain.customer import ConsentChange, Customer, derived_id
from kesher.domain.decision import Record
from kesher.domain.escalation import Escalation
from kesher.domain.figures import Counted, Fact
from kesher.domain.message import Inbound, Outbound, Recovered
from kesher.domain.note import Note
from kesher.domain.order import EventSeen, Numbered, Order, Unlisted, Unnumbered
from kesher.domain.shop import Shop
from kesher.domain.spending import Spend
from kesher.domain.summary import Revoked, Summary
from kesher.domain.survey import Rating
from kesher.store.card import card, matter_card
from kesher.store.days import count_key
from kesher.store.table import (
    Row,
    customer_key,
    day_shard,
    desk_shard,
    escalations_shard,
    listed_key,
    matter_key,
    message_key,
    numbered_key,
    order_key,
    page_key,
    purse_key,
    shard,
    summed_up_key,
    table,
    unknown_shard,
)


@dataclass(frozen=True)
class Write:
    row: Row
    guard: Condition | None = None
    marks: bool = False
    """The row names the event: if it is there, the event has had its effect before."""
    gone: bool = False
    """The row is to be deleted."""
    parts: int | None = None
    """To be added to what the row counts, whatever else it says."""

    @property
    def is_put(self) -> bool:
        return not self.gone and self.parts is None


def written(record: Record, shop: Shop) -> list[Write]:
    rows = _ROWS[type(record)](record, shop)
    return rows if isinstance(rows, list) else [rows]


def _customer(record: Customer, _: Shop) -> Write:
    columns = {"stopped": record.stopped or None} | _listed(record)
    return _versioned(customer_key(record.shop, record.id), "head#profile", record, **columns)


def _consent(record: ConsentChange, _: Shop) -> Write:
    return _once(customer_key(record.shop, record.customer), f"consent#{record.id}", record)


def _ended(record: Ended, shop: Shop) -> Write:
    pk, sk = customer_key(record.shop, record.customer), f"conversation#{record.conversation.id}"
    return Write(table()(pk, sk, body=_json(record), **_kept(record, shop)))


def _inbound(record: Inbound, shop: Shop) -> Write:
    return _of_customer(record, "message", shop)


def _note(record: Note, shop: Shop) -> Write:
    return _of_customer(record, "note", shop)


def _recovered(record: Recovered, shop: Shop) -> Write:
    return _of_customer(record, "recovered", shop)


def _of_customer(record: Inbound | Note | Recovered, under: str, shop: Shop) -> Write:
    """Among what is kept of them, under an id that is written once."""
    pk = customer_key(record.shop, record.customer)
    return _once(pk, f"{under}#{record.id}", record, **_kept(record, shop))


def _outbound(record: Outbound, shop: Shop) -> Write:
    pk, sk = message_key(record.shop, record.id)
    return _versioned(pk, sk, record, **_due(record), **_kept(record, shop))


def _seen(record: EventSeen, shop: Shop) -> Write:
    pk = order_key(record.shop, record.platform, record.order)
    return _once(pk, f"event#{derived_id(record.id)}", record, **_kept(record, shop))


def _unlisted(record: Unlisted, _: Shop) -> Write:
    at, platform, order = record.listed_at, record.platform, record.order
    listed = listed_key(record.shop, record.customer, at, platform, order)
    return Write(table()(*listed, body=""), gone=True)


def _due(record: Outbound) -> dict[str, Any]:
    """Where the index has it: among what falls due, or among what nobody can tell."""
    if record.nobody_can_tell:
        return {"due_shard": unknown_shard(record.shop), "due_at": record.at.isoformat()}
    if record.due_at is None:
        return {}
    pk, _ = message_key(record.shop, record.id)
    return {"due_shard": shard(pk), "due_at": record.due_at.isoformat()}


def _listed(record: Customer) -> dict[str, Any]:
    """Where the index has a customer: whom people have to do with in their shop's list, by how long
    they have waited; others among what falls due, for a survey. It never interrupts who waits."""
    talk = record.conversation
    if talk is None or talk.state not in {"waiting", "assigned"}:
        return _surveyed(record)
    shown = msgspec.json.encode(card(record, talk)).decode()
    return {
        "due_shard": desk_shard(record.shop),
        "due_at": (talk.waiting_since or talk.last_text_at).isoformat(),
        "check_at": talk.check_at.isoformat() if talk.check_at else None,
        "card": shown,
    }


def _surveyed(record: Customer) -> dict[str, Any]:
    if record.survey is None or record.survey.due_at is None:
        return {}
    pk = customer_key(record.shop, record.id)
    return {"due_shard": shard(pk), "due_at": record.survey.due_at.isoformat()}


def _escalation(record: Escalation, shop: Shop) -> Write:
    pk, sk = matter_key(record.shop, record.key)
    return _versioned(pk, sk, record, **_alerting(record, shop), **_kept(record, shop))


def _alerting(record: Escalation, shop: Shop) -> dict[str, Any]:
    """Where the index has an escalation that nobody has closed: in its shop's list, by its age."""
    if record.state == "closed":
        return _came_of(record, shop)
    return {
        "due_shard": escalations_shard(record.shop),
        "due_at": record.raised_at.isoformat(),
        "check_at": record.next_at.isoformat() if record.next_at else None,
        "card": msgspec.json.encode(matter_card(record)).decode(),
    }


def _came_of(record: Escalation, shop: Shop) -> dict[str, Any]:
    """Where the index has a low rating that a person has closed: among what its day counts."""
    came = recovery.outcome(record)
    if came is None:
        return {}
    day = came.at.astimezone(ZoneInfo(shop.timezone)).date()
    return {
        "due_shard": day_shard(record.shop, day.isoformat()),
        "due_at": f"{recovery.FIGURE}#{came.at.isoformat()}",
        "card": msgspec.json.encode(came).decode(),
    }


def _order(record: Order, _: Shop) -> list[Write]:
    writes = [_versioned(order_key(record.shop, record.platform, record.id), "order", record)]
    if record.customer and record.listed_at:
        keys = listed_key(
            record.shop, record.customer, record.listed_at, record.platform, record.id
        )
        writes.append(Write(table()(*keys, body=_json(record))))
    return writes


def _numbered(record: Numbered | Unnumbered, _: Shop) -> Write:
    """Unguarded, as the order's copy in a list is: the order in the same transaction is guarded."""
    at, platform, order = record.listed_at, record.platform, record.order
    keys = numbered_key(record.shop, record.number, at, platform, order)
    if isinstance(record, Unnumbered):
        return Write(table()(*keys, body=""), gone=True)
    return Write(table()(*keys, body=_json(record)))


def _summary(record: Summary, shop: Shop) -> list[Write]:
    """Once among what is kept of its customer, and once where the link finds it, for as long as that
    is good."""
    body = _json(record)
    shown = int(record.until.timestamp())
    return [
        Write(table()(*summed_up_key(record), body=body, **_kept(record, shop))),
        Write(table()(*page_key(record.digest), body=body, expires_at=shown)),
    ]


def _revoked(record: Revoked, _: Shop) -> list[Write]:
    both = summed_up_key(record), page_key(record.digest)
    return [Write(table()(*each, body=""), gone=True) for each in both]


def _spent(record: Spend, shop: Shop) -> Write:
    row = table()(*purse_key(record.shop, record.purse), **_kept(record, shop))
    if record.holds is None:
        return Write(row, parts=record.parts)
    enough = Row.parts.does_not_exist() | (Row.parts <= record.holds - record.parts)
    return Write(row, enough, parts=record.parts)


def _fact(record: Fact, shop: Shop) -> Write:
    """Unguarded, as its customer in the same transaction is guarded."""
    pk, at = customer_key(record.shop, record.customer), record.at.isoformat()
    body = _json(record)
    index = _kept(record, shop) | {
        "due_shard": day_shard(record.shop, record.day),
        "due_at": f"{record.figure}#{at}",
        "card": body,
    }
    return Write(table()(pk, f"fact#{at}#{record.figure}", body=body, **index))


def _rating(record: Rating, shop: Shop) -> Write:
    """Unguarded, as a fact is."""
    pk, at = customer_key(record.shop, record.customer), record.at.isoformat()
    body = _json(record)
    index = _kept(record, shop) | {
        "due_shard": day_shard(record.shop, record.day),
        "due_at": f"{record.scale}#{at}",
        "card": body,
    }
    return Write(table()(pk, f"rating#{record.message}", body=body, **index))


def _counted(record: Counted, shop: Shop) -> Write:
    last_day = datetime.fromisoformat(f"{record.day}T00Z")
    until = last_day + timedelta(days=shop.retention.messages_days)
    row = table()(*count_key(record), expires_at=int(until.timestamp()))
    return Write(row, parts=record.n)


def _once(pk: str, sk: str, record: Record, **columns: Any) -> Write:
    row = table()(pk, sk, body=_json(record), **columns)
    return Write(row, Row.pk.does_not_exist(), marks=True)


def _versioned(
    pk: str, sk: str, record: Customer | Outbound | Order | Escalation, **columns: Any
) -> Write:
    """The record one version on, if it is still at the version it was loaded with."""
    loaded = record.version
    body = _json(replace(record, version=loaded + 1))
    row = table()(pk, sk, body=_lean(body), version=loaded + 1, **columns)
    return Write(row, Row.version == loaded if loaded else Row.pk.does_not_exist())


Lasting = (
    Ended
    | Inbound
    | Outbound
    | Note
    | EventSeen
    | Spend
    | Recovered
    | Fact
    | Rating
    | Summary
    | Escalation
)


def _kept(record: Lasting, shop: Shop) -> dict[str, Any]:
    at = record.raised_at if isinstance(record, Escalation) else record.at
    until = at + timedelta(days=shop.retention.messages_days)
    return {"expires_at": int(until.timestamp())}


_NOTHING = re.compile(r',"[a-z_]+":(?:null|\[\]|false|0)(?=[,}])')


def _lean(body: str) -> str:
    """Without the fields that say nothing and have that for a default, as all of a versioned record's
    have: a customer's row must stay below the kilobyte that a write unit pays for."""
    return _NOTHING.sub("", body)


def _json(record: Record) -> str:
    return msgspec.json.encode(record).decode()


_ROWS: dict[type[Record], Callable[[Any, Shop], Write | list[Write]]] = {
    Customer: _customer,
    ConsentChange: _consent,
    Ended: _ended,
    Inbound: _inbound,
    Note: _note,
    Recovered: _recovered,
    Outbound: _outbound,
    EventSeen: _seen,
    Order: _order,
    Numbered: _numbered,
    Unnumbered: _numbered,
    Unlisted: _unlisted,
    Spend: _spent,
    Escalation: _escalation,
    Fact: _fact,
    Counted: _counted,
    Rating: _rating,
    Summary: _summary,
    Revoked: _revoked,
}
