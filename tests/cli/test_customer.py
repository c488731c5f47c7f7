"""`kesher customer`, on a table in moto."""

import json
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner, Result

from kesher import store
from kesher.domain import erasure
from local.cli import app
from tests.builders import KESHET, NOA, SHIRIN
from tests.store import engines
from tests.store.engines import Table
from tests.store.test_person import NAME, WORDS, a_life, everything, keep, outbound

KEY = {"A_KEY": "a key", "COLUMNS": "400", "NO_COLOR": "1"}


@pytest.fixture
def table() -> Iterator[Table]:
    with engines.moto() as made:
        store.save_shop(KESHET)
        a_life()
        yield made


def customer(*arguments: str, answer: str | None = None) -> Result:
    command = ["customer", *arguments, "--table", "store-tests"]
    return CliRunner().invoke(app, command, input=answer, env=KEY)


def erase(*arguments: str, answer: str | None = None) -> Result:
    options = ("--shop", "keshet", "--key", "env:A_KEY")
    return customer("erase", *arguments, *options, answer=answer)


@pytest.mark.parametrize("written", [NOA, "050-234-5678"])
def test_an_export_is_one_document_of_everything(table: Table, written: str) -> None:
    done = customer("export", written, "--shop", "keshet")

    said = json.loads(done.stdout)
    assert (said["shop"], said["address"], said["profile"]["name"]) == ("keshet", NOA, NAME)
    assert WORDS in {each["text"] for each in said["messages"]}
    assert [len(said[part]) for part in ("consent", "messages", "orders")] == [1, 3, 2]
    assert [each["text"] for each in said["notes"]] == [f"{NAME}: {WORDS}"]


def test_an_erasure_is_confirmed_and_leaves_nothing_of_the_customer(table: Table) -> None:
    done = erase(NOA, answer="y\n")

    assert done.exit_code == 0
    assert "texts 3, notes 1, orders 2, consent changes kept 1" in done.output
    assert not any(canary in everything(table) for canary in (NOA, NAME, WORDS))
    assert erasure.token("a key", "keshet", NOA) in everything(table)
    assert erase(NOA, "--yes").exit_code == 0


def test_who_says_no_erases_nothing(table: Table) -> None:
    before = table.rows()
    assert erase(NOA, answer="n\n").exit_code == 1
    assert table.rows() == before


def test_an_export_after_an_erasure_shows_what_is_left(table: Table) -> None:
    erase(NOA, "--yes")

    said = json.loads(customer("export", NOA, "--shop", "keshet").stdout)

    assert {each["text"] for each in said["messages"]} == {erasure.ERASED}
    assert "name" not in said["profile"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((SHIRIN, "--shop", "keshet"), "is unknown to keshet"),
        (("no number", "--shop", "keshet"), "is no phone number in IL"),
        ((NOA, "--shop", "nowhere"), "no shop 'nowhere' in this table"),
        (("user-7", "--channel", "twilio", "--shop", "keshet"), "user-7 is unknown to keshet"),
    ],
)
def test_whom_it_cannot_find_it_names(table: Table, arguments: tuple[str, ...], says: str) -> None:
    done = customer("export", *arguments)

    assert done.exit_code == 1
    assert says in done.output


def test_a_key_that_is_not_there_is_no_key(table: Table) -> None:
    before = table.rows()

    done = customer("erase", NOA, "--shop", "keshet", "--key", "env:NO_KEY", "--yes")

    assert done.exit_code == 1
    assert "secret 'env:NO_KEY' is missing or empty" in done.output
    assert "docs/operations.md" in done.output
    assert table.rows() == before


def test_while_a_text_is_leaving_it_says_to_wait(table: Table) -> None:
    keep(outbound("leaving", status="claimed", attempt=1))

    done = erase(NOA, "--yes")

    assert done.exit_code == 1
    assert "Wait two minutes" in done.output
    assert WORDS in everything(table)


def test_a_table_that_is_not_there_is_told_in_the_words_of_aws(table: Table) -> None:
    store.load_shop("keshet")
    table.client.delete_table(TableName=table.name)

    done = customer("export", NOA, "--shop", "keshet")
    table.client.create_table(
        TableName=table.name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
    )

    assert done.exit_code == 1
    assert "Nothing exported:" in done.output
