"""A transaction that fails has changed nothing, though no table was copied for it."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from kesher import sdk

ADD = {"UpdateExpression": "ADD parts :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}
THERE = {"pk": {"S": "p"}, "sk": {"S": "there"}}
NEW = {"pk": {"S": "p"}, "sk": {"S": "new"}}
LISTED = {"due_shard": {"S": "0"}, "due_at": {"S": "2026-11-23"}}


def transact(*writes: dict[str, Any]) -> None:
    named = [{op: {"TableName": "Table", **write}} for each in writes for op, write in each.items()]
    sdk.client("dynamodb").transact_write_items(TransactItems=named)


def rows() -> list[dict[str, Any]]:
    query = {
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": "p"}},
    }
    found = sdk.client("dynamodb").query(TableName="Table", ConsistentRead=True, **query)
    return list(found["Items"])


def listed() -> int:
    query = {
        "KeyConditionExpression": "due_shard = :shard",
        "ExpressionAttributeValues": {":shard": {"S": "0"}},
    }
    return int(sdk.client("dynamodb").query(TableName="Table", IndexName="due", **query)["Count"])


@pytest.mark.usefixtures("machine")
def test_what_was_put_updated_and_deleted_before_the_failure_is_as_it_was() -> None:
    transact({"Put": {"Item": THERE | LISTED | {"parts": {"N": "7"}}}})
    gone = {"pk": {"S": "p"}, "sk": {"S": "gone"}}
    transact({"Put": {"Item": gone | LISTED}})
    before = rows()

    for _ in range(2):
        with pytest.raises(ClientError, match="ConditionalCheckFailed"):
            transact(
                {"Update": {"Key": THERE, **ADD}},
                {"Put": {"Item": NEW | LISTED}},
                {"Put": {"Item": gone, "ConditionExpression": "attribute_not_exists(pk)"}},
            )
        assert (rows(), listed()) == (before, 2)

    transact({"Update": {"Key": THERE, **ADD}}, {"Delete": {"Key": gone}})
    ((there,), n) = rows(), listed()
    assert (there["parts"], n) == ({"N": "8"}, 1)
