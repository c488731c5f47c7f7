"""Reads that are not strongly consistent, and those of an index, see a table of a while ago."""

from datetime import timedelta
from typing import Any

import pytest

from kesher import sdk, store
from kesher.domain.customer import customer_id
from kesher.domain.message import Outbound
from kesher.store import load as loading
from kesher.store.table import table
from local import faults
from local.faults import in_room
from local.machine import Machine
from local.outside.shop_events import Move
from local.stale import Stale

NOA = "+972502345678"
ROW = {"pk": {"S": "p"}, "sk": {"S": "a"}}
KEY = {"TableName": "Table", "Key": ROW}
DUE = {"due_shard": {"S": "0"}, "due_at": {"S": "2026-11-23T10:00:00+00:00"}}


def write(**columns: dict[str, str]) -> None:
    sdk.client("dynamodb").put_item(TableName="Table", Item=ROW | columns)


def read(**how: Any) -> str | None:
    row = sdk.client("dynamodb").get_item(**KEY, **how).get("Item")
    return str(row["body"]["S"]) if row else None


def read_in_a_batch(**how: Any) -> list[str]:
    asked = {"Table": {"Keys": [ROW], **how}}
    answer = sdk.client("dynamodb").batch_get_item(RequestItems=asked)
    return [row["body"]["S"] for row in answer["Responses"]["Table"]]


def queried(**how: Any) -> int:
    values = {":p": ROW["pk"]}
    found = sdk.client("dynamodb").query(
        TableName="Table",
        KeyConditionExpression="pk = :p",
        ExpressionAttributeValues=values,
        **how,
    )
    return int(found["Count"])


def due() -> int:
    values = {":s": DUE["due_shard"]}
    found = sdk.client("dynamodb").query(
        TableName="Table",
        IndexName="due",
        KeyConditionExpression="due_shard = :s",
        ExpressionAttributeValues=values,
    )
    return int(found["Count"])


@pytest.fixture
def stale(machine: Machine) -> Stale:
    lagging = Stale(writes=2, within=timedelta(seconds=5), match=lambda _: True)
    lagging.install(machine.world)
    return lagging


def test_a_read_sees_a_write_once_two_more_were_made(stale: Stale) -> None:
    seen = []
    for body in ("one", "two", "three", "four"):
        write(body={"S": body})
        seen.append((read(ConsistentRead=True), read()))
    assert seen == [("one", None), ("two", None), ("three", "one"), ("four", "two")]
    assert stale.served == 4


def test_a_read_sees_a_write_once_it_is_five_seconds_old(machine: Machine, stale: Stale) -> None:
    write(body={"S": "one"}, **DUE)
    assert (read(), read_in_a_batch(), queried(), due()) == (None, [], 0, 0)
    assert read_in_a_batch(ConsistentRead=True) == ["one"]
    assert queried(ConsistentRead=True) == 1

    machine.clock.offset += timedelta(seconds=5)
    assert (read(), read_in_a_batch(), queried(), due()) == ("one", ["one"], 1, 1)


def test_what_is_gone_is_seen_for_a_while(machine: Machine, stale: Stale) -> None:
    write(body={"S": "one"}, **DUE)
    machine.clock.offset += timedelta(seconds=5)
    assert due() == 1
    sdk.client("dynamodb").transact_write_items(TransactItems=[{"Delete": KEY}])
    assert (read(ConsistentRead=True), read(), due()) == (None, "one", 1)
    machine.clock.offset += timedelta(seconds=5)
    assert (read(), due()) == (None, 0)


def test_what_was_there_before_is_seen(machine: Machine) -> None:
    write(body={"S": "before"})
    Stale(match=lambda _: True).install(machine.world)
    assert read() == "before"


def a_day(machine: Machine) -> list[str]:
    """What Noa is sent of a text and an order, where a queue message is lost on its way."""
    faults.lost_response(in_room("converse", "sqs")).install(machine.world)
    faults.throttled(in_room("notify", "sqs")).install(machine.world)
    machine.text(NOA, "מה שעות הפתיחה?")
    machine.world.run()
    for kind in ("confirmed", "shipped"):
        machine.order_event(Move("1001", kind))
        machine.world.run()
    machine.world.advance(timedelta(hours=1))
    return [each["text"] for each in machine.received(NOA)]


def test_the_rooms_do_the_same_on_a_stale_index(machine: Machine) -> None:
    lagging = Stale(writes=10, within=timedelta(minutes=2))
    lagging.install(machine.world)
    texts = a_day(machine)

    history = store.history("demo", customer_id("demo", NOA, ""))
    assert len(texts) == len(set(texts)) == 3
    assert {each.status for each in history if isinstance(each, Outbound)} == {"delivered"}
    assert lagging.served > 0


def test_a_room_that_read_without_asking_for_consistency_would_be_found(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(pk: str, sk: str, record: type[Any]) -> Any:
        try:
            return loading.read(table().get(pk, sk), record)
        except table().DoesNotExist:
            return None

    monkeypatch.setattr(loading, "_get", careless)
    Stale(writes=10, within=timedelta(minutes=2)).install(machine.world)
    for kind in ("confirmed", "shipped"):
        machine.order_event(Move("1001", kind))
        machine.world.run()
    assert len(machine.received(NOA)) < 2
