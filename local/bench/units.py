"""Read and write units, computed from the rows as DynamoDB's pricing defines them, since moto does not:
a write of each begun kB is one unit, two in a transaction; an index entry that appears, changes or goes
is one more (two, where its key moves)."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from local.strict import KB, item_size
from local.world import Call, World


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
def read_units(world: World) -> Iterator[dict[str, float]]:
    """Read units by room: each begun 4 kB of what a strongly consistent read goes through is one, of
    any other half of one."""
    units: dict[str, float] = defaultdict(float)

    def count(call: Call) -> None:
        if call.service == "dynamodb":
            begun = sum(_begun(size, 4 * KB) for size in _read_sizes(world, call))
            units[call.room] += begun if _is_consistent(call) else begun / 2

    world.before.append(count)
    try:
        yield units
    finally:
        world.before.remove(count)


def _is_consistent(call: Call) -> bool:
    asked = call.params
    if call.operation == "BatchGetItem":
        (asked,) = call.params["RequestItems"].values()
    return bool(asked.get("ConsistentRead"))


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
