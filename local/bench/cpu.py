"""CPU of handlers, against the SDK's own on the same calls. It is this process's: what moto spends
standing in for AWS is taken out, what botocore spends building, signing and parsing the calls is the
yardstick."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

import botocore.client
from moto.core.botocore_stubber import BotocoreStubber

from kesher import sdk
from local import world as worlds
from local.bench.happenings import Happening, warm
from local.world import _API, World

REPEATS = 200


@dataclass
class Cpu:
    """Milliseconds of CPU, an invocation."""

    handler: float = 0.0
    sdk: float = 0.0
    runs: int = 0


def cpu(happening: Happening) -> dict[str, Cpu]:
    spent = {room: Cpu() for room in happening.rooms}
    with warm() as machine, _measured(machine.world, spent):
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
