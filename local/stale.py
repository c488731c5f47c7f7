"""A copy of the table that lags behind it: what a read may see that is not strongly consistent, and
any read of an index."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from local.world import Call, World

COPY = "Copy"

Row = Mapping[str, Any]


class Written(NamedTuple):
    at: datetime
    rows: Sequence[tuple[Row, Row]]
    """Each key, and what is stored under it now; nothing if it is gone."""


def in_a_room(call: Call) -> bool:
    """World itself, which asks the index what is due next, sees the table."""
    return bool(call.room)


@dataclass
class Stale:
    """A write is seen once `writes` later ones were made, or `within` this time."""

    writes: int = 3
    within: timedelta = timedelta(seconds=5)
    match: Callable[[Call], bool] = in_a_room
    """Which calls see the copy."""
    served: int = 0
    """How many have."""
    _coming: deque[Written] = field(default_factory=deque)

    def install(self, world: World) -> None:
        self._world = world
        world.create_table(COPY)
        for row in world.unwatched("Scan", TableName=world.table_name)["Items"]:
            world.unwatched("PutItem", TableName=COPY, Item=row)
        world.around.append(self._around)

    def _around(self, call: Call, proceed: Callable[[Call], Any]) -> Any:
        if call.service != "dynamodb":
            return proceed(call)
        self._catch_up()
        if self.match(call) and may_be_stale(call):
            self.served += 1
            return _from_copy(call, proceed)
        answer = proceed(call)
        rows = [(key, self._world.stored(key)) for key in _written(call)]
        if rows:
            self._coming.append(Written(self._world.clock.now(), rows))
        return answer

    def _catch_up(self) -> None:
        seen = self._world.clock.now() - self.within
        while self._coming and (len(self._coming) > self.writes or self._coming[0].at <= seen):
            for key, row in self._coming.popleft().rows:
                if row:
                    self._world.unwatched("PutItem", TableName=COPY, Item=row)
                else:
                    self._world.unwatched("DeleteItem", TableName=COPY, Key=key)


def may_be_stale(call: Call) -> bool:
    match call.operation:
        case "GetItem":
            return not call.params.get("ConsistentRead")
        case "Query":
            return "IndexName" in call.params or not call.params.get("ConsistentRead")
        case "BatchGetItem":
            tables = call.params["RequestItems"].values()
            return not all(each.get("ConsistentRead") for each in tables)
    return False


def _from_copy(call: Call, proceed: Callable[[Call], Any]) -> Any:
    if call.operation != "BatchGetItem":
        return proceed(replace(call, params={**call.params, "TableName": COPY}))
    ((name, wanted),) = call.params["RequestItems"].items()
    answer = proceed(replace(call, params={**call.params, "RequestItems": {COPY: wanted}}))
    return answer | {"Responses": {name: answer["Responses"][COPY]}}


def _written(call: Call) -> Iterator[Row]:
    match call.operation:
        case "PutItem":
            yield _key(call.params["Item"])
        case "DeleteItem":
            yield call.params["Key"]
        case "TransactWriteItems":
            for action in call.params["TransactItems"]:
                if "Put" in action:
                    yield _key(action["Put"]["Item"])
                elif "Delete" in action:
                    yield action["Delete"]["Key"]


def _key(row: Row) -> Row:
    return {"pk": row["pk"], "sk": row["sk"]}
