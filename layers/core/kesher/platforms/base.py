"""The shape of a platform. One shop system, one file, the same order inside: what it is and when its
pages were last read, `verify`, `parse`, helpers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from kesher.domain.order import OrderEvent
from kesher.wire import Request

LONGEST_ID = 200
"""Characters; ids become parts of keys, which DynamoDB allows 1,024 bytes."""


@dataclass(frozen=True)
class Account:
    """One shop's connection with a platform, its secrets resolved, the newest first."""

    shop: str
    country: str
    kind: str
    secrets: tuple[str, ...] = field(repr=False)


class Adapter(Protocol):
    def verify(self, request: Request, account: Account, now: datetime) -> None:
        """Raises BadSignature unless the platform has sent this."""

    def parse(self, request: Request, account: Account, now: datetime) -> tuple[OrderEvent, ...]:
        """What a verified request says of an order, which may be nothing; raises Unreadable."""
