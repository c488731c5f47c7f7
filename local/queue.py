"""SQS as an event source mapping sees it, on a clock that can be moved.

Written here because moto's differs where it matters: after its visibility timeout a FIFO batch comes
back in the wrong order, and what was deleted is forgotten by deduplication. (Decision 0004.)
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from local.template import QueueSpec

DEDUPLICATION = timedelta(minutes=5)
_ids = count(1)


@dataclass
class Letter:
    """A message in a queue. `trace` and `cause` tie it to what sent it."""

    body: str
    group: str
    sent_at: datetime
    visible_at: datetime
    attributes: dict[str, dict[str, Any]]
    trace: str
    id: str = ""
    receives: int = 0
    why: str = ""
    """What went wrong with it last."""

    def __post_init__(self) -> None:
        self.id = self.id or f"00000000-0000-4000-8000-{next(_ids):012d}"

    def record(self, spec: QueueSpec) -> dict[str, Any]:
        """As a Lambda is given it."""
        milliseconds = str(int(self.sent_at.timestamp() * 1000))
        fifo = {"MessageGroupId": self.group} if spec.fifo else {}
        return {
            "messageId": self.id,
            "receiptHandle": f"handle-{self.id}",
            "body": self.body,
            "attributes": {
                "ApproximateReceiveCount": str(self.receives),
                "SentTimestamp": milliseconds,
                "SenderId": "local",
                "ApproximateFirstReceiveTimestamp": milliseconds,
                **fifo,
            },
            "messageAttributes": {
                name: {"stringValue": each["StringValue"], "dataType": each["DataType"]}
                for name, each in self.attributes.items()
            },
            "md5OfBody": "",
            "eventSource": "aws:sqs",
            "eventSourceARN": f"arn:aws:sqs:eu-central-1:123456789012:{spec.url.rpartition('/')[2]}",
            "awsRegion": "eu-central-1",
        }


@dataclass
class Queue:
    spec: QueueSpec
    letters: list[Letter] = field(default_factory=list)
    dead: list[Letter] = field(default_factory=list)
    _seen: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def send(self, letter: Letter, deduplication: str = "") -> bool:
        """False where FIFO deduplication dropped it, be the first copy deleted or not."""
        fresh = self.takes(letter, deduplication)
        if fresh:
            self.letters.append(letter)
        return fresh

    def takes(self, letter: Letter, deduplication: str = "") -> bool:
        """Whether it is no copy of what was sent lately."""
        if not deduplication:
            return True
        key = (letter.group if self.spec.per_group else "", deduplication)
        seen = self._seen.get(key)
        if seen and letter.sent_at - seen < DEDUPLICATION:
            return False
        self._seen[key] = letter.sent_at
        return True

    def receive(self, most: int, now: datetime) -> list[Letter]:
        """The next batch, hidden for the visibility timeout. A FIFO group gives nothing while any
        message of it is in flight; what was received too often goes to the dead letters."""
        self._bury(now)
        batch: list[Letter] = []
        blocked = {each.group for each in self.letters if self._in_flight(each, now)}
        for letter in self.letters:
            free = not (self.spec.fifo and letter.group in blocked)
            if len(batch) < most and letter.visible_at <= now and free:
                batch.append(letter)
        for letter in batch:
            letter.receives += 1
            letter.visible_at = now + timedelta(seconds=self.spec.visibility)
        return batch

    def finish(self, batch: Iterable[Letter], failed: dict[str, str]) -> None:
        """Deletes the batch but for those that failed, each with its reason: they come back when
        their visibility timeout ends."""
        done = {each.id for each in batch} - set(failed)
        self.letters = [each for each in self.letters if each.id not in done]
        for letter in self.letters:
            letter.why = failed.get(letter.id, letter.why)

    def waiting(self, now: datetime) -> int:
        return sum(not self._in_flight(each, now) for each in self.letters)

    def next_visible(self, now: datetime) -> datetime | None:
        """When the next of those in flight comes back; what waits behind one is visible already."""
        return min((e.visible_at for e in self.letters if self._in_flight(e, now)), default=None)

    def _in_flight(self, letter: Letter, now: datetime) -> bool:
        return letter.visible_at > now

    def _bury(self, now: datetime) -> None:
        limit = self.spec.max_receives
        worn = [e for e in self.letters if limit and e.receives >= limit and e.visible_at <= now]
        self.dead.extend(worn)
        self.letters = [each for each in self.letters if each not in worn]
