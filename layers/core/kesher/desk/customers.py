"""Customers that an agent looks for: by a phone number or an order's. There is no list of all of them,
and none of names."""

from typing import Annotated

from msgspec import Meta

from kesher import store
from kesher.desk.conversations import (
    CustomerShown,
    OrderShown,
    customer_shown,
    order_shown,
)
from kesher.desk.route import Answered, Asked, Body, Given, Route
from kesher.domain.conversation import State
from kesher.phone import e164


class FoundCustomer(Body, frozen=True):
    customer: CustomerShown
    state: Annotated[
        State | None, Meta(description="Of the open or last conversation; null without one.")
    ]
    order: Annotated[
        OrderShown | None, Meta(description="By whose number they were found; else by their own.")
    ]


class FoundCustomers(Body, frozen=True):
    items: list[FoundCustomer]


class Looked(Given, frozen=True):
    q: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=100,
            description="A phone number as people write it, or the number of an order, whole.",
        ),
    ]


def find_customers(asked: Asked) -> Answered:
    wanted: Looked = asked.query
    found = store.find(asked.shop.shop, e164(wanted.q, asked.shop.country), wanted.q)
    return Answered(FoundCustomers([_shown(each) for each in found]))


def _shown(found: store.Found) -> FoundCustomer:
    talk = found.customer.conversation
    return FoundCustomer(
        customer=customer_shown(found.customer),
        state=talk.state if talk else None,
        order=order_shown(found.order) if found.order else None,
    )


ROUTES = (
    Route(
        "GET",
        "/customers",
        "agent",
        "Customers with this phone number, or with an order of this number",
        find_customers,
        FoundCustomers,
        query=Looked,
    ),
)
