"""Decisions, written whole or not at all."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import msgspec
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from kesher.domain.conversation import Ended
from kesher.domain.customer import ConsentChange, Customer, derived_id
from kesher.domain.decision import Decision, MayReceive, Record
from kesher.domain.escalation import Escalation
from kesher.domain.message import Inbound, Outbound, Recovered
from kesher.domain.order import EventSeen, Numbered, Order, Unlisted, Unnumbered
from kesher.domain.outbox import Loaded
from kesher.domain.shop import Shop
from kesher.domain.spending import Spend
from kesher.errors import LostRace
from kesher.store.card import card, matter_card
from kesher.store.table import (
    Row,
    connection,
    customer_key,
    desk_shard,
    escalations_shard,
    listed_key,
    matter_key,
    message_key,
    numbered_key,
    order_key,
    purse_key,
    shard,
    table,
    unknown_shard,
)

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 3
RACES = frozenset({"ConditionalCheckFailed", "TransactionConflict"})


@dataclass(frozen=True)
class _Write:
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


def commit(decision: Decision, shop: Shop) -> None:
    """All records of the decision, or none. Nothing happens where the event has had its effect
    before. Raises LostRace where a record, or the customer's consent, is no longer what the decision
    was made on."""
    writes = [write for record in decision.records for write in _writes(record, shop)]
    try:
        if len(writes) == 1 and not decision.provided and writes[0].is_put:
            writes[0].row.save(condition=writes[0].guard)
        elif writes:
            _transact(writes, decision.provided)
    except PutError as error:
        code = str(error.cause_response_code).removesuffix("Exception")
        if code not in RACES:
            raise
        _refuse(writes, [code], error)
    except TransactWriteError as error:
        codes = [reason.code if reason else "None" for reason in error.cancellation_reasons]
        if not RACES & set(codes):
            raise
        _refuse(_as_sent(writes), codes[len(decision.provided) :], error)


def retried(room: Callable[P, R]) -> Callable[P, R]:
    """Runs the function again, from its loading on, when it lost a race."""

    @wraps(room)
    def trying(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(TRIES - 1):
            try:
                return room(*args, **kwargs)
            except LostRace:
                continue
        return room(*args, **kwargs)

    return trying


def settle(
    loaded: Loaded, decide: Callable[[Loaded], Decision], reload: Callable[[], Loaded], shop: Shop
) -> Decision:
    """Commits what is decided on what was loaded; on what is loaded anew, if that lost a race."""
    for _ in range(TRIES - 1):
        decision = decide(loaded)
        try:
            commit(decision, shop)
        except LostRace:
            loaded = reload()
        else:
            return decision
    decision = decide(loaded)
    commit(decision, shop)
    return decision


def _transact(writes: list[_Write], provided: tuple[MayReceive, ...]) -> None:
    with TransactWrite(connection=connection()) as transaction:
        for write in writes:
            _act(transaction, write)
        for each in provided:
            transaction.condition_check(
                table(),
                customer_key(each.shop, each.customer),
                "head#profile",
                condition=_may_receive(each),
            )


def _act(transaction: TransactWrite, write: _Write) -> None:
    if write.gone:
        transaction.delete(write.row, condition=write.guard)
    elif write.parts is None:
        transaction.save(write.row, condition=write.guard)
    else:
        counted: list[Action] = [Row.parts.add(write.parts)]
        counted += [Row.expires_at.set(write.row.expires_at)]
        transaction.update(write.row, counted, condition=write.guard)


def _as_sent(writes: list[_Write]) -> list[_Write]:
    """In the order DynamoDB answers in, which is PynamoDB's: checks, deletions, puts, updates."""
    return sorted(writes, key=lambda write: (not write.gone, write.parts is not None))


def _may_receive(each: MayReceive) -> Condition:
    """`stopped` is a set, and DynamoDB keeps no empty ones."""
    given: Condition = Row.stopped.does_not_exist() | ~Row.stopped.contains(each.message_class)
    return given


def _refuse(writes: list[_Write], codes: list[str], error: Exception) -> None:
    """The reasons come in the order PynamoDB sends, less those of the conditions."""
    pairs = zip(writes, codes, strict=True)
    if not any(write.marks and code == "ConditionalCheckFailed" for write, code in pairs):
        raise LostRace(str(codes)) from error


