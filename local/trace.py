"""Every event's path through the rooms, kept as it happens."""

import threading
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import count
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

    def after(self, n: int) -> dict[str, Any]:
        with self._lock:
            steps = [
                asdict(each) | {"at": each.at.isoformat()} for each in self._steps if each.n > n
            ]
            return {"steps": steps, "next": self._steps[-1].n if self._steps else 0}
