"""What AWS refuses is refused here, at the limit and not before it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from kesher import sdk
from local.strict import ITEM, MB, Table, item_size
from local.world import World

Value = dict[str, Any]
Params = dict[str, Any]

INVALID = "ValidationException"
BAD = "InvalidParameterValue"
URL = "https://sqs.eu-central-1.amazonaws.com/123456789012/"
FIFO, STANDARD = f"{URL}kesher-outbox.fifo", f"{URL}kesher-receipts"


def text(value: str) -> Value:
    return {"S": value}


def key(sk: str = "a", pk: str = "p") -> Value:
    return {"pk": text(pk), "sk": text(sk)}


def sized(size: int, sk: str = "a") -> Value:
    """An item of so many bytes."""
    filler = size - item_size(key(sk) | {"body": text("")})
    return key(sk) | {"body": text("x" * filler)}


def nested(levels: int) -> Value:
    """A value that goes so many levels deep."""
    value: Value = text("leaf")
    for n in range(levels - 1):
        value = {"M": {"n": value}} if n % 2 else {"L": [value]}
    return value


def put(item: Value) -> Params:
    return {"TableName": "Table", "Item": item}


def transaction(*actions: Params, **more: Any) -> Params:
    return {"TransactItems": list(actions), **more}


def puts(count: int, size: int = 100) -> Params:
    return transaction(*({"Put": put(sized(size, str(n)))} for n in range(count)))


def check(**where: str) -> Params:
    condition = "attribute_not_exists(body)"
    return {
        "ConditionCheck": {
            "TableName": "Table",
            "Key": key(**where),
            "ConditionExpression": condition,
        }
    }


def batch(*keys: Value) -> Params:
    return {"RequestItems": {"Table": {"Keys": list(keys)}}}


def query(pk: str, sk: str, index: str = "") -> Params:
    hash_key, range_key = ("due_shard", "due_at") if index else ("pk", "sk")
    return {
        "TableName": "Table",
        "KeyConditionExpression": "(#0 = :0 AND begins_with (#1, :1))",
        "ExpressionAttributeNames": {"#0": hash_key, "#1": range_key},
        "ExpressionAttributeValues": {":0": text(pk), ":1": text(sk)},
        **({"IndexName": index} if index else {}),
    }


def sent(body: str = "body", url: str = FIFO, **more: Any) -> Params:
    ids = {"MessageGroupId": "g", "MessageDeduplicationId": str(uuid4())} if url == FIFO else {}
    given = {"QueueUrl": url, "MessageBody": body, **ids, **more}
    return {name: value for name, value in given.items() if value is not None}


def attribute(value: str, count: int = 1) -> Params:
    one = {"DataType": "String", "StringValue": value}
    return {"MessageAttributes": {f"a{n}": one for n in range(count)}}


def call(operation: str, params: Params) -> Any:
    service = {"send_message": "sqs", "get_parameter": "ssm", "put_parameter": "ssm"}
    return getattr(sdk.client(service.get(operation, "dynamodb")), operation)(**params)


PUT, GET, QUERY, BATCH = "put_item", "get_item", "query", "batch_get_item"
TRANSACT, SEND, READ, SAVE = (
    "transact_write_items",
    "send_message",
    "get_parameter",
    "put_parameter",
)

REFUSED: dict[str, tuple[str, Params, str]] = {
    "101 actions": (TRANSACT, puts(101), INVALID),
    "two actions on one item": (
        TRANSACT,
        transaction({"Put": put(key())}, check()),
        INVALID,
    ),
    "more than 4 MB": (TRANSACT, puts(11, 400 * 1024), INVALID),
    "an action that is two": (
        TRANSACT,
        transaction({"Put": put(key("a")), **check(sk="b")}),
        INVALID,
    ),
    "a token of 37": (
        TRANSACT,
        transaction({"Put": put(key())}, ClientRequestToken="t" * 37),
        INVALID,
    ),
    "too large an item": (PUT, put(sized(ITEM + 1)), INVALID),
    "too large an item in a transaction": (
        TRANSACT,
        transaction({"Put": put(sized(ITEM + 1))}),
        INVALID,
    ),
    "an empty partition key": (PUT, put(key(pk="")), INVALID),
    "an empty sort key": (PUT, put(key("")), INVALID),
    "an empty key read": (GET, {"TableName": "Table", "Key": key("")}, INVALID),
    "an empty key in a batch": (BATCH, batch(key("")), INVALID),
    "an empty key in a transaction": (TRANSACT, transaction(check(sk="")), INVALID),
    "an empty key in a query": (QUERY, query("", "a"), INVALID),
    "an empty sort key in a query": (QUERY, query("p", ""), INVALID),
    "an empty shard in a query": (QUERY, query("", "2026", "due"), INVALID),
    "a partition key of 2049": (PUT, put(key(pk="p" * 2049)), INVALID),
    "a partition key of 1025 letters": (PUT, put(key(pk="ש" * 1025)), INVALID),
    "a sort key of 1025": (PUT, put(key("s" * 1025)), INVALID),
    "a sort key of 513 letters": (PUT, put(key("ק" * 513)), INVALID),
    "a long key read": (GET, {"TableName": "Table", "Key": key("s" * 1025)}, INVALID),
    "a long key in a query": (QUERY, query("p" * 2049, "a"), INVALID),
    "a key that is a number": (PUT, put({"pk": {"N": "1"}, "sk": text("a")}), INVALID),
    "a missing sort key": (PUT, put({"pk": text("p")}), INVALID),
    "half a key": (GET, {"TableName": "Table", "Key": {"pk": text("p")}}, INVALID),
    "a shard that is a number": (PUT, put(key() | {"due_shard": {"N": "1"}}), INVALID),
    "a due date that is null": (PUT, put(key() | {"due_at": {"NULL": True}}), INVALID),
    "an empty shard": (PUT, put(key() | {"due_shard": text("")}), INVALID),
    "an empty due date": (PUT, put(key() | {"due_at": text("")}), INVALID),
    "an empty due date in a transaction": (
        TRANSACT,
        transaction({"Put": put(key() | {"due_at": text("")})}),
        INVALID,
    ),
    "a long due date": (PUT, put(key() | {"due_at": text("d" * 1025)}), INVALID),
    "a number of 39 digits": (PUT, put(key() | {"n": {"N": "1" * 39}}), INVALID),
    "a fraction of 39 digits": (PUT, put(key() | {"n": {"N": "0.1" + "1" * 38}}), INVALID),
    "too large a number": (PUT, put(key() | {"n": {"N": "1e126"}}), INVALID),
    "too small a number": (PUT, put(key() | {"n": {"N": "1e-131"}}), INVALID),
    "no number": (PUT, put(key() | {"n": {"N": "one"}}), INVALID),
    "not a number": (PUT, put(key() | {"n": {"N": "NaN"}}), INVALID),
    "a long number in a set": (PUT, put(key() | {"n": {"NS": ["1", "1" * 39]}}), INVALID),
    "a long number in a condition": (
        PUT,
        put(key())
        | {
            "ConditionExpression": "version = :v",
            "ExpressionAttributeValues": {":v": {"N": "1" * 39}},
        },
        INVALID,
    ),
    "an empty set": (PUT, put(key() | {"stopped": {"SS": []}}), INVALID),
    "a set with one thing twice": (PUT, put(key() | {"stopped": {"SS": ["a", "a"]}}), INVALID),
    "33 levels": (PUT, put(key() | {"deep": nested(33)}), INVALID),
    "33 levels in a transaction": (
        TRANSACT,
        transaction({"Put": put(key() | {"deep": nested(33)})}),
        INVALID,
    ),
    "101 keys": (BATCH, batch(*(key(str(n)) for n in range(101))), INVALID),
    "one key twice": (BATCH, batch(key("a"), key("b"), key("a")), INVALID),
    "a consistent read of an index": (
        QUERY,
        query("1", "2026", "due") | {"ConsistentRead": True},
        INVALID,
    ),
    "an empty body": (SEND, sent(""), "MissingParameter"),
    "more than 1 MiB": (SEND, sent("x" * (MB + 1)), BAD),
    "more than 1 MiB of two-byte letters": (SEND, sent("ש" * (MB // 2 + 1)), BAD),
    "more than 1 MiB with its attributes": (SEND, sent("x" * MB, STANDARD, **attribute("v")), BAD),
    "no group": (SEND, sent(MessageGroupId=None), "MissingParameter"),
    "no deduplication id": (SEND, sent(MessageDeduplicationId=None), BAD),
    "a group in Hebrew": (SEND, sent(MessageGroupId="נועה"), BAD),
    "a group with a space": (SEND, sent(MessageGroupId="a b"), BAD),
    "a group that is empty": (SEND, sent(MessageGroupId=""), BAD),
    "a group of 129": (SEND, sent(MessageGroupId="g" * 129), BAD),
    "a deduplication id in Hebrew": (SEND, sent(MessageDeduplicationId="נועה"), BAD),
    "a deduplication id of 129": (SEND, sent(MessageDeduplicationId="d" * 129), BAD),
    "a deduplication id where there are none": (
        SEND,
        sent(url=STANDARD, MessageDeduplicationId="d"),
        BAD,
    ),
    "a group in Hebrew on a standard queue": (SEND, sent(url=STANDARD, MessageGroupId="נועה"), BAD),
    "a delay of its own in order": (SEND, sent(DelaySeconds=1), BAD),
    "an empty attribute": (SEND, sent(url=STANDARD, **attribute("")), BAD),
    "an attribute with NUL": (
        SEND,
        sent(url=STANDARD, **attribute("\0")),
        "InvalidMessageContents",
    ),
    "eleven attributes": (
        SEND,
        sent(url=STANDARD, **attribute("v", 11)),
        BAD,
    ),
    "no such queue": (
        SEND,
        sent(url=f"{URL}Nowhere"),
        "AWS.SimpleQueueService.NonExistentQueue",
    ),
    "a parameter that is not there": (READ, {"Name": "/nowhere"}, "ParameterNotFound"),
    "a parameter with a space": (READ, {"Name": "/a b"}, INVALID),
    "a path without its slash": (READ, {"Name": "a/b"}, INVALID),
    "a path of sixteen": (READ, {"Name": "/a" * 16}, INVALID),
    "a parameter of more than 8 kB": (
        SAVE,
        {"Name": "/a", "Value": "v" * 8193, "Type": "String"},
        INVALID,
    ),
}

TAKEN: dict[str, tuple[str, Params]] = {
    "100 actions": (TRANSACT, puts(100)),
    "almost 4 MB": (TRANSACT, puts(10, 404_000)),
    "a check and a put": (TRANSACT, transaction({"Put": put(key("a"))}, check(sk="never"))),
    "an item as large as moto takes": (PUT, put(sized(404_000))),
    "a partition key of 2048": (PUT, put(key(pk="ש" * 1024))),
    "a sort key of 1024": (PUT, put(key("ק" * 512))),
    "an empty text that is no key": (PUT, put(key() | {"body": text("")})),
    "a row without a due date": (PUT, put(key())),
    "a row with a due date": (PUT, put(key() | {"due_shard": text("1"), "due_at": text("2026")})),
    "a number of 38 digits": (PUT, put(key() | {"n": {"N": "-0.1" + "1" * 37}})),
    "a number with many zeros": (PUT, put(key() | {"n": {"N": "1" + "0" * 60}})),
    "nothing, as a number": (PUT, put(key() | {"n": {"N": "0"}})),
    "32 levels": (PUT, put(key() | {"deep": nested(32)})),
    "100 keys": (BATCH, batch(*(key(str(n)) for n in range(100)))),
    "a query": (QUERY, query("p", "a")),
    "a query of the index": (QUERY, query("1", "2026", "due")),
    "1 MiB": (SEND, sent("x" * MB)),
    "all of Unicode that SQS knows": (SEND, sent("\t\n\r \ud7ff\ue000\ufffd\U00010000\U0010ffff")),
    "ids of 128": (
        SEND,
        sent(MessageGroupId="!~" * 64, MessageDeduplicationId="`{" * 64),
    ),
    "a group on a standard queue": (SEND, sent(url=STANDARD, MessageGroupId="g")),
    "an attribute": (SEND, sent(url=STANDARD, **attribute("ערך"))),
    "a parameter of 8 kB": (SAVE, {"Name": "/a/b", "Value": "v" * 8192, "Type": "String"}),
}


@pytest.mark.parametrize("case", REFUSED)
def test_aws_refuses(world: World, case: str) -> None:
    operation, params, code = REFUSED[case]
    with pytest.raises(ClientError) as refused:
        call(operation, params)
    assert code == refused.value.response["Error"]["Code"]


@pytest.mark.parametrize("case", TAKEN)
def test_aws_takes(world: World, case: str) -> None:
    call(*TAKEN[case])


NO_CHARACTERS = ["\ud83d", "\udfff", "\ufffe", "\uffff"]
CONTROLS = [chr(n) for n in range(32) if chr(n) not in "\t\n\r"]


def test_moto_is_stricter_than_aws_by_5_kb_and_strict_is_not(world: World) -> None:
    table = Table.of(world.cloud.table)
    table.check("PutItem", put(sized(ITEM)))
    table.check("TransactWriteItems", puts(10, ITEM))


@pytest.mark.parametrize("odd", CONTROLS + NO_CHARACTERS, ids=ascii)
def test_sqs_refuses_what_xml_has_no_place_for(world: World, odd: str) -> None:
    with pytest.raises(ClientError, match="InvalidMessageContents"):
        call(SEND, sent(f"before{odd}after"))


def test_what_botocore_refuses_itself_never_leaves(world: World) -> None:
    for operation, params in ((PUT, {"TableName": "Table"}), (SEND, {}), (READ, {"Name": ""})):
        with pytest.raises(ParamValidationError):
            call(operation, params)


def test_a_refusal_leaves_nothing_behind(world: World) -> None:
    half = transaction(
        {"Put": put(key("half"))}, {"Put": put(key("other") | {"due_at": {"N": "1"}})}
    )
    with pytest.raises(ClientError) as refused:
        call(TRANSACT, half)
    reasons = refused.value.response["CancellationReasons"]
    assert [each["Code"] for each in reasons] == ["None", "ValidationError"]
    assert world.stored(key("half")) == {}


def test_a_refusal_is_the_error_its_client_names(world: World) -> None:
    with pytest.raises(sdk.client("ssm").exceptions.ParameterNotFound):
        call(READ, {"Name": "/nowhere"})
    with pytest.raises(sdk.client("sqs").exceptions.InvalidMessageContents):
        call(SEND, sent("\0"))


def versioned(version: int, token: str) -> Params:
    """A write that can be made but once."""
    written = put(key("token") | {"version": {"N": str(version)}})
    once = {"ConditionExpression": "attribute_not_exists(pk)"}
    return transaction({"Put": written | once}, ClientRequestToken=token)


def test_a_token_makes_a_transaction_once_for_ten_minutes(world: World) -> None:
    call(TRANSACT, versioned(1, "token"))
    world.clock.offset += timedelta(minutes=9)
    call(TRANSACT, versioned(1, "token"))
    with pytest.raises(ClientError, match="IdempotentParameterMismatchException"):
        call(TRANSACT, versioned(2, "token"))
    assert world.stored(key("token"))["version"] == {"N": "1"}

    world.clock.offset += timedelta(minutes=2)
    with pytest.raises(ClientError, match="TransactionCanceledException"):
        call(TRANSACT, versioned(1, "token"))


def test_a_transaction_that_was_cancelled_may_be_tried_again_with_its_token(world: World) -> None:
    call(PUT, put(key("token")))
    with pytest.raises(ClientError, match="TransactionCanceledException"):
        call(TRANSACT, versioned(1, "another"))
    call("delete_item", {"TableName": "Table", "Key": key("token")})
    call(TRANSACT, versioned(1, "another"))
    assert world.stored(key("token"))["version"] == {"N": "1"}


def test_a_full_page_says_where_it_ends_even_if_it_is_the_last(world: World) -> None:
    for n in range(3):
        call(PUT, put(key(f"page{n}", "paged")))
    asked = query("paged", "page")
    full = call(QUERY, asked | {"Limit": 3})
    assert full["LastEvaluatedKey"] == key("page2", "paged")
    after = call(QUERY, asked | {"Limit": 3, "ExclusiveStartKey": full["LastEvaluatedKey"]})
    assert (after["Items"], "LastEvaluatedKey" in after) == ([], False)
    assert "LastEvaluatedKey" not in call(QUERY, asked | {"Limit": 4})
