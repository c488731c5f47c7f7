"""AWS where it refuses and its stand-ins here would not: limits, forms, and the memory of transaction
tokens, for the operations that rooms use.

Measured against moto 5.2.5; what the services answer is from their API references and, for DynamoDB,
from github.com/paritysuite/dynamodb-conformance, which asks the real one.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from botocore.exceptions import ClientError

from kesher import sdk
from local.template import Cloud, QueueSpec

KB, MB = 1024, 1024 * 1024
ITEM, TRANSACTION, MESSAGE, PARAMETER = 400 * KB, 4 * MB, MB, 8 * KB
HASH_KEY, RANGE_KEY = 2048, 1024
ACTIONS = KEYS = 100
LEVELS, DIGITS = 32, 38
ATTRIBUTES = 10
TOKEN_KEPT = timedelta(minutes=10)

_INVALID = "One or more parameter values were invalid"
_BAD_VALUE = "InvalidParameterValue"
_NOT_HERE = "The request includes a parameter that is not valid for this queue type."
_WIDE = Context(prec=400)

_ID = re.compile(r"[!-~]{1,128}")
_NOT_SQS = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KEY_VALUE = re.compile(r"(#?\w+)\s*(?:=|<=?|>=?|,|BETWEEN)\s*(:\w+)(?:\s+AND\s+(:\w+))?", re.I)
_PARAMETER_NAME = re.compile(r"(/?[\w.-]+|(?:/[\w.-]+){1,15})(:[\w.-]+)?", re.ASCII)

Params = Mapping[str, Any]


class Refused(Exception):
    """What the service answers instead."""

    def __init__(self, message: str, code: str = "ValidationException", **more: Any) -> None:
        super().__init__(message)
        self.code, self.more = code, more

    def error(self, service: str, operation: str) -> ClientError:
        """As botocore raises it."""
        response = {"Error": {"Code": self.code, "Message": str(self)}, **self.more}
        error: ClientError = sdk.client(service).exceptions.from_code(self.code)(
            response, operation
        )
        return error


class _WrongType(Refused):
    """Of a key attribute; only this one is found out when a transaction is already open."""


def cancelled(reasons: list[dict[str, str]]) -> Refused:
    codes = ", ".join(each["Code"] for each in reasons)
    return Refused(
        f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
        "TransactionCanceledException",
        CancellationReasons=reasons,
    )


# --- all of it -------------------------------------------------------------------------------------


@dataclass
class Strict:
    cloud: Cloud
    now: Callable[[], datetime]
    _tokens: dict[str, tuple[datetime, Params]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._table = Table.of(self.cloud.table)
        self._queues = {each.url: each for each in self.cloud.queues.values()}

    def answered(
        self, service: str, operation: str, params: Params, api: Callable[[str, Params], Any]
    ) -> Any:
        """A refusal, or else what `api` gives."""
        try:
            self._check(service, operation, params)
            if self._replayed(operation, params):
                return {}
            given = api(operation, params)
        except Refused as refused:
            raise refused.error(service, operation) from None
        self._remember(operation, params)
        return self._table.paged(params, given) if operation == "Query" else given

    def _check(self, service: str, operation: str, params: Params) -> None:
        if service == "sqs" and operation == "SendMessage":
            queue = self._queues.get(params["QueueUrl"])
            if queue is None:
                code = "AWS.SimpleQueueService.NonExistentQueue"
                raise Refused("The specified queue does not exist.", code)
            check_message(queue, params)
        elif service == "ssm":
            check_parameter(operation, params)
        elif service == "dynamodb":
            self._table.check(operation, params)

    def _replayed(self, operation: str, params: Params) -> bool:
        kept = self._tokens.get(params.get("ClientRequestToken", ""))
        if operation != "TransactWriteItems" or not kept or self.now() - kept[0] >= TOKEN_KEPT:
            return False
        if kept[1] != params:
            raise Refused(
                "The request uses the same client token as a previous, but non-identical request.",
                "IdempotentParameterMismatchException",
            )
        return True

    def _remember(self, operation: str, params: Params) -> None:
        if operation == "TransactWriteItems" and "ClientRequestToken" in params:
            self._tokens[params["ClientRequestToken"]] = (self.now(), params)


# --- DynamoDB --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Keys:
    """The key attributes of the table, or of an index of it: hash, then range."""

    index: str
    names: tuple[str, ...]
    kinds: Mapping[str, str]

    def check(self, item: Params) -> None:
        for name, most in zip(self.names, (HASH_KEY, RANGE_KEY), strict=False):
            if name in item:
                self._check_one(name, item[name], most)
            elif not self.index:
                raise Refused(f"{_INVALID}: Missing the key {name} in the item")

    def _check_one(self, name: str, value: Params, most: int) -> None:
        kind, content = _only(value)
        if kind != self.kinds[name]:
            key = f"Index Key {name} Expected" if self.index else f"key {name} expected"
            where = f" IndexName: {self.index}" if self.index else ""
            raise _WrongType(
                f"{_INVALID}: Type mismatch for {key}: {self.kinds[name]} actual: {kind}{where}"
            )
        if kind in ("S", "B"):
            self._check_length(name, content, most)

    def _check_length(self, name: str, content: str | bytes, most: int) -> None:
        if not content:
            raise Refused(
                "One or more parameter values are not valid. The AttributeValue for a key "
                f"attribute cannot contain an empty string value. Key: {name}"
            )
        if _bytes(content) > most:
            raise Refused(f"{_INVALID}: Size of key {name} has exceeded the limit of {most} bytes")


@dataclass(frozen=True)
class Table:
    keys: Keys
    indexes: Mapping[str, Keys]

    @classmethod
    def of(cls, properties: Params) -> "Table":
        kinds = {e["AttributeName"]: e["AttributeType"] for e in properties["AttributeDefinitions"]}

        def keys(schema: list[dict[str, str]], index: str = "") -> Keys:
            return Keys(index, tuple(each["AttributeName"] for each in schema), kinds)

        return cls(
            keys(properties["KeySchema"]),
            {
                each["IndexName"]: keys(each["KeySchema"], each["IndexName"])
                for each in properties.get("GlobalSecondaryIndexes", [])
            },
        )

    def check(self, operation: str, params: Params) -> None:
        match operation:
            case "PutItem":
                self._check_put(params)
            case "GetItem" | "DeleteItem" | "UpdateItem":
                self._check_key(params)
            case "BatchGetItem":
                self._check_batch(params["RequestItems"])
            case "TransactWriteItems":
                self._check_transaction(params)
            case "Query":
                self._check_query(params)

    def _check_put(self, put: Params) -> int:
        for value in put.get("ExpressionAttributeValues", {}).values():
            weigh(value)
        size = item_size(put["Item"])
        for keys in (self.keys, *self.indexes.values()):
            keys.check(put["Item"])
        if size > ITEM:
            raise Refused("Item size has exceeded the maximum allowed size")
        return size

    def _check_key(self, params: Params) -> int:
        for value in params.get("ExpressionAttributeValues", {}).values():
            weigh(value)
        if set(params["Key"]) != set(self.keys.names):
            raise _WrongType("The provided key element does not match the schema")
        self.keys.check(params["Key"])
        return item_size(params["Key"])

    def _check_batch(self, tables: Params) -> None:
        keys = [(name, key) for name, each in tables.items() for key in each["Keys"]]
        if len(keys) > KEYS:
            raise Refused("Too many items requested for the BatchGetItem call")
        for _, key in keys:
            self._check_key({"Key": key})
        if _repeated(self._identity(*each) for each in keys):
            raise Refused("Provided list of item keys contains duplicates")

    def _check_transaction(self, params: Params) -> None:
        actions = params["TransactItems"]
        if len(actions) > ACTIONS:
            raise Refused(
                "1 validation error detected: Value at 'transactItems' failed to satisfy "
                f"constraint: Member must have length less than or equal to {ACTIONS}"
            )
        if len(params.get("ClientRequestToken", "")) > 36:
            raise Refused(
                "1 validation error detected: Value at 'clientRequestToken' failed to satisfy "
                "constraint: Member must have length less than or equal to 36"
            )
        size = sum(self._check_action(n, actions) for n in range(len(actions)))
        if _repeated(self._target(each) for each in actions):
            raise Refused("Transaction request cannot include multiple operations on one item")
        if size > TRANSACTION:
            raise Refused("Transaction request cannot exceed 4 MB")

    def _check_action(self, n: int, actions: list[Params]) -> int:
        if len(actions[n]) != 1:
            raise Refused("TransactItems can only contain one of Check, Put, Update or Delete")
        kind, action = _only(actions[n])
        try:
            return self._check_put(action) if kind == "Put" else self._check_key(action)
        except _WrongType as wrong:
            reasons = [{"Code": "None"} for _ in actions]
            reasons[n] = {"Code": "ValidationError", "Message": str(wrong)}
            raise cancelled(reasons) from wrong

    def _target(self, action: Params) -> str:
        _, inside = _only(action)
        return self._identity(inside["TableName"], inside.get("Item") or inside["Key"])

    def _identity(self, table: str, item: Params) -> str:
        return repr((table, [item[name] for name in self.keys.names]))

    def _check_query(self, query: Params) -> None:
        keys = self.indexes[query["IndexName"]] if "IndexName" in query else self.keys
        names = query.get("ExpressionAttributeNames", {})
        values = query.get("ExpressionAttributeValues", {})
        for value in values.values():
            weigh(value)
        for name, *given in _KEY_VALUE.findall(query.get("KeyConditionExpression", "")):
            for value in filter(None, given):
                self._check_operand(keys, names.get(name, name), values.get(value))

    def _check_operand(self, keys: Keys, name: str, value: Params | None) -> None:
        if value is not None and name in keys.names:
            Keys("operand", keys.names, keys.kinds).check({name: value})

    def paged(self, query: Params, answer: dict[str, Any]) -> dict[str, Any]:
        """A page that is full says where it ends, be it the last or not."""
        full = answer.get("Items") and answer.get("ScannedCount") == query.get("Limit")
        if not full or "LastEvaluatedKey" in answer:
            return answer
        index = self.indexes.get(query.get("IndexName", ""))
        names = {*self.keys.names, *(index.names if index else ())}
        last = answer["Items"][-1]
        return answer | {"LastEvaluatedKey": {n: last[n] for n in names if n in last}}


def item_size(item: Params) -> int:
    """As DynamoDB counts it, in bytes; raises Refused where a value is none it stores."""
    return sum(_bytes(name) + weigh(value) for name, value in item.items())


def weigh(value: Params, level: int = 1) -> int:
    """The size of a value, and of all inside it."""
    if level > LEVELS:
        raise Refused(
            "Nesting Levels have exceeded supported limits: Attributes in the item have nested "
            "levels beyond supported limit"
        )
    kind, content = _only(value)
    match kind:
        case "S" | "B":
            return _bytes(content)
        case "N":
            return _number(content)
        case "SS" | "BS" | "NS":
            return _set(kind, content)
        case "L":
            return 3 + sum(1 + weigh(each, level + 1) for each in content)
        case "M":
            return 3 + sum(1 + _bytes(n) + weigh(each, level + 1) for n, each in content.items())
    return 1


def _number(written: str) -> int:
    try:
        number = Decimal(written)
        digits, exponent = number.normalize(_WIDE).as_tuple()[1:]
        if not isinstance(exponent, int):
            raise InvalidOperation
    except InvalidOperation:
        raise Refused(f"The parameter cannot be converted to a numeric value: {written}") from None
    if len(digits) > DIGITS:
        raise Refused(f"Attempting to store more than {DIGITS} significant digits in a Number")
    if number and not -130 <= number.adjusted() <= 125:
        raise Refused("Number overflow. Attempting to store a number outside the supported range")
    return (len(digits) + 1) // 2 + 1 + (number < 0)


def _set(kind: str, members: list[str]) -> int:
    if not members:
        raise Refused(f"{_INVALID}: An string set  may not be empty")
    if _repeated(members):
        raise Refused(f"{_INVALID}: Input collection contains duplicates.")
    return sum(weigh({kind[0]: each}) for each in members)


def _only(one: Params) -> tuple[str, Any]:
    ((kind, content),) = one.items()
    return kind, content


def _bytes(content: str | bytes) -> int:
    return len(content.encode() if isinstance(content, str) else content)


def _repeated(each: Iterable[Any]) -> bool:
    everything = list(each)
    return len(set(everything)) < len(everything)


# --- SQS and Parameter Store -----------------------------------------------------------------------


def check_message(queue: QueueSpec, params: Params) -> None:
    """What SendMessage refuses."""
    attributes = params.get("MessageAttributes", {})
    if not params["MessageBody"]:
        raise _missing("MessageBody")
    if len(attributes) > ATTRIBUTES:
        raise Refused(
            f"Number of message attributes [{len(attributes)}] exceeds the allowed maximum "
            f"[{ATTRIBUTES}].",
            _BAD_VALUE,
        )
    for name, each in attributes.items():
        if not each.get("StringValue") and not each.get("BinaryValue"):
            raise Refused(
                f"The message attribute '{name}' must contain non-empty message attribute value "
                f"for message attribute type '{each['DataType']}'.",
                _BAD_VALUE,
            )
    if any(_NOT_SQS.search(text) for text in _texts(params)):
        raise Refused("Invalid characters found.", "InvalidMessageContents")
    if sum(map(_bytes, _texts(params))) > MESSAGE:
        raise Refused(
            f"One or more parameters are invalid. Reason: Message must be shorter than {MESSAGE} "
            "bytes.",
            _BAD_VALUE,
        )
    _check_ids(queue, params)


def _check_ids(queue: QueueSpec, params: Params) -> None:
    for name in ("MessageGroupId", "MessageDeduplicationId"):
        if name in params and not _ID.fullmatch(params[name]):
            raise _bad_parameter(
                params,
                name,
                f"{name} can only include alphanumeric and punctuation characters. "
                "1 to 128 in length.",
            )
    if not queue.fifo:
        if "MessageDeduplicationId" in params:
            raise _bad_parameter(params, "MessageDeduplicationId", _NOT_HERE)
        return
    if "MessageGroupId" not in params:
        raise _missing("MessageGroupId")
    if "MessageDeduplicationId" not in params:
        raise Refused(
            "The queue should either have ContentBasedDeduplication enabled or "
            "MessageDeduplicationId provided explicitly",
            _BAD_VALUE,
        )
    if params.get("DelaySeconds"):
        raise _bad_parameter(params, "DelaySeconds", _NOT_HERE)


def _texts(params: Params) -> Iterator[str]:
    yield params["MessageBody"]
    for name, each in params.get("MessageAttributes", {}).items():
        yield from (name, each["DataType"], each.get("StringValue", ""))


def _missing(name: str) -> Refused:
    return Refused(f"The request must contain the parameter {name}.", "MissingParameter")


def _bad_parameter(params: Params, name: str, why: str) -> Refused:
    given = params[name]
    return Refused(f"Value {given} for parameter {name} is invalid. Reason: {why}", _BAD_VALUE)


def check_parameter(operation: str, params: Params) -> None:
    """What GetParameter, GetParametersByPath and PutParameter refuse."""
    name = params["Path" if operation == "GetParametersByPath" else "Name"]
    if len(name) > 2048 or not _PARAMETER_NAME.fullmatch(name):
        raise Refused(
            "Parameter name must be a fully qualified name of letters, digits and .-_ in at most "
            "15 levels."
        )
    if operation == "PutParameter" and _bytes(params["Value"]) > PARAMETER:
        raise Refused(f"Parameters support a maximum parameter value of {PARAMETER} characters.")
