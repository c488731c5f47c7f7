"""What was measured in a day: how many took about how long, by whom; and which they were."""

from collections.abc import Iterator
from datetime import date
from typing import TypeVar

import msgspec

from kesher.domain.figures import Counted, Fact, Figure
from kesher.domain.recovery import FIGURE, Outcome
from kesher.domain.scale import ScaleName
from kesher.domain.survey import Rating
from kesher.store.table import Row, day_key, day_shard, table

T = TypeVar("T")

_IN_TARGET = {True: "in", False: "over", None: "free"}
_WAS_IN_TARGET = {word: value for value, word in _IN_TARGET.items()}


def count_key(counted: Counted) -> tuple[str, str]:
    """Ids of agents and teams have no `#` in them."""
    alike = (
        *(counted.figure, counted.measure, counted.agent, counted.team or ""),
        *(_IN_TARGET[counted.in_target], str(counted.value)),
    )
    return day_key(counted.shop, counted.day), "#".join(alike)


def counts(shop: str, day: date) -> Iterator[Counted]:
    """All of a local day."""
    for row in table().query(day_key(shop, day.isoformat())):
        figure, measure, agent, team, in_target, value = row.sk.split("#")
        alike = {
            **{"shop": shop, "day": day.isoformat(), "figure": figure, "measure": measure},
            **{"agent": agent, "team": team or None, "in_target": _WAS_IN_TARGET[in_target]},
        }
        yield msgspec.convert(alike | {"value": int(value), "n": int(row.parts or 0)}, Counted)


def facts(shop: str, day: date, figure: Figure) -> Iterator[Fact]:
    """What a day's number of this figure counts, the oldest first."""
    return _listed(shop, day, figure, Fact)


def ratings(shop: str, day: date, scale: ScaleName) -> Iterator[Rating]:
    """What customers answered, what was replaced and what came late among it, the oldest first."""
    return _listed(shop, day, scale, Rating)


def outcomes(shop: str, day: date) -> Iterator[Outcome]:
    """What came of the low ratings that people closed, the oldest first."""
    return _listed(shop, day, FIGURE, Outcome)


def _listed(shop: str, day: date, kind: str, record: type[T]) -> Iterator[T]:
    of_kind = Row.due_at.startswith(f"{kind}#")
    for row in table().due_index.query(day_shard(shop, day.isoformat()), of_kind):
        yield msgspec.json.decode(row.card or "", type=record)
