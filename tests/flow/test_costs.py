"""What a text and an order cost, counted, and that it does not grow."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from kesher.domain.customer import customer_id
from local.bench.desk import opened
from local.bench.units import write_units
from local.machine import Machine
from local.outside.shop_events import Move
from local.world import Call
from tests.desk.caller import nobody_can_tell, signed_in

NOA = "+972502345678"


@contextmanager
def counted(machine: Machine) -> Iterator[Counter[tuple[str, str]]]:
    counts: Counter[tuple[str, str]] = Counter()

    def count(call: Call) -> None:
        counts[call.room, call.service] += 1

    machine.world.after.append(count)
    yield counts
    machine.world.after.remove(count)


def warm(machine: Machine) -> None:
    """One of each, so that every room has read its shop."""
    machine.text("+972523456789", "שלום")
    machine.order_event(Move("1", "confirmed", phone="+972523456789"))
    machine.world.run()


def test_a_text_costs_two_requests_and_one_queue_send_to_its_stored_decision(
    machine: Machine,
) -> None:
    warm(machine)
    for text in ("מה שעות הפתיחה?", "משהו אחר לגמרי", "איפה ההזמנה שלי?"):
        with counted(machine) as counts, write_units(machine.world) as units:
            machine.text(NOA, text)
            machine.world.run()
        assert counts["converse", "dynamodb"] == 2
        assert (counts["inbound", "sqs"] - 2, counts["converse", "sqs"]) == (1, 1)  # two receipts
        assert units["converse"] <= 8


def test_an_order_event_costs_three_requests_and_its_sending_three(machine: Machine) -> None:
    warm(machine)
    for kind in ("confirmed", "shipped", "delivered"):
        with counted(machine) as counts:
            machine.order_event(Move("1001", kind))
            machine.world.run()
        assert counts["notify", "dynamodb"] <= 3
        assert counts["send", "dynamodb"] <= 3
        assert counts["notify", "sqs"] == 1


def test_an_order_of_another_costs_two_requests_more_and_its_first_code_five_units(
    machine: Machine,
) -> None:
    warm(machine)
    machine.order_event(Move("2002", "confirmed", phone="+972523456789"))
    machine.world.run()
    for text, most in (("הזמנה 2002", 13), ("111111", 8)):
        with counted(machine) as counts, write_units(machine.world) as units:
            machine.text(NOA, text)
            machine.world.run()
        assert counts["converse", "dynamodb"] == 4
        assert units["converse"] <= most


@pytest.mark.parametrize("texts", [1, 40])
def test_the_cost_of_a_text_does_not_grow_with_history(machine: Machine, texts: int) -> None:
    for n in range(texts):
        machine.text(NOA, f"הודעה מספר {n}")
        machine.world.run()
    with counted(machine) as counts, write_units(machine.world) as units:
        machine.text(NOA, "ועוד אחת")
        machine.world.run()
    assert counts["converse", "dynamodb"] == 2
    assert units["converse"] <= 8


def test_a_repeated_text_is_not_paid_for_twice(machine: Machine) -> None:
    warm(machine)
    machine.twilio.text(NOA, "שלום", "SM1")
    machine.world.run()
    sent: list[Any] = list(machine.phones.got[NOA])
    machine.twilio.text(NOA, "שלום", "SM1")
    machine.world.run()
    assert sent == machine.phones.got[NOA]


def test_the_desk_reads_a_page_in_two_requests_and_settles_in_four(machine: Machine) -> None:
    """Two of the four keep the answer of the POST."""
    texts = nobody_can_tell(machine, NOA, "+972523456789", "+989123456789")
    dana = signed_in(machine)
    dana.get("/me")
    with counted(machine) as counts:
        dana.get("/unknown")
    assert counts["desk", "dynamodb"] == 2
    with counted(machine) as counts, write_units(machine.world) as units:
        dana.post(f"/unknown/{texts[0].id}/settle", {"outcome": "arrived"})
    assert counts["desk", "dynamodb"] == 4
    assert units["desk"] == 4


def test_a_note_costs_two_requests_and_five_units(machine: Machine) -> None:
    """Two more of each keep the answer of the POST."""
    dana = signed_in(machine)
    machine.text(NOA, "The bottle came broken")
    machine.world.run()
    dana.get("/me")
    with counted(machine) as counts, write_units(machine.world) as units:
        dana.post(f"/conversations/{customer_id('demo', NOA, '')}/note", {"text": "Call her"})
    assert (counts["desk", "dynamodb"], units["desk"]) == (4, 7)


def test_a_reply_that_ends_a_wait_costs_three_requests_and_what_is_measured_of_it(
    machine: Machine,
) -> None:
    """One request reads the customer, one writes, and the answer of the POST is kept by two."""
    machine.text(NOA, "נציג")
    machine.world.run()
    dana, customer = signed_in(machine), customer_id("demo", NOA, "")
    spent = []
    for text in ("הנה התשובה", "ועוד משהו"):
        with counted(machine) as counts, write_units(machine.world) as units:
            dana.post(f"/conversations/{customer}/reply", {"text": text})
        assert counts["desk", "dynamodb"] == 4
        spent.append(units["desk"])

    assert spent == [22, 8]


def test_queue_and_thread_are_one_query_however_many_wait_and_however_long_it_is() -> None:
    pages = opened(waiting=300, texts=500)

    *pages, figures = pages
    assert (figures.name, dict(figures.calls)) == (
        "the manager's view of today",
        {"dynamodb Query": 3},
    )
    assert [(each.name, dict(each.calls)) for each in pages] == [
        (name, {"dynamodb Query": 1})
        for name in (
            "the desk as it is opened",
            "the queue",
            "the queue, looked at again",
            "a thread",
            "a thread, looked at again",
        )
    ]
    assert max(each.read_units for each in pages if "queue" in each.name) <= 8
