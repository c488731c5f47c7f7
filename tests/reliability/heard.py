"""All that CloudWatch would have been given, and the customer who may be in none of it."""

import io
import traceback
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from local.world import World

PHONE, NAME, TEXT = "+972541237654", "Canaryname", "canarytext"
CANARIES = ("541237654", "canaryname", "canarytext")
ROOMS = (
    "inbound",
    "fallback",
    "converse",
    "notify",
    "send",
    "receipt",
    "clock",
    "sweep",
    "desk",
    "survey",
)


class Heard:
    def __init__(self, printed: pytest.CaptureFixture[str]) -> None:
        self.logs = io.StringIO()
        self.raised: list[str] = []
        self._printed = printed

    def lines(self) -> list[str]:
        self.logs.write("".join(self._printed.readouterr()))
        return [*self.logs.getvalue().splitlines(), *self.raised]

    def listening(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        def listened(event: Any, context: Any) -> Any:
            try:
                return handler(event, context)
            except Exception as error:
                self.raised += [repr(error), str(error), traceback.format_exc()]
                raise

        return listened

    def of_customers(self, world: World) -> list[str]:
        """Every line, step and reason in which a canary is."""
        steps = (str(asdict(each)) for each in world.trace._steps)
        dead = (each.why for queue in world.queues.values() for each in queue.dead)
        return [each for each in (*self.lines(), *steps, *dead) if names_somebody(each)]


def names_somebody(line: str) -> bool:
    return any(canary in line.lower() for canary in CANARIES)
