"""What the store runs against in its tests: moto inside this process, or Amazon's DynamoDB Local.

botocore takes the engine's address from AWS_ENDPOINT_URL_DYNAMODB, so the store is tested as it is.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Any
from unittest import mock

import pytest
from moto import mock_aws

from kesher import sdk
from kesher.settings import Settings, settings
from kesher.store import load, table
from local import template

FOLDER = template.ROOT / ".tools" / "dynamodb"
JAR = FOLDER / "DynamoDBLocal.jar"
JAVA = shutil.which("java")
_SHAPE = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")


@dataclass
class Table:
    """The template's table in some engine, past the store."""

    client: Any
    name: str
    operations: list[str] = field(default_factory=list)
    """What the store has asked of it."""

    def rows(self) -> list[dict[str, Any]]:
        """Everything, in the order of keys."""
        pages = self.client.get_paginator("scan").paginate(TableName=self.name)
        found = [row for page in pages for row in page["Items"]]
        return sorted(found, key=lambda row: (row["pk"]["S"], row["sk"]["S"]))

    def row(self, sk: str) -> dict[str, Any]:
        """The one row with that sort key."""
        (found,) = (row for row in self.rows() if row["sk"]["S"] == sk)
        return found


@contextmanager
def moto() -> Iterator[Table]:
    with mock_aws(), _table("store-tests", {}) as made:
        yield made


@contextmanager
def dynamodb_local(url: str, name: str) -> Iterator[Table]:
    with _table(name, {"AWS_ENDPOINT_URL_DYNAMODB": url}) as made:
        yield made


@contextmanager
def running() -> Iterator[str]:
    """The address of a DynamoDB Local that forgets everything when it ends."""
    if not JAVA:
        pytest.skip("DynamoDB Local needs Java 17 or newer on the PATH")
    if not JAR.exists():
        pytest.skip("DynamoDB Local is not here; get it by: make .tools/dynamodb/ready")
    port = _free_port()
    command = [JAVA, "-Xmx256m", "-Djava.library.path=./DynamoDBLocal_lib", "-jar", JAR.name]
    command += ["-inMemory", "-sharedDb", "-port", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=FOLDER, stdout=quiet, stderr=quiet) as process:
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@contextmanager
def _table(name: str, endpoint: Mapping[str, str]) -> Iterator[Table]:
    variables = {each.name.upper(): "-" for each in fields(Settings)} | {
        "TABLE_NAME": name,
        "AWS_DEFAULT_REGION": template.REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        **endpoint,
    }
    with mock.patch.dict(os.environ, variables):
        _forget()
        shape = template.read("-").table
        made = Table(sdk.session().create_client("dynamodb"), name)
        made.client.create_table(TableName=name, **{key: shape[key] for key in _SHAPE})
        table.connect()
        table.connection().client.meta.events.register(
            "before-call.dynamodb", lambda model, **_: made.operations.append(model.name)
        )
        yield made
        made.client.delete_table(TableName=name)
    _forget()


def _forget() -> None:
    """PynamoDB's connection belongs to one engine, and the settings to one table."""
    settings.cache_clear()
    load._shops.clear()
    table.table.cache_clear()
    table.Row._connection = None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            pytest.fail(
                f"DynamoDB Local ended with {process.returncode}; is this Java 17 or newer?"
            )
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("DynamoDB Local does not answer")
