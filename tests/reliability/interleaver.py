"""Rooms that work at the same time, one call at a time: which of them makes the next call is chosen.

Two invocations that share nothing but what they call differ only by the order of their calls, so
switching before each call gives every way they can meet. One thread, no queue between: FIFO groups
would serialise some of this in the cloud, and nothing may rest on that.
"""

import importlib
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from greenlet import getcurrent, greenlet

from kesher import telemetry
from kesher.errors import Refusal
from local.queue import Letter, Queue
from local.trace import Step, current
from local.world import Call, World


@dataclass
class Actor:
    """A room at work on one message of its queue."""

    name: str
    room: str
    function: str
    """What its app does with one record."""
    queue: Queue
    letter: Letter
    may_start: Callable[[], bool] = lambda: True
    """Whether what it works on can exist yet."""
    lost: Exception | None = field(default=None, init=False)

    def work(self, now: Any) -> None:
        current.set(Step("", now, "room", self.room, self.name))
        act = getattr(importlib.import_module(f"functions.{self.room}.app"), self.function)
        self.letter.receives += 1
        try:
            act(SQSRecord(self.letter.record(self.queue.spec)))
        except Exception as error:
            self.lost = error
            self.queue.letters.append(self.letter)


@dataclass
class Attendant:
    """An agent whose request the desk works on: the resource itself, since the resolver in front of it
    is one per process."""

    name: str
    act: Callable[[], object]
    may_start: Callable[[], bool] = lambda: True
    lost: Exception | None = field(default=None, init=False)
    """What the agent was refused with."""

    def work(self, now: Any) -> None:
        current.set(Step("", now, "door", "desk", self.name))
        try:
            self.act()
        except Refusal as error:
            self.lost = error


def taken(world: World, queue: str) -> tuple[Queue, Letter]:
    """The newest letter of a queue, out of it."""
    return world.queues[queue], world.queues[queue].letters.pop()


@dataclass
class Schedule:
    """Choices made so far, each of so many; the first are given, the rest are chosen by `choose`."""

    given: list[int]
    choose: Callable[[int], int] = lambda _: 0
    made: list[tuple[int, int]] = field(default_factory=list)

    def pick(self, among: int) -> int:
        n = len(self.made)
        choice = self.given[n] if n < len(self.given) else self.choose(among)
        self.made.append((choice, among))
        return choice


@dataclass
class Meeting:
    """Actors interleaved on a World, by a schedule."""

    world: World
    actors: tuple[Actor | Attendant, ...]
    schedule: Schedule
    done: list[tuple[str, str]] = field(default_factory=list)
    """Actor and operation of every call that succeeded, in order."""

    def run(self) -> None:
        now = self.world.clock.now()
        running = {greenlet(actor.work): actor for actor in self.actors}
        with self._switching(running):
            started: set[Any] = set()
            while alive := self._ready(running, started):
                chosen = alive[self.schedule.pick(len(alive)) if len(alive) > 1 else 0]
                if chosen not in started:
                    started.add(chosen)
                    chosen.switch(now)  # up to its first call
                chosen.switch()
        telemetry.metrics.clear_metrics()

    def _ready(self, running: dict[Any, Actor | Attendant], started: set[Any]) -> list[Any]:
        return [g for g, a in running.items() if not g.dead and (g in started or a.may_start())]

    @contextmanager
    def _switching(self, running: dict[Any, Actor | Attendant]) -> Iterator[None]:
        def before(call: Call) -> None:
            if getcurrent() in running:
                getcurrent().parent.switch()

        def after(call: Call) -> None:
            if getcurrent() in running:
                self.done.append((running[getcurrent()].name, call.operation))

        self.world.before.append(before)
        self.world.after.append(after)
        try:
            yield
        finally:
            self.world.before.remove(before)
            self.world.after.remove(after)


def every(play: Callable[[Schedule], None], most: int) -> int:
    """Plays every schedule there is; of more than `most`, as many as that, chosen by a fixed seed.
    Returns how many different ones were played."""
    given: list[int] | None = []
    played = 0
    while given is not None and played < most:
        schedule = Schedule(given)
        play(schedule)
        played += 1
        given = _following(schedule.made)
    return played if given is None else _sampled(play, most)


def _following(made: list[tuple[int, int]]) -> list[int] | None:
    """The next schedule in order: the last choice that has another one, taken otherwise."""
    for n in reversed(range(len(made))):
        choice, among = made[n]
        if choice + 1 < among:
            return [each for each, _ in made[:n]] + [choice + 1]
    return None


def _sampled(play: Callable[[Schedule], None], most: int) -> int:
    chance = random.Random(most)  # noqa: S311
    seen: set[tuple[tuple[int, int], ...]] = set()
    for _ in range(most):
        schedule = Schedule([], chance.randrange)
        play(schedule)
        seen.add(tuple(schedule.made))
    return len(seen)
