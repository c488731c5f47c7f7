"""Customers found by what people know of them."""

from typing import Any

import pytest

from kesher.domain.customer import customer_id
from local.machine import Machine
from local.outside.shop_events import Move
from tests.desk.caller import MINUTE, NOA, Caller, said, signed_in

SHIRIN = "+989123456789"


@pytest.fixture
def dana(machine: Machine) -> Caller:
    """Who has an order of Noa, and a text of hers."""
    machine.order_event(Move("1042", "confirmed", "generic", phone=NOA))
    machine.text(NOA, "נציג בבקשה")
    machine.world.run()
    return signed_in(machine)


def found(caller: Caller, q: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = said(caller.get("/customers", f"q={q}"))["items"]
    return items


@pytest.mark.parametrize("q", ["%2B972502345678", "050-234-5678", "۰۵۰۲۳۴۵۶۷۸"])
def test_one_is_found_by_their_number_as_people_write_it(dana: Caller, q: str) -> None:
    (noa,) = found(dana, q)

    assert noa["customer"]["id"] == customer_id("demo", NOA, "")
    assert (noa["state"], noa["order"]) == ("waiting", None)


@pytest.mark.parametrize("q", ["1042", "%231042", "١٠٤٢"])
def test_one_is_found_by_the_number_of_their_order(dana: Caller, q: str) -> None:
    (noa,) = found(dana, q)

    assert noa["customer"]["address"] == NOA
    assert (noa["order"]["platform"], noa["order"]["status"]) == ("generic", "confirmed")


def test_two_platforms_orders_of_one_number_find_both_buyers_the_newest_first(
    machine: Machine, dana: Caller
) -> None:
    machine.world.advance(MINUTE)
    machine.order_event(Move("1042", "confirmed", "shopify", phone=SHIRIN))
    machine.world.run()

    assert [each["customer"]["address"] for each in found(dana, "1042")] == [SHIRIN, NOA]


@pytest.mark.parametrize("q", ["050-999-9999", "1043", "נועה", "%20", "%00"])
def test_nobody_is_found_by_what_is_nobodys(dana: Caller, q: str) -> None:
    assert found(dana, q) == []


@pytest.mark.parametrize("query", ["", "q=", f"q={'1' * 101}", "phone=1"])
def test_what_cannot_be_looked_for_is_refused(dana: Caller, query: str) -> None:
    assert dana.get("/customers", query).status == 400


def test_nobody_of_another_shop_is_found(dana: Caller, neighbour: Caller) -> None:
    assert len(found(dana, "1042")) == 1
    assert [found(neighbour, q) for q in ("1042", "%2B972502345678")] == [[], []]
