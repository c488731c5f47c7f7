"""The store on its table: in moto always, and in DynamoDB Local where that is."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.store import engines
from tests.store.engines import Table

_tables = count(1)


@pytest.fixture(scope="session")
def dynamodb_local() -> Iterator[str]:
    with engines.running() as url:
        yield url


@pytest.fixture(params=["moto", "dynamodb-local"])
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    if request.param == "moto":
        with engines.moto() as made:
            yield made
    else:
        url = request.getfixturevalue("dynamodb_local")
        with engines.dynamodb_local(url, f"store-tests-{next(_tables)}") as made:
            yield made


@pytest.fixture
def racing(dynamodb_local: str) -> Iterator[Table]:
    """moto undoes other threads' writes when a transaction fails, so races are for the real thing."""
    with engines.dynamodb_local(dynamodb_local, f"store-races-{next(_tables)}") as made:
        yield made
