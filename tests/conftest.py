"""One machine for every flow: the demo shop at a fixed hour of a Monday."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import settings

from local import shopfile
from local.machine import DEMO_SECRETS, DEMO_SHOP, Machine, secrets_in
from local.world import Clock

MONDAY_NOON = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("dev", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture
def machine() -> Iterator[Machine]:
    shop = shopfile.read(DEMO_SHOP)
    with Machine(shop, secrets_in(DEMO_SECRETS), clock=Clock(fixed=MONDAY_NOON)) as running:
        yield running
