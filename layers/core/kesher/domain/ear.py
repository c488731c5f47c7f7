"""How a shop listens: what its customers ask, count and are angry in, and what its people take by."""

from dataclasses import dataclass

from kesher.domain.anger import Anger
from kesher.domain.spoken import Numbers
from kesher.domain.understanding import Understanding


@dataclass(frozen=True)
class Ear:
    understanding: Understanding
    numbers: Numbers
    anger: Anger
    taking: frozenset[str]
    """Whole texts, folded, by which somebody who was alerted takes it."""
