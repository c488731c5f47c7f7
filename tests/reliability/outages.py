"""Long outages, lived through and measured: `.venv/bin/python -m tests.reliability.outages`."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError
from rich.console import Console
from rich.table import Table

from local.world import Call
from tests.reliability.life import Life
from tests.reliability.providers import FINE

CUSTOMERS = tuple(f"+97250{2345600 + n}" for n in range(20))
TEXTS = 60
"""While an outage lasts; and half as many events of orders: a confirmation, then its shipping."""
WITHIN = (5, 15, 60)
"""Minutes after the end of an outage."""

Outage = Callable[[Life], None]


@dataclass
class Figures:
    name: str
    texts: int
    stored: int
    orders: int
    owed: int
    """Texts of ours: answers and notices."""
    calls: int
    """Of the provider."""
    retries: int
    failures: int
    """Invocations that failed."""
    delivered: int
    within: tuple[int, ...]
    """Delivered by so many minutes after the end."""
    doubled: int
    unknown: int
    expired: int
    dead: int


def table_throttled(life: Life) -> None:
    """From the next provider call on, so that an answer is lost as well."""

    def fault(call: Call) -> None:
        if call.room and call.service == "dynamodb":
            error = {"Error": {"Code": "ProvisionedThroughputExceededException", "Message": ""}}
            raise ClientError(error, call.operation)  # type: ignore[arg-type]

    def begins(call: Call) -> None:
        if call.service == "http" and fault not in life.world.before:
            life.world.before.append(fault)

    life.world.before.append(begins)


def provider_that(mood: str) -> Outage:
    return lambda life: life.provider_turns(mood)


OUTAGES: dict[str, tuple[Outage, timedelta]] = {
    "the table throttles": (table_throttled, timedelta(minutes=5)),
    "the provider says 429": (provider_that("throttles"), timedelta(hours=1)),
    "the provider refuses connections": (provider_that("is unreachable"), timedelta(hours=1)),
    "the provider does not answer, and takes nothing": (provider_that("hangs"), timedelta(hours=1)),
    "the provider takes it and does not answer": (
        provider_that("takes it and hangs"),
        timedelta(hours=1),
    ),
    "the provider says 503, and takes nothing": (provider_that("breaks"), timedelta(hours=1)),
}


def lived(name: str, texts: int = TEXTS) -> tuple[Life, Figures]:
    """The life after it, still open, and what came of it."""
    outage, lasts = OUTAGES[name]
    life = Life(CUSTOMERS)
    failures = Failures(life)
    outage(life)
    orders = business(life, lasts, texts, failures)
    life.world.before.clear()
    life.provider.mood = FINE
    life.forgive()
    within = tuple(delivered_after(life, minutes) for minutes in since_last(WITHIN))
    life.advance(24 * 3600)
    failures.count()
    return life, figures(life, name, orders, within, failures.n)


@dataclass
class Failures:
    """Invocations that failed, counted before the trace forgets them."""

    life: Life
    n: int = 0
    _seen: int = 0

    def count(self) -> None:
        new = [each for each in self.life.world.trace._steps if each.n > self._seen]
        self._seen = max((each.n for each in new), default=self._seen)
        self.n += sum(each.failed and each.place in {"room", "clock"} for each in new)


def business(life: Life, lasts: timedelta, texts: int, failures: Failures) -> int:
    """Texts and orders keep coming in; how many events of orders there were."""
    for n in range(texts):
        customer, buyer = CUSTOMERS[n % len(CUSTOMERS)], CUSTOMERS[n // 4 % len(CUSTOMERS)]
        life.text(customer, "מתי אתם פתוחים?", "twilio" if n % 3 else "simulator")
        if n % 2 == 0:
            life.order(str(1000 + n // 4), "shipped" if n % 4 else "confirmed", buyer)
        life.advance(lasts.total_seconds() / texts)
        failures.count()
    return texts // 2


def since_last(minutes: tuple[int, ...]) -> list[int]:
    return [each - before for before, each in zip((0, *minutes), minutes, strict=False)]


def delivered_after(life: Life, minutes: int) -> int:
    life.advance(minutes * 60)
    return len(with_status(life, "delivered"))


def with_status(life: Life, *statuses: str) -> list[dict[str, Any]]:
    return [each for each in life.witness.texts.values() if each["status"] in statuses]


def figures(life: Life, name: str, orders: int, within: tuple[int, ...], failures: int) -> Figures:
    witness, queues = life.witness, life.world.queues.values()
    left = [each for each in witness.texts.values() if each.get("attempt")]
    return Figures(
        name=name,
        texts=len(life.promised),
        stored=len(witness.stored),
        orders=orders,
        owed=len(witness.texts),
        calls=life.provider.calls,
        retries=sum(each["attempt"] - 1 for each in left),
        failures=failures,
        delivered=len(with_status(life, "delivered")),
        within=within,
        doubled=sum(taken > 1 for taken in witness.taken.values()),
        unknown=len(with_status(life, "unknown")),
        expired=len(with_status(life, "expired", "rejected")),
        dead=sum(len(queue.dead) for queue in queues),
    )


def main() -> None:
    shown = Table("outage", *(each.name for each in fields(Figures)[1:]))
    for name in OUTAGES:
        life, measured = lived(name)
        life.machine.__exit__(None, None, None)
        shown.add_row(*(str(getattr(measured, each.name)) for each in fields(Figures)))
    Console(width=200).print(shown)


if __name__ == "__main__":
    main()
