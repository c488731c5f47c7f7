"""Every event's path through the rooms, kept as it happens."""

import threading
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import count, takewhile
from typing import Any, Literal

KEPT_STEPS = 2000

Place = Literal["door", "room", "provider", "phone", "clock", "dead"]


@dataclass
class Step:
    """One stop on the path; `calls` are the AWS and provider calls made there, in order."""

    trace: str
    at: datetime
    place: Place
    name: str
    label: str
    outcome: str = "ok"
    failed: bool = False
    ms: int = 0
    n: int = 0
    calls: list[str] = field(default_factory=list)
    running: bool = False
    """Not to be shown yet: what it will have come to is not known."""


current: ContextVar[Step | None] = ContextVar("current", default=None)


class Trace:
    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._numbers = count(1)
        self._traces = count(1)
        self._lock = threading.Lock()

    def begin(self) -> str:
        return f"t{next(self._traces)}"

    def add(self, step: Step) -> None:
        with self._lock:
            step.n = next(self._numbers)
            self._steps = [*self._steps[-KEPT_STEPS + 1 :], step]

    def drop(self, step: Step) -> None:
        """It is not worth keeping."""
        with self._lock:
            self._steps = [each for each in self._steps if each is not step]

    def after(self, n: int) -> dict[str, Any]:
        """The steps after the n-th, up to the first that is still running."""
        with self._lock:
            finished = list(takewhile(lambda each: not each.running, self._steps))
        shown = (each for each in finished if each.n > n)
        steps = [asdict(each) | {"at": each.at.isoformat()} for each in shown]
        return {"steps": steps, "next": finished[-1].n if finished else 0}
