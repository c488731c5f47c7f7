"""Each fault does what its name says, to the call it is meant for, and to no other."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError, ConnectionClosedError

from kesher import sdk, store
from kesher.domain.customer import customer_id
from kesher.domain.message import Outbound
from local import faults
from local.faults import Planned, in_room
from local.machine import Machine
from local.outside.shop_events import Move
from local.world import Call, Killed

NOA = "+972502345678"
ROW = {"pk": {"S": "p"}, "sk": {"S": "a"}}


def writing(call: Call) -> bool:
    return call.operation in ("PutItem", "TransactWriteItems")


def put(n: int = 1) -> None:
    item = ROW | {"version": {"N": str(n)}}
    sdk.client("dynamodb").put_item(TableName="Table", Item=item)


def put_once() -> None:
    condition = {"ConditionExpression": "attribute_not_exists(pk)"}
    sdk.client("dynamodb").put_item(TableName="Table", Item=ROW, **condition)


def transact_once() -> None:
    written = {"TableName": "Table", "Item": ROW}
    once = written | {"ConditionExpression": "attribute_not_exists(pk)"}
    other = {"TableName": "Table", "Key": {"pk": {"S": "p"}, "sk": {"S": "b"}}}
    actions: Any = [{"Put": once}, {"Delete": other}]
    sdk.client("dynamodb").transact_write_items(TransactItems=actions)


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def stored(machine: Machine) -> bool:
    return bool(machine.world.stored(ROW))


def test_killed_before_makes_no_call_and_killed_after_makes_it(machine: Machine) -> None:
    faults.killed_before(writing).install(machine.world)
    with pytest.raises(Killed):
        put()
    assert not stored(machine)

    faults.killed_after(writing).install(machine.world)
    with pytest.raises(Killed):
        put()
    assert stored(machine)


def test_only_the_nth_call_and_those_after_it_are_hit(machine: Machine) -> None:
    fault = faults.throttled(writing, nth=2, times=2)
    fault.install(machine.world)
    came: list[str] = []
    for _ in range(5):
        try:
            put()
            came.append("ok")
        except ClientError as error:
            came.append(error.response["Error"]["Code"])
    throttled = "ProvisionedThroughputExceededException"
    assert came == ["ok", throttled, throttled, "ok", "ok"]
    assert (fault.seen, fault.hit) == (5, True)


def test_a_fault_knows_that_its_call_never_came(machine: Machine) -> None:
    fault = faults.killed_before(writing, nth=3)
    fault.install(machine.world)
    put()
    assert not fault.hit


def test_a_lost_response_is_of_a_call_that_was_made(machine: Machine) -> None:
    faults.lost_response(writing).install(machine.world)
    with pytest.raises(ConnectionClosedError):
        put()
    assert stored(machine)


def test_a_put_that_the_sdk_repeats_finds_itself_done(machine: Machine) -> None:
    faults.repeated(writing).install(machine.world)
    with pytest.raises(ClientError) as error:
        put_once()
    assert code(error) == "ConditionalCheckFailedException"
    assert stored(machine)


def test_a_transaction_that_the_sdk_repeats_is_known_by_its_token(machine: Machine) -> None:
    faults.repeated(writing).install(machine.world)
    transact_once()
    assert stored(machine)


@pytest.mark.parametrize("times", [1, 2])
def test_a_conflict_names_the_action_it_hit(machine: Machine, times: int) -> None:
    faults.conflict(writing, times=times).install(machine.world)
    for _ in range(times):
        with pytest.raises(ClientError) as error:
            transact_once()
        assert code(error) == "TransactionCanceledException"
        reasons: Any = error.value.response["CancellationReasons"]
        assert [each["Code"] for each in reasons] == ["TransactionConflict", "None"]
    transact_once()
    assert stored(machine)


def test_a_conflict_of_a_single_write_is_another_error(machine: Machine) -> None:
    faults.conflict(writing).install(machine.world)
    with pytest.raises(ClientError) as error:
        put()
    assert code(error) == "TransactionConflictException"
    assert not stored(machine)


def test_a_slow_call_takes_its_time_on_the_clock(machine: Machine) -> None:
    before = machine.clock.now()
    faults.slow(writing, seconds=12.5).install(machine.world)
    put()
    assert timedelta(seconds=12.5) == machine.clock.now() - before
    assert stored(machine)


def get_parameter() -> None:
    sdk.client("ssm").get_parameter(Name="/kesher/kesher/shops/demo")


def send_message() -> None:
    url = "https://sqs.eu-central-1.amazonaws.com/123456789012/kesher-receipts"
    sdk.client("sqs").send_message(QueueUrl=url, MessageBody="body")


@pytest.mark.parametrize(
    ("act", "expected"),
    [(send_message, "RequestThrottled"), (get_parameter, "ThrottlingException")],
)
def test_each_service_throttles_in_its_own_words(
    machine: Machine, act: Callable[[], None], expected: str
) -> None:
    faults.throttled(lambda _: True).install(machine.world)
    with pytest.raises(ClientError) as error:
        act()
    assert code(error) == expected
    act()


def statuses() -> list[str]:
    history = store.history("demo", customer_id("demo", NOA, ""))
    return [each.status for each in history if isinstance(each, Outbound)]


def sending(machine: Machine, fault: Planned) -> tuple[int, list[str]]:
    """How often Noa got a text, and what we think became of it at first."""
    fault.install(machine.world)
    machine.text(NOA, "שלום")
    machine.world._deliver()
    machine.world._deliver()
    return len(machine.phones.got.get(NOA, [])), statuses()


def test_a_provider_whose_answer_is_lost_has_the_text(machine: Machine) -> None:
    lost = faults.lost_response(in_room("send", "http"))
    assert sending(machine, lost) == (1, ["unknown"])


def test_a_provider_that_throttles_has_nothing(machine: Machine) -> None:
    busy = faults.throttled(in_room("send", "http"))
    assert sending(machine, busy) == (0, ["queued"])


def test_a_lost_answer_is_an_error_of_the_http_client(machine: Machine) -> None:
    faults.lost_response(lambda call: call.service == "http").install(machine.world)
    with pytest.raises(requests.ConnectionError):
        requests.get("https://simulator.localhost/", timeout=1)


@pytest.mark.parametrize("fault", [faults.conflict, faults.throttled, faults.lost_response])
@pytest.mark.parametrize("room", ["converse", "notify", "send", "receipt"])
def test_whatever_a_write_meets_each_text_is_sent_once(
    machine: Machine, room: str, fault: Any
) -> None:
    planned: Planned = fault(lambda call: call.room == room and writing(call))
    planned.install(machine.world)
    machine.text(NOA, "מה שעות הפתיחה?")
    machine.order_event(Move("1001", "confirmed"))
    machine.world.advance(timedelta(hours=2))
    texts = [each.text for each in machine.phones.got[NOA]]
    assert planned.hit
    assert len(texts) == len(set(texts))
    assert set(statuses()) <= {"delivered", "unknown"}
    assert len(statuses()) == 2


def test_a_record_that_meets_a_transaction_is_written_at_once_again(machine: Machine) -> None:
    busy = faults.conflict(in_room("send", "dynamodb", "PutItem"))
    assert sending(machine, busy) == (1, ["accepted"])
    assert busy.hit
