"""One World for all of a file's calls to a bare AWS."""

from collections.abc import Iterator

import pytest

from local import shopfile
from local.machine import DEMO_SECRETS, DEMO_SHOP, secrets_in
from local.world import Clock, World
from tests.conftest import MONDAY_NOON


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    shop = shopfile.read(DEMO_SHOP)
    with World(shop, secrets_in(DEMO_SECRETS), clock=Clock(fixed=MONDAY_NOON)) as running:
        yield running
