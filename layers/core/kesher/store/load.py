"""What is stored, read back as the domain knows it. Reads are strongly consistent, since a decision
made on a stale copy would only lose its race; but for `missing`, which decides nothing."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

import msgspec

from kesher.domain.customer import Customer
from kesher.domain.message import (
    ConversationDue,
    EscalationDue,
    Inbound,
    Outbound,
    ReceiptReceived,
    SurveyDue,
    TextReceived,
)
from kesher.domain.order import Numbered, Order
from kesher.domain.proof import Sought, purse
from kesher.domain.shop import Shop
from kesher.domain.spending import Purse
from kesher.domain.summary import Summary
from kesher.domain.text import fold
from kesher.errors import NotFound
from kesher.store.card import ANSWERED, Card, Listed
from kesher.store.table import (
    SHARDS,
    SHOPS,
    Row,
    customer_key,
    desk_shard,
    escalations_shard,
    inbound_key,
    message_key,
    number_key,
    order_key,
    page_key,
    purse_key,
    recovered_key,
    table,
    unknown_shard,
)
from kesher.wire import OutboxDue

T = TypeVar("T")

SHOP_KEPT_SECONDS = 60
QUEUE_KEPT_SECONDS = 30
ORDERS_LOADED = 10
PROFILE = "head#profile"
_waiting: dict[str, tuple[float, int]] = {}
_shops: dict[str, tuple[float, Shop]] = {}


def load_customer(shop: str, customer: str) -> tuple[Customer | None, tuple[Order, ...]]:
    """A customer and their ten newest orders, the newest first."""
    rows = table().query(
        customer_key(shop, customer),
        Row.sk.startswith("head#"),
        consistent_read=True,
        scan_index_forward=False,
        limit=1 + ORDERS_LOADED,
    )
    profile: Customer | None = None
    orders: list[Order] = []
    for row in rows:
        if row.sk == PROFILE:
            profile = read(row, Customer)
        else:
            orders.append(read(row, Order))
    return profile, tuple(orders)


def load_profiles(shop: str, customers: Iterable[str]) -> dict[str, Customer]:
    """Those that there are, by id."""
    keys = [(customer_key(shop, each), PROFILE) for each in customers]
    found = table().batch_get(keys)
    return {each.id: each for each in (read(row, Customer) for row in found if is_kept(row))}


def load_buyer(
    shop: str, customer: str | None, texts: tuple[str, ...]
) -> tuple[Customer | None, tuple[Outbound, ...]]:
    """A customer without their orders, and those of these texts to them that there are. None for
    None, since an order may not have named anyone."""
    if customer is None:
        return None, ()
    profile = (customer_key(shop, customer), PROFILE)
    keys = [profile, *(message_key(shop, text) for text in texts)]
    rows = {row.sk: row for row in table().batch_get(keys, consistent_read=True)}
    found = rows.pop(PROFILE, None)
    buyer = read(found, Customer) if found else None
    return buyer, tuple(read(row, Outbound) for row in rows.values())


def load_order(shop: str, platform: str, order: str) -> Order | None:
    return _get(order_key(shop, platform, order), "order", Order)


def load_sought(shop: Shop, number: str | None, now: datetime) -> Sought | None:
    """The newest order of a number, its buyer, and how many codes of it were texted today. None where
    there is none, and for None."""
    if number is None:
        return None
    rows = table().query(
        number_key(shop.shop, fold(number)), consistent_read=True, scan_index_forward=False, limit=1
    )
    pointers = [read(row, Numbered) for row in rows]
    return _pointed(shop, pointers[0], now) if pointers else None


def _pointed(shop: Shop, found: Numbered, now: datetime) -> Sought | None:
    order = order_key(shop.shop, found.platform, found.order), "order"
    buyer = customer_key(shop.shop, found.customer), PROFILE
    given = purse_key(shop.shop, purse(shop, found.platform, found.order, now).name)
    rows = {row.sk: row for row in table().batch_get([order, buyer, given], consistent_read=True)}
    if "order" not in rows or PROFILE not in rows:
        return None
    texted = int(rows["purse"].parts or 0) if "purse" in rows else 0
    return Sought(read(rows["order"], Order), read(rows[PROFILE], Customer), texted)


def load_outbound(shop: str, message: str) -> tuple[Outbound, Customer] | None:
    """A text on its way and the customer it goes to; None where there is no such text."""
    pk, sk = message_key(shop, message)
    keys = [(pk, sk), (pk, PROFILE)]
    return _claimed({row.sk: row for row in table().batch_get(keys, consistent_read=True)}, sk)


def _claimed(rows: dict[str, Row], sk: str) -> tuple[Outbound, Customer] | None:
    if sk not in rows or PROFILE not in rows:
        return None
    return read(rows[sk], Outbound), read(rows[PROFILE], Customer)


def load_claimable(
    shop: str, message: str, purse: Purse | None
) -> tuple[tuple[Outbound, Customer] | None, tuple[Purse, int] | None]:
    """The same, and what has been taken from the purse it would be paid from."""
    if purse is None:
        return load_outbound(shop, message), None
    pk, sk = message_key(shop, message)
    keys = [(pk, sk), (pk, PROFILE), purse_key(shop, purse.name)]
    rows = {row.sk: row for row in table().batch_get(keys, consistent_read=True)}
    taken = rows.pop("purse", None)
    return _claimed(rows, sk), (purse, int(taken.parts or 0) if taken else 0)


def load_reported(receipt: ReceiptReceived) -> tuple[Outbound, Customer] | None:
    """The text a receipt is about. Receipts come to a URL that carries our id; one that came
    elsewhere is found among all of its customer's messages."""
    if receipt.message:
        return load_outbound(receipt.shop, receipt.message)
    for each in history(receipt.shop, receipt.customer or ""):
        if isinstance(each, Outbound) and each.provider_id == receipt.provider_id:
            return load_outbound(receipt.shop, each.id)
    return None


