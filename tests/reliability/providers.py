"""A provider's front door, which has good days and bad days."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from local.machine import Machine
from local.outside.answers import answer
from local.world import Host, World

_CALLBACK = re.compile(r"receipts(?:/|%2F)([0-9a-f]{32}-[0-9a-f]{20})")

Said = requests.Response | requests.RequestException


@dataclass(frozen=True)
class Mood:
    takes: bool = True
    """The text reaches its phone, whatever we hear of it."""
    says: Callable[[], Said] | None = None
    """In place of the provider's own answer."""
    tells: bool = True
    """What it has, when it is asked."""
    reports_first: bool = False
    """Its receipts are noted before its answer has come back."""


def refused_connection() -> requests.ConnectionError:
    """Chained as requests and urllib3 do it."""
    nobody = NewConnectionError(None, "connection refused")  # type: ignore[arg-type]
    given_up = MaxRetryError(None, "/", nobody)  # type: ignore[arg-type]
    given_up.__cause__ = nobody
    error = requests.ConnectionError(given_up)
    error.__context__ = given_up
    return error


FINE = Mood()
MOODS = {
    "fine": FINE,
    "reports first": Mood(reports_first=True),
    "throttles": Mood(False, lambda: answer(429, {"code": 20429})),
    "is unreachable": Mood(False, refused_connection),
    "refuses": Mood(False, lambda: answer(400, {"code": 21211})),
    "knows of a stop": Mood(False, lambda: answer(400, {"code": 21610})),
    "hangs": Mood(False, requests.ReadTimeout),
    "takes it and hangs": Mood(True, requests.ReadTimeout),
    "breaks": Mood(False, lambda: answer(503, {})),
    "breaks and will not tell": Mood(False, lambda: answer(503, {}), tells=False),
    "takes it and will not tell": Mood(True, lambda: answer(503, {}), tells=False),
    "takes it and breaks": Mood(True, lambda: answer(503, {})),
}


@dataclass
class Receipt:
    message: str
    post: Callable[[], None]


@dataclass
class Provider:
    """In front of the simulated providers of a machine."""

    world: World
    mood: Mood = FINE
    holds_receipts: bool = False
    receipts: list[Receipt] = field(default_factory=list)
    """Every one there ever was."""
    held: list[Receipt] = field(default_factory=list)
    calls: int = 0
    on_taken: Callable[[str], None] = lambda _: None
    on_trouble: Callable[[], None] = lambda: None

    def front(self, inside: Host) -> Host:
        return lambda request: self._asked(inside, request)

    def release(self, receipt: Receipt) -> None:
        self.world.later(receipt.post)

    def _asked(self, inside: Host, request: requests.PreparedRequest) -> requests.Response:
        self.calls += 1
        if self.mood.says:
            self.on_trouble()
        if request.method == "GET" and not self.mood.tells:
            return answer(403, {})
        given = self._given(inside, request)
        said = self.mood.says() if self.mood.says else given
        if isinstance(said, requests.RequestException):
            raise said
        assert said is not None
        return said

    def _given(self, inside: Host, request: requests.PreparedRequest) -> requests.Response | None:
        """None where the request never reached what is behind the front."""
        if request.method == "GET":
            return inside(request)
        return self._taken(inside, request) if self.mood.takes else None

    def _taken(self, inside: Host, request: requests.PreparedRequest) -> requests.Response:
        body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
        found = _CALLBACK.search(body)
        if found is None:
            return inside(request)
        outside = self.world._outside
        before = len(outside)
        given = inside(request)
        if given.ok:
            self.on_taken(found[1])
        new = [Receipt(found[1], post) for _, post in outside[before:]]
        del outside[before:]
        self._report(new)
        return given

    def _report(self, new: list[Receipt]) -> None:
        self.receipts += new
        if self.mood.reports_first:
            self._report_now(new)
        elif self.holds_receipts:
            self.held += new
        else:
            for each in new:
                self.release(each)

    def _report_now(self, new: list[Receipt]) -> None:
        for each in new:
            each.post()
        (source,) = (each for each in self.world.cloud.sources if each.queue == "ReceiptsQueue")
        queue = self.world.queues[source.queue]
        if batch := queue.receive(source.batch_size, self.world.clock.now()):
            self.world._hand_over(source, queue, batch)


def in_front_of(machine: Machine) -> Provider:
    """A provider in front of all that the machine's texts are sent to."""
    provider = Provider(machine.world)
    for host, inside in machine.world.hosts.items():
        machine.world.hosts[host] = provider.front(inside)
    return provider
