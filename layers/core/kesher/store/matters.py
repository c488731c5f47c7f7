"""Escalations, read back: one that shall climb, with all that this turns on; those that a text takes;
a shop's list."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from kesher.domain.alert import Recipient
from kesher.domain.customer import Customer
from kesher.domain.escalation import Escalation
from kesher.domain.ladder import Known
from kesher.domain.message import Outbound
from kesher.store.card import ListedMatter, MatterCard
from kesher.store.load import Place, index_key, is_kept, matter_named, read
from kesher.store.table import (
    Row,
    customer_key,
    escalations_shard,
    matter_key,
    message_key,
    table,
)

Key = tuple[str, str]


def load_known(shop: str, escalation: str) -> Known | None:
    """An escalation, its customer, and what became of its alerts; None where there is none."""
    pk, sk = matter_key(shop, escalation)
    rows = _rows([(pk, sk), (pk, "head#profile")])
    if (pk, sk) not in rows:
        return None
    matter = read(rows[pk, sk], Escalation)
    profile = rows.get((pk, "head#profile"))
    sent = _rows([message_key(shop, each.message) for each in matter.alerted])
    return Known(
        matter,
        read(profile, Customer) if profile else None,
        tuple(read(row, Outbound) for row in sent.values()),
    )


def load_matters(shop: str, keys: tuple[str, ...]) -> tuple[Escalation, ...]:
    """Those that there are, in their order."""
    wanted = [matter_key(shop, each) for each in keys]
    rows = _rows(wanted)
    return tuple(read(rows[key], Escalation) for key in wanted if key in rows)


def load_recipients(shop: str, ids: tuple[str, ...]) -> dict[str, Recipient]:
    """By id, those who were ever alerted or have ever written: what they were alerted of last."""
    rows = _rows([(customer_key(shop, each), "head#profile") for each in ids])
    profiles = [read(row, Customer) for row in rows.values()]
    last = _rows([message_key(shop, each.alert) for each in profiles if each.alert])
    return {each.id: _recipient(shop, each, last) for each in profiles}


def _recipient(shop: str, profile: Customer, last: dict[Key, Row]) -> Recipient:
    """What an alert is about is only asked for of one that still waits."""
    row = last.get(message_key(shop, profile.alert or ""))
    alert = read(row, Outbound) if row else None
    is_waiting = alert is not None and alert.held and alert.status == "queued"
    return Recipient(profile, alert, load_matters(shop, profile.matters) if is_waiting else ())


def unraised(matters: tuple[Escalation, ...]) -> tuple[Escalation, ...]:
    """Those of new ones that were not raised before."""
    rows = _rows([matter_key(each.shop, each.key) for each in matters])
    return tuple(each for each in matters if matter_key(each.shop, each.key) not in rows)


def escalations(shop: str, after: Place | None = None) -> Iterator[ListedMatter]:
    """Those that nobody has closed, the oldest first; read as far as they are looked at."""
    start = _key(shop, after) if after else None
    for row in table().due_index.query(escalations_shard(shop), last_evaluated_key=start):
        yield ListedMatter(
            matter_named(row),
            datetime.fromisoformat(row.due_at or ""),
            msgspec.json.decode(row.card or "", type=MatterCard),
        )


def _key(shop: str, place: Place) -> dict[str, dict[str, str]]:
    return index_key(escalations_shard(shop), place.at, *matter_key(shop, place.id))


def _rows(keys: Iterable[Key]) -> dict[Key, Row]:
    """Of none without asking; each key once, as DynamoDB wants it."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return {}
    found = table().batch_get(wanted, consistent_read=True)
    return {(row.pk, row.sk): row for row in found if is_kept(row)}
