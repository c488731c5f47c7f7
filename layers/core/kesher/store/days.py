"""What was measured in a day: how many took about how long, by whom; and which they were."""

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

import msgspec

from kesher.domain.figures import Fact, Figure, bucket
from kesher.store.table import Row, day_key, day_shard, table

Scale = Literal["wall", "open"]
SCALES: tuple[Scale, ...] = ("wall", "open")


class Count(NamedTuple):
    """So many facts of a day were alike."""

    figure: Figure
    scale: Scale
    agent: str
    team: str
    """Empty where there was none."""
    in_target: bool | None
    bucket: int
    n: int


_IN_TARGET = {True: "in", False: "over", None: "free"}
_WAS_IN_TARGET = {word: value for value, word in _IN_TARGET.items()}


def count_key(fact: Fact, scale: Scale) -> str:
    """Ids of agents and teams have no `#` in them."""
    took = bucket(fact.seconds if scale == "wall" else fact.open_seconds)
    in_target = _IN_TARGET[fact.in_target]
    return "#".join([fact.figure, scale, fact.agent, fact.team or "", in_target, str(took)])


def counts(shop: str, day: date) -> Iterator[Count]:
    """All of a local day."""
    for row in table().query(day_key(shop, day.isoformat())):
        figure, scale, agent, team, in_target, took = row.sk.split("#")
        yield msgspec.convert(
            (figure, scale, agent, team, _WAS_IN_TARGET[in_target], int(took), int(row.parts or 0)),
            Count,
        )


def facts(shop: str, day: date, figure: Figure) -> Iterator[Fact]:
    """What a day's number of this figure counts, the oldest first."""
    of_figure = Row.due_at.startswith(f"{figure}#")
    for row in table().due_index.query(day_shard(shop, day.isoformat()), of_figure):
        yield msgspec.json.decode(row.card or "", type=Fact)