def _writes(record: Record, shop: Shop) -> list[_Write]:
    match record:
        case Customer():
            pk = customer_key(record.shop, record.id)
            columns = {"stopped": record.stopped or None} | _listed(record)
            writes = [_versioned(pk, "head#profile", record, **columns)]
        case ConsentChange():
            pk = customer_key(record.shop, record.customer)
            writes = [_once(pk, f"consent#{record.id}", record)]
        case Ended():
            keys = (
                customer_key(record.shop, record.customer),
                f"conversation#{record.conversation.id}",
            )
            writes = [_Write(table()(*keys, body=_json(record), **_kept(record, shop)))]
        case Inbound():
            pk = customer_key(record.shop, record.customer)
            writes = [_once(pk, f"message#{record.id}", record, **_kept(record, shop))]
        case Recovered():
            pk = customer_key(record.shop, record.customer)
            writes = [_once(pk, f"recovered#{record.id}", record, **_kept(record, shop))]
        case Outbound():
            pk, sk = message_key(record.shop, record.id)
            writes = [_versioned(pk, sk, record, **_due(record), **_kept(record, shop))]
        case EventSeen():
            pk = order_key(record.shop, record.platform, record.order)
            writes = [_once(pk, f"event#{derived_id(record.id)}", record, **_kept(record, shop))]
        case Order():
            writes = _order(record)
        case Numbered() | Unnumbered():
            writes = [_numbered(record)]
        case Unlisted():
            at, platform, order = record.listed_at, record.platform, record.order
            listed = listed_key(record.shop, record.customer, at, platform, order)
            writes = [_Write(table()(*listed, body=""), gone=True)]
        case Escalation():
            pk, sk = matter_key(record.shop, record.key)
            columns = _shown(record) | _kept(record, shop)
            writes = [_versioned(pk, sk, record, **columns)]
        case Spend():
            writes = [_spent(record, shop)]
    return writes


def _due(record: Outbound) -> dict[str, Any]:
    """Where the index has it: among what falls due, or among what nobody can tell."""
    if record.nobody_can_tell:
        return {"due_shard": unknown_shard(record.shop), "due_at": record.at.isoformat()}
    if record.due_at is None:
        return {}
    pk, _ = message_key(record.shop, record.id)
    return {"due_shard": shard(pk), "due_at": record.due_at.isoformat()}


def _listed(record: Customer) -> dict[str, Any]:
    """Where the index has a conversation that people have to do with: in its shop's list, by how long
    its customer has waited."""
    talk = record.conversation
    if talk is None or talk.state not in {"waiting", "assigned"}:
        return {}
    shown = msgspec.json.encode(card(record, talk)).decode()
    return {
        "due_shard": desk_shard(record.shop),
        "due_at": (talk.waiting_since or talk.last_text_at).isoformat(),
        "check_at": talk.check_at.isoformat() if talk.check_at else None,
        "card": shown,
    }


def _shown(record: Escalation) -> dict[str, Any]:
    """Where the index has an escalation that nobody has closed: in its shop's list, by its age."""
    if record.state == "closed":
        return {}
    return {
        "due_shard": escalations_shard(record.shop),
        "due_at": record.raised_at.isoformat(),
        "check_at": record.next_at.isoformat() if record.next_at else None,
        "card": msgspec.json.encode(matter_card(record)).decode(),
    }


def _order(record: Order) -> list[_Write]:
    writes = [_versioned(order_key(record.shop, record.platform, record.id), "order", record)]
    if record.customer and record.listed_at:
        keys = listed_key(
            record.shop, record.customer, record.listed_at, record.platform, record.id
        )
        writes.append(_Write(table()(*keys, body=_json(record))))
    return writes


def _numbered(record: Numbered | Unnumbered) -> _Write:
    """Unguarded, as the order's copy in a list is: the order in the same transaction is guarded."""
    at, platform, order = record.listed_at, record.platform, record.order
    keys = numbered_key(record.shop, record.number, at, platform, order)
    if isinstance(record, Unnumbered):
        return _Write(table()(*keys, body=""), gone=True)
    return _Write(table()(*keys, body=_json(record)))


def _spent(record: Spend, shop: Shop) -> _Write:
    row = table()(*purse_key(record.shop, record.purse), **_kept(record, shop))
    if record.holds is None:
        return _Write(row, parts=record.parts)
    enough = Row.parts.does_not_exist() | (Row.parts <= record.holds - record.parts)
    return _Write(row, enough, parts=record.parts)


def _once(pk: str, sk: str, record: Record, **columns: Any) -> _Write:
    row = table()(pk, sk, body=_json(record), **columns)
    return _Write(row, Row.pk.does_not_exist(), marks=True)


def _versioned(
    pk: str, sk: str, record: Customer | Outbound | Order | Escalation, **columns: Any
) -> _Write:
    """The record one version on, if it is still at the version it was loaded with."""
    loaded = record.version
    body = _json(replace(record, version=loaded + 1))
    row = table()(pk, sk, body=_lean(body), version=loaded + 1, **columns)
    return _Write(row, Row.version == loaded if loaded else Row.pk.does_not_exist())


def _kept(
    record: Ended | Inbound | Outbound | EventSeen | Spend | Recovered | Escalation, shop: Shop
) -> dict[str, Any]:
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
