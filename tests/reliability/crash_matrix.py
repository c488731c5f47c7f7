"""Every call that a room makes, broken in every way it can break, one at a time.

The points are not written down: each scenario is played once undisturbed, and whatever calls its
rooms then make are the points. A new call is covered without a line here.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from kesher.domain.message import Status
from local.faults import (
    Match,
    Planned,
    conflict,
    in_room,
    killed_after,
    killed_before,
    lost_response,
    repeated,
    slow,
    throttled,
)
from tests.reliability import promises
from tests.reliability.scenarios import Scenario, Stage, demo
from tests.reliability.summary import counted

MODES: dict[str, Callable[[Match, int], Planned]] = {
    "killed_before": killed_before,
    "killed_after": killed_after,
    "lost_response": lost_response,
    "repeated": repeated,
    "throttled": throttled,
    "conflict": conflict,
    "slow": lambda match, nth: slow(match, SLOW_SECONDS, nth),
}
READS = {"GetParameter", "GetParametersByPath", "GetItem", "Query", "BatchGetItem"}
SLOW_SECONDS = 25
"""Longer than any client waits, shorter than any function may last."""
UNTIL_REST = timedelta(hours=6)
"""Visibility timeouts, leases, retries and the clock have all done their work by then."""


@dataclass(frozen=True)
class Undisturbed:
    calls: dict[tuple[str, str], list[str]]
    """Room and service to the operations called there, in order."""
    statuses: dict[str, Status]
    """What we said, and what became of it."""
    told: list[str]
    """What the phone got, in order."""


@dataclass(frozen=True)
class Point:
    scenario: Scenario
    room: str
    service: str
    nth: int
    mode: str

    def __str__(self) -> str:
        return f"{self.room}-{self.service}-{self.nth}-{self.mode}-{self.scenario.__name__}"


@cache
def undisturbed(scenario: Scenario) -> Undisturbed:
    calls: dict[tuple[str, str], list[str]] = defaultdict(list)
    with demo() as stage:
        stage.machine.world.before.append(
            lambda call: calls[call.room, call.service].append(call.operation)
        )
        play(scenario, stage)
        rest = promises.kept(stage)
    statuses = {promises.untimed(each.text): each.status for each in rest.ours}
    return Undisturbed({at: made for at, made in calls.items() if at[0]}, statuses, rest.told)


def play(scenario: Scenario, stage: Stage) -> None:
    scenario(stage)
    stage.machine.world.advance(UNTIL_REST)


def points(scenarios: tuple[Scenario, ...]) -> list[Point]:
    return [
        Point(scenario, room, service, nth, mode)
        for scenario in scenarios
        for (room, service), operations in undisturbed(scenario).calls.items()
        for nth, operation in enumerate(operations, start=1)
        for mode in MODES
        if possible(mode, service, operation)
    ]


def possible(mode: str, service: str, operation: str) -> bool:
    """A transaction alone meets conflicts, nobody makes a provider call again, and a read has no
    effect: whether it was made or not is the same."""
    if mode == "conflict":
        return operation == "TransactWriteItems"
    if operation in READS:
        return mode in {"killed_before", "throttled"}
    return mode != "repeated" or service != "http"


def holds(point: Point) -> None:
    """Whatever breaks once, every promise is kept."""
    counted("crash points", note=f"every call of every room, in up to {len(MODES)} modes")
    expected = undisturbed(point.scenario)
    with demo() as stage:
        fault = MODES[point.mode](in_room(point.room, point.service), point.nth)
        fault.install(stage.machine.world)
        play(point.scenario, stage)
        assert fault.hit
        rest = promises.kept(stage)
        promises.undisturbed(rest, expected.statuses, expected.told)