def history(shop: str, customer: str) -> tuple[Inbound | Outbound, ...]:
    """Every text to and from a customer that is still kept, the oldest first; of one instant, what
    came in before what it was answered with."""
    rows = table().query(
        customer_key(shop, customer), Row.sk.startswith("message#"), consistent_read=True
    )
    messages = (read_message(row) for row in rows if is_kept(row))
    return tuple(sorted(messages, key=lambda each: (each.at, isinstance(each, Outbound))))


def load_summary(digest: str) -> Summary | None:
    """What is behind a link. Whether it is still shown is for who shows it to say."""
    return _get(*page_key(digest), Summary)


def missing(texts: Iterable[TextReceived]) -> tuple[TextReceived, ...]:
    """Those that are neither stored nor were recovered before, in their order. It reads at half the
    price copies that may lag a second, for want of which a text may only be recovered in vain."""
    return _without(recovered_key, _without(inbound_key, tuple(texts)))


def _without(
    key: Callable[[TextReceived], tuple[str, str]], texts: tuple[TextReceived, ...]
) -> tuple[TextReceived, ...]:
    rows = table().batch_get([key(each) for each in texts], attributes_to_get=["pk", "sk"])
    there = {(row.pk, row.sk) for row in rows}
    return tuple(each for each in texts if key(each) not in there)


def due(now: datetime) -> Iterator[OutboxDue | ConversationDue | SurveyDue | EscalationDue]:
    """What has fallen due: texts and surveys shard by shard, then conversations and escalations shop
    by shop."""
    for shard in range(SHARDS):
        for row in table().due_index.query(str(shard), Row.due_at <= now.isoformat()):
            yield _due(row)
    for row in table().due_index.query(SHOPS):
        shop = row.pk.partition("#")[0]
        yield from _conversations_due(shop, now)
        yield from _escalations_due(shop, now)


def _conversations_due(shop: str, now: datetime) -> Iterator[ConversationDue]:
    is_due = Row.check_at.exists() & (Row.check_at <= now.isoformat())
    for row in table().due_index.query(desk_shard(shop), filter_condition=is_due):
        yield ConversationDue(shop, row.pk.rpartition("#")[2], row.check_at or "")


def _escalations_due(shop: str, now: datetime) -> Iterator[EscalationDue]:
    is_due = Row.check_at.exists() & (Row.check_at <= now.isoformat())
    for row in table().due_index.query(escalations_shard(shop), filter_condition=is_due):
        yield EscalationDue(shop, matter_named(row), row.check_at or "")


def matter_named(row: Row) -> str:
    """The key of the escalation that a row has."""
    return f"{row.pk.rpartition('#')[2]}-{row.sk.removeprefix('escalation#')}"


class Place(NamedTuple):
    """Where in one of a shop's lists a page ends: since when, and whom or what it ends with."""

    at: datetime
    id: str


