"""Customers found by what people know of them: their number, or that of an order."""

from dataclasses import dataclass

from kesher.domain.customer import Customer, customer_id
from kesher.domain.order import Numbered, Order
from kesher.domain.text import fold
from kesher.store.load import PROFILE, read
from kesher.store.table import customer_key, number_key, order_key, table

MOST_ORDERS = 5
"""Of one number: of several platforms, or of several years."""


@dataclass(frozen=True)
class Found:
    customer: Customer
    order: Order | None = None
    """By which they were found."""


def find(shop: str, address: str | None, number: str) -> tuple[Found, ...]:
    """Who has this address, and who bought what has this number, the newest first."""
    pointers = _pointers(shop, number)
    ours = [customer_id(shop, address, "")] if address else []
    buyers = [each.customer for each in pointers]
    people = [(customer_key(shop, each), PROFILE) for each in dict.fromkeys((*ours, *buyers))]
    orders = [(order_key(shop, each.platform, each.order), "order") for each in pointers]
    if not people:
        return ()
    rows = {row.pk: row for row in table().batch_get([*people, *orders], consistent_read=True)}
    customers = {id: row for id in (*ours, *buyers) if (row := rows.get(customer_key(shop, id)))}
    named = [Found(read(customers[each], Customer)) for each in ours if each in customers]
    bought = [
        Found(read(customers[each.customer], Customer), read(row, Order))
        for each, (pk, _) in zip(pointers, orders, strict=True)
        if each.customer in customers and (row := rows.get(pk))
    ]
    return (*named, *bought)


def _pointers(shop: str, number: str) -> list[Numbered]:
    rows = table().query(
        number_key(shop, fold(number)),
        consistent_read=True,
        scan_index_forward=False,
        limit=MOST_ORDERS,
    )
    return [read(row, Numbered) for row in rows]
