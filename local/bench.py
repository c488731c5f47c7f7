"""`make bench`: what an inbound text and an order event cost, in requests, units, CPU and cold start.

Units are computed from the rows as DynamoDB's pricing defines them, since moto does not: a write of
each begun kB is one unit, two in a transaction; an index entry that appears, changes or goes is one
more (two, where its key moves). CPU is this process's own: what moto spends standing in for AWS is
taken out, what botocore spends building, signing and parsing the same calls is the yardstick. A cold
start is the CPU of a fresh process that imports a room and makes its clients, against a fresh process
that imports botocore and makes the same clients.
"""

import math
import os
import platform
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from unittest import mock

import botocore.client
from moto.core.botocore_stubber import BotocoreStubber
from rich.console import Console
from rich.table import Table

from kesher import sdk
from local import shopfile
from local import world as worlds
from local.machine import DEMO_SECRETS, DEMO_SHOP, Machine, secrets_in
from local.outside.shop_events import Move
from local.strict import KB, item_size
from local.template import ROOT
from local.world import _API, Call, Clock, World

REPEATS = 200
COLD_RUNS = 15
_CLIENTS = {
    "inbound": ("sqs", "ssm"),
    "fallback": ("sqs", "ssm"),
    "converse": ("dynamodb", "sqs"),
    "notify": ("dynamodb", "sqs"),
    "send": ("dynamodb",),
    "receipt": ("dynamodb",),
    "clock": ("dynamodb", "sqs"),
    "sweep": ("dynamodb", "sqs", "ssm"),
}


# --- units -----------------------------------------------------------------------------------------


@contextmanager
def write_units(world: World) -> Iterator[Counter[str]]:
    """Write units by room, for as long as it is open."""
    units: Counter[str] = Counter()

    def count(call: Call) -> None:
        if call.service == "dynamodb":
            units[call.room] += _units(world, call)

    world.before.append(count)
    try:
        yield units
    finally:
        world.before.remove(count)


def _units(world: World, call: Call) -> int:
    if call.operation == "PutItem":
        return _put_units(world, call.params["Item"], 1)
    if call.operation in {"UpdateItem", "DeleteItem"}:  # of a row that is in no index
        return _begun_kb(world.stored(call.params["Key"]))
    if call.operation != "TransactWriteItems":
        return 0
    total = 0
    for each in call.params["TransactItems"]:
        if "Put" in each:
            total += _put_units(world, each["Put"]["Item"], 2)
        else:  # an update is of a count, which is in no index
            (other,) = each.values()
            total += 2 * _begun_kb(world.stored(other["Key"]))
    return total


def _put_units(world: World, row: Mapping[str, Any], factor: int) -> int:
    before = world.stored({"pk": row["pk"], "sk": row["sk"]})
    largest = max(_begun_kb(row), _begun_kb(before))
    return factor * largest + _index_units(before, row)


