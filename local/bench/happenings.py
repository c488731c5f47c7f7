"""What happens in a shop all day, and what each of it asks of AWS."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from local import shopfile
from local.bench.units import read_units, write_units
from local.machine import DEMO_SECRETS, DEMO_SHOP, Machine, secrets_in
from local.outside.shop_events import Move
from local.world import Call, Clock


@dataclass
class Happening:
    """One kind of event, and how to make the n-th of it happen."""

    name: str
    rooms: tuple[str, ...]
    happen: Callable[[Machine, int], None]


HAPPENINGS = (
    Happening(
        "an inbound text",
        ("inbound", "converse", "send"),
        lambda machine, n: _texted(machine, f"+97250234{5000 + n // 5}", "מה שעות הפתיחה?"),
    ),
    Happening(
        "an order event",
        ("inbound", "notify", "send"),
        lambda machine, n: _ordered(machine, str(1000 + n)),
    ),
)


def _texted(machine: Machine, number: str, text: str) -> None:
    machine.text(number, text)
    machine.world.run()


def _ordered(machine: Machine, order: str) -> None:
    machine.order_event(Move(order, "confirmed"))
    machine.world.run()


@contextmanager
def warm() -> Iterator[Machine]:
    clock = Clock(fixed=datetime(2026, 11, 23, 10, tzinfo=UTC))
    with Machine(shopfile.read(DEMO_SHOP), secrets_in(DEMO_SECRETS), clock=clock) as machine:
        for n, happening in enumerate(HAPPENINGS):
            happening.happen(machine, n)
        yield machine


def requests(
    happening: Happening,
) -> tuple[Counter[tuple[str, str]], dict[str, float], Counter[str]]:
    """Calls by room and operation, and read and write units by room, of one such event in a warm
    system."""
    calls: Counter[tuple[str, str]] = Counter()

    def count(call: Call) -> None:
        calls[call.room, f"{call.service} {call.operation}"] += 1

    with warm() as machine:
        machine.world.before.append(count)
        with read_units(machine.world) as read, write_units(machine.world) as written:
            happening.happen(machine, 50)
    return calls, read, written