def desk(shop: str, after: Place | None = None, at_once: int | None = None) -> Iterator[Listed]:
    """The conversations that people have to do with, who waits longest first; read as far as they
    are looked at, so many at once, or as many as DynamoDB gives."""
    start = _desk_key(shop, after) if after else None
    listed = table().due_index.query(desk_shard(shop), last_evaluated_key=start, page_size=at_once)
    for row in listed:
        if row.card:
            yield Listed(
                customer=row.pk.rpartition("#")[2],
                since=datetime.fromisoformat(row.due_at or ""),
                card=msgspec.json.decode(row.card, type=Card),
            )


def _desk_key(shop: str, place: Place) -> dict[str, dict[str, str]]:
    """As DynamoDB wants it to begin after. The shop is the caller's, whatever the place names."""
    return index_key(desk_shard(shop), place.at, customer_key(shop, place.id), PROFILE)


def index_key(shard: str, at: datetime, pk: str, sk: str) -> dict[str, dict[str, str]]:
    key = {"due_shard": shard, "due_at": at.isoformat(), "pk": pk, "sk": sk}
    return {name: {"S": value} for name, value in key.items()}


def count_waiting(shop: str) -> int:
    """How many customers wait for a person: counted anew every half a minute, to be told of a queue.
    Who is answered, and stays with their agent, keeps nobody waiting."""
    kept_until, kept = _waiting.get(shop, (0.0, 0))
    if kept_until < time.monotonic():
        waits = ~Row.card.contains(ANSWERED)
        kept = table().due_index.count(desk_shard(shop), filter_condition=waits)
        _waiting[shop] = time.monotonic() + QUEUE_KEPT_SECONDS, kept
    return kept


def _due(row: Row) -> OutboxDue | SurveyDue:
    shop, due = row.pk.partition("#")[0], row.due_at or ""
    if row.sk == PROFILE:
        return SurveyDue(shop, row.pk.rpartition("#")[2], due)
    return OutboxDue(shop, row.sk.removeprefix("message#"), due)


@dataclass(frozen=True)
class Unknown:
    texts: tuple[Outbound, ...]
    rest: Place | None = None
    """Where the rest begins after, if there is any."""


def unknown(shop: str, limit: int = 100, after: Place | None = None) -> Unknown:
    """The texts of which nobody can tell whether they left, the oldest first, at most 100 of them.
    The index may lag: what has been settled meanwhile is left out."""
    start = _unknown_key(shop, after) if after else None
    query = table().due_index.query(unknown_shard(shop), limit=limit + 1, last_evaluated_key=start)
    listed = list(query)
    keys = [(row.pk, row.sk) for row in listed[:limit]]
    rows = {row.sk: row for row in table().batch_get(keys, consistent_read=True) if is_kept(row)}
    texts = (read(rows[sk], Outbound) for _, sk in keys if sk in rows)
    last = listed[limit - 1] if len(listed) > limit else None
    return Unknown(tuple(each for each in texts if each.nobody_can_tell), _place(last))


def _place(row: Row | None) -> Place | None:
    if row is None:
        return None
    return Place(datetime.fromisoformat(row.due_at or ""), row.sk.removeprefix("message#"))


def _unknown_key(shop: str, place: Place) -> dict[str, dict[str, str]]:
    return index_key(unknown_shard(shop), place.at, *message_key(shop, place.id))


def load_shop(shop: str) -> Shop:
    """Kept for a minute; raises NotFound."""
    kept_until, kept = _shops.get(shop, (0.0, None))
    if kept is None or kept_until < time.monotonic():
        kept = _get(f"{shop}#shop", "file", Shop)
        if kept is None:
            raise NotFound(f"no shop {shop!r}")
        _shops[shop] = time.monotonic() + SHOP_KEPT_SECONDS, kept
    return kept


def save_shop(shop: Shop) -> None:
    body = msgspec.json.encode(shop).decode()
    row = table()(f"{shop.shop}#shop", "file", body=body, due_shard=SHOPS, due_at=shop.shop)
    row.save()
    _shops.pop(shop.shop, None)


def _get(pk: str, sk: str, record: type[T]) -> T | None:
    try:
        return read(table().get(pk, sk, consistent_read=True), record)
    except table().DoesNotExist:
        return None


def under(prefix: str, rows: list[Row]) -> list[Row]:
    """Those whose sort key begins so."""
    return [row for row in rows if row.sk.startswith(prefix)]


def is_kept(row: Row) -> bool:
    """DynamoDB deletes what has expired within some days."""
    return not row.expires_at or row.expires_at > time.time()


def read_message(row: Row) -> Inbound | Outbound:
    """Only an outbound message has a status."""
    return read(row, Outbound) if row.version else read(row, Inbound)


def read(row: Row, record: type[T]) -> T:
    return msgspec.json.decode(row.body, type=record)
