"""The AWS SDK, once a process: one session, whose models and endpoints are read once for all clients."""

import threading
from functools import lru_cache
from typing import Any

import botocore.session
from botocore.config import Config

_QUICK = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "max_attempts": 3})
_making = threading.Lock()


@lru_cache(maxsize=1)
def session() -> botocore.session.Session:
    return botocore.session.get_session()


_ONCE = Config(
    connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 1}
)


@lru_cache(maxsize=8)
def client(service: str) -> Any:
    """Made when first asked for, or while the function starts (`settings.at_start`)."""
    with _making:
        return session().create_client(service, config=_QUICK)


@lru_cache(maxsize=2)
def unrepeated(service: str) -> Any:
    """Of a service that would do twice what it is asked twice."""
    with _making:
        return session().create_client(service, config=_ONCE)