def _index_units(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """One for an entry that comes, goes, or shows something else; two for one that moves."""
    was, becomes = before.get("due_at"), after.get("due_at")
    if was == becomes:
        return int(any(before.get(each) != after.get(each) for each in ("card", "check_at")))
    return 2 if was and becomes else 1


def _begun_kb(row: Mapping[str, Any]) -> int:
    return _begun(item_size(row), KB)


def _begun(size: int, unit: int) -> int:
    return max(1, math.ceil(size / unit))


@contextmanager
def read_units(world: World) -> Iterator[Counter[str]]:
    """Read units by room: each begun 4 kB of what a strongly consistent read goes through is one."""
    units: Counter[str] = Counter()

    def count(call: Call) -> None:
        if call.service == "dynamodb":
            units[call.room] += sum(_begun(size, 4 * KB) for size in _read_sizes(world, call))

    world.before.append(count)
    try:
        yield units
    finally:
        world.before.remove(count)


def _read_sizes(world: World, call: Call) -> list[int]:
    """Bytes, of each item that is read alone, or of all that a query goes through."""
    if call.operation == "GetItem":
        return [item_size(world.stored(call.params["Key"]))]
    if call.operation == "BatchGetItem":
        (asked,) = call.params["RequestItems"].values()
        return [item_size(world.stored(key)) for key in asked["Keys"]]
    if call.operation == "Query":
        return [sum(item_size(row) for row in world.unwatched("Query", **call.params)["Items"])]
    return []


# --- requests --------------------------------------------------------------------------------------


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
def _machine() -> Iterator[Machine]:
    clock = Clock(fixed=datetime(2026, 11, 23, 10, tzinfo=UTC))
    with Machine(shopfile.read(DEMO_SHOP), secrets_in(DEMO_SECRETS), clock=clock) as machine:
        for n, happening in enumerate(HAPPENINGS):
            happening.happen(machine, n)
        yield machine


def requests(
    happening: Happening,
) -> tuple[Counter[tuple[str, str]], Counter[str], Counter[str]]:
    """Calls by room and operation, and read and write units by room, of one such event in a warm
    system."""
    calls: Counter[tuple[str, str]] = Counter()

    def count(call: Call) -> None:
        calls[call.room, f"{call.service} {call.operation}"] += 1

    with _machine() as machine:
        machine.world.before.append(count)
        with read_units(machine.world) as read, write_units(machine.world) as written:
            happening.happen(machine, 50)
    return calls, read, written


# --- CPU -------------------------------------------------------------------------------------------


@dataclass
class Cpu:
    """Milliseconds of CPU, an invocation."""

    handler: float = 0.0
    sdk: float = 0.0
    runs: int = 0


def cpu(happening: Happening) -> dict[str, Cpu]:
    spent = {room: Cpu() for room in happening.rooms}
    with _machine() as machine, _measured(machine.world, spent):
        for n in range(REPEATS):
            if n == REPEATS // 10:
                for each in spent.values():
                    each.handler = each.sdk = each.runs = 0
            happening.happen(machine, 100 + n)
    for each in spent.values():
        each.handler, each.sdk = each.handler / each.runs, each.sdk / each.runs
    return spent


@contextmanager
def _measured(world: World, spent: dict[str, Cpu]) -> Iterator[None]:
    """Books each invocation's CPU: on the SDK, on stand-ins (moto, World, providers), on the room."""
    client: Any = botocore.client.BaseClient
    outer_api, outer_invoke = client._make_api_call, world._invoke
    clock, away = time.thread_time, [0.0, 0.0]

    def standing_in_for_aws(owner: Any, name: str) -> Any:
        inner = getattr(owner, name)

        def timed(*args: Any, **kwargs: Any) -> Any:
            started = clock()
            try:
                return inner(*args, **kwargs)
            finally:
                away[1] += clock() - started

        return mock.patch.object(owner, name, timed)

    def api(self: Any, operation: str, params: dict[str, Any]) -> Any:
        started, standing_in = clock(), away[1]
        try:
            return outer_api(self, operation, params)
        finally:
            away[0] += clock() - started - (away[1] - standing_in)

    def invoke(function: str, event: dict[str, Any], step: Any) -> Any:
        away[0] = away[1] = 0.0
        started = clock()
        result = outer_invoke(function, event, step)
        total = clock() - started
        booked = spent.get(step.name)
        if booked:
            booked.handler += (total - away[0] - away[1]) * 1000
            booked.sdk += away[0] * 1000
            booked.runs += 1
        return result

    with (
        standing_in_for_aws(BotocoreStubber, "__call__"),
        standing_in_for_aws(worlds, "_validate"),
        standing_in_for_aws(worlds, "needs"),
        standing_in_for_aws(world._strict, "_check"),
        mock.patch.object(client, "_make_api_call", api),
        mock.patch.object(world, "_invoke", invoke),
        _real_queue_calls(world),
    ):
        yield


@contextmanager
def _real_queue_calls(world: World) -> Iterator[None]:
    """World answers SQS before botocore has done anything; for the yardstick botocore does it too,
    against moto's SQS."""
    sqs = sdk.client("sqs")
    for queue in world.cloud.queues.values():
        name = queue.url.rpartition("/")[2]
        attributes = {"FifoQueue": "true"} if queue.fifo else {}
        _API(sqs, "CreateQueue", {"QueueName": name, "Attributes": attributes})
    answer = world.services["sqs"]

    def both(operation: str, params: dict[str, Any]) -> Any:
        _API(sqs, operation, params)
        return answer(operation, params)

    with mock.patch.dict(world.services, {"sqs": both}):
        yield


# --- cold start ------------------------------------------------------------------------------------

_BARE = """
import botocore.session
session = botocore.session.get_session()
for service in {clients!r}:
    session.create_client(service)
"""
_ROOM = "import functions.{room}.app"
"""On Lambda, as the environment says, importing a room makes its clients."""


def cold_start(room: str) -> tuple[float, float]:
    """Median CPU milliseconds of the room's start and of the bare one's, taken in turns."""
    clients = _CLIENTS[room]
    ours, bare = [], []
    for _ in range(COLD_RUNS):
        ours.append(_cpu_of(_ROOM.format(room=room)))
        bare.append(_cpu_of(_BARE.format(clients=clients)))
    return statistics.median(ours), statistics.median(bare)


def _cpu_of(program: str) -> float:
    variables = {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "x"}
    variables |= {"AWS_SECRET_ACCESS_KEY": "x", "AWS_LAMBDA_FUNCTION_NAME": "bench"}
    with _machine_free_environment() as environment:
        before = os.times()
        subprocess.run(
            [sys.executable, "-c", program], check=True, cwd=ROOT, env=environment | variables
        )
        after = os.times()
    user, system = (
        after.children_user - before.children_user,
        after.children_system - before.children_system,
    )
    return (user + system) * 1000


@contextmanager
def _machine_free_environment() -> Iterator[dict[str, str]]:
    from local import template  # noqa: PLC0415

    room = template.read("https://bench.example").functions["InboundFunction"]
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    yield kept | room.environment


# --- the page --------------------------------------------------------------------------------------


def main() -> None:
    out = Console(width=100)
    out.print(f"Python {platform.python_version()}, {os.cpu_count()} cores\n")
    for happening in HAPPENINGS:
        _print_requests(out, happening)
    for happening in HAPPENINGS:
        _print_cpu(out, happening)
    _print_cold_starts(out)


def _print_requests(out: Console, happening: Happening) -> None:
    calls, read, written = requests(happening)
    title = f"What {happening.name} costs"
    table = Table("room", "calls", "read units", "write units", title=title, box=None)
    for room in (*happening.rooms, "receipt"):
        made = [f"{n} x {name}" for (where, name), n in calls.items() if where == room]
        table.add_row(room, "\n".join(made), str(read[room] or ""), str(written[room] or ""))
    out.print(table, "")


def _print_cpu(out: Console, happening: Happening) -> None:
    title = f"CPU of {happening.name}, milliseconds an invocation"
    table = Table("room", "its own", "the SDK's", "ratio", title=title, box=None)
    spent = cpu(happening)
    whole = Cpu(sum(c.handler for c in spent.values()), sum(c.sdk for c in spent.values()))
    for room, each in (spent | {"all": whole}).items():
        table.add_row(
            room, f"{each.handler:.2f}", f"{each.sdk:.2f}", f"{each.handler / each.sdk:.2f}"
        )
    out.print(table, "")


def _print_cold_starts(out: Console) -> None:
    title = "Cold start, milliseconds of CPU"
    table = Table("room", "room", "botocore and the same clients", "ratio", title=title, box=None)
    for room in _CLIENTS:
        ours, bare = cold_start(room)
        table.add_row(room, f"{ours:.0f}", f"{bare:.0f}", f"{ours / bare:.2f}")
    out.print(table)


if __name__ == "__main__":
    main()
