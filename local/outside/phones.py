"""The phones of the simulated customers: what they got and what they wrote."""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

_ids = count(1)


@dataclass(frozen=True)
class Text:
    id: str
    at: datetime
    text: str


@dataclass
class Phones:
    """By number, in E.164."""

    got: dict[str, list[Text]] = field(default_factory=dict)
    wrote: dict[str, list[Text]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def receive(self, number: str, text: Text) -> None:
        with self._lock:
            self.got.setdefault(number, []).append(text)

    def write(self, number: str, text: str, at: datetime) -> Text:
        written = Text(f"sim-{next(_ids)}-{at:%Y%m%d%H%M%S}", at, text)
        with self._lock:
            self.wrote.setdefault(number, []).append(written)
        return written


def our_id(callback: str) -> str:
    """The message id that a callback URL carries at its end."""
    return callback.rstrip("/").rpartition("/")[2]
