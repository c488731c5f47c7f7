"""What a call needs to be allowed, as IAM names it."""

from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from typing import Any, NamedTuple

_IN_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


class Need(NamedTuple):
    action: str
    """`dynamodb:PutItem`; of a provider call `http:POST`."""
    resource: str
    """A table or `table/index/name`, a queue's label, a parameter's name, a mail's domain, a
    provider's host."""


def needs(
    service: str, operation: str, params: Mapping[str, Any], queues: Mapping[str, str]
) -> frozenset[Need]:
    """A transaction needs what its actions need, and nothing of its own. `queues` are labels by URL."""
    match operation:
        case "TransactWriteItems":
            return frozenset(_of_transaction(params["TransactItems"]))
        case "BatchGetItem":
            return frozenset(Need("dynamodb:BatchGetItem", each) for each in params["RequestItems"])
        case "SendMessage":
            resource = queues.get(params["QueueUrl"], params["QueueUrl"])
        case "GetParameter" | "PutParameter":
            resource = params["Name"]
        case "SendEmail":
            resource = parseaddr(params["FromEmailAddress"])[1].partition("@")[2]
            return frozenset({Need("ses:SendEmail", f"identity/{resource}")})
        case "GetParametersByPath":
            resource = params["Path"]
        case _:
            index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
            resource = params.get("TableName", "") + index
    return frozenset({Need(f"{service}:{operation}", resource)})


def _of_transaction(actions: list[Mapping[str, Any]]) -> Iterator[Need]:
    for each in actions:
        for kind, action in each.items():
            yield Need(f"dynamodb:{_IN_TRANSACTION[kind]}", action["TableName"])
