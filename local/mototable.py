"""moto's table, made quick. Before each write of a transaction moto copies all of it, to have it back if
the transaction fails; here the copy shares its items with the table, and an update changes an item of
its own. And World may look at what lies in it without a request."""

import copy
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

from local.template import ACCOUNT, REGION

_update = DynamoDBBackend.update_item


Row = Mapping[str, str]


def lying_in(name: str) -> Iterator[Row]:
    """Of every row, its attributes that are strings."""
    backend: DynamoDBBackend = dynamodb_backends[ACCOUNT][REGION]
    for rows in backend.tables[name].items.values():
        for item in rows.values():
            yield {key: each.value for key, each in item.attrs.items() if each.type == "S"}


@contextmanager
def quick_transactions() -> Iterator[None]:
    with (
        mock.patch.object(Table, "__deepcopy__", _shared, create=True),
        mock.patch.object(DynamoDBBackend, "update_item", _updated),
    ):
        yield


def _shared(table: Table, memo: dict[int, Any]) -> Table:  # noqa: ARG001
    kept = copy.copy(table)
    kept.items = defaultdict(dict, {pk: dict(rows) for pk, rows in table.items.items()})
    return kept


def _updated(
    backend: DynamoDBBackend, table_name: str, key: dict[str, Any], *args: Any, **kw: Any
) -> Any:
    """moto changes the item where it stands."""
    table = backend.get_table(table_name)
    pk, sk = (DynamoType(key[each]) for each in (table.hash_key_attr, table.range_key_attr or ""))
    rows = table.items.get(pk, {})
    if sk in rows:
        rows[sk] = copy.deepcopy(rows[sk])
    return _update(backend, table_name, key, *args, **kw)
