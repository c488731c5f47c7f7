"""What a deployment sets, read from the environment once and refused early, and the secrets that
shop files refer to."""

import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache

from kesher.errors import Misconfigured, NotFound


@dataclass(frozen=True)
class Settings:
    """Every field is an environment variable of the same name in capitals, set by `template.yaml`."""

    table_name: str
    public_url: str
    """Where the outside world reaches us, without a slash at the end; what providers sign."""
    sign_in_url: str
    """Where people sign in: the user pool's own pages."""
    desk_client_id: str
    """What the desk's pages sign in as."""
    shop_parameters: str
    """Where in Parameter Store the door finds its shops: this path and the shop's id."""
    messages_queue_url: str
    orders_queue_url: str
    receipts_queue_url: str
    outbox_queue_url: str
    surveys_queue_url: str
    escalations_queue_url: str


@lru_cache(maxsize=1)
def settings() -> Settings:
    names = {field.name: field.name.upper() for field in fields(Settings)}
    missing = sorted(name for name in names.values() if not os.environ.get(name))
    if missing:
        raise Misconfigured(f"not set in the environment: {', '.join(missing)}")
    return Settings(**{field: os.environ[name] for field, name in names.items()})


def secret(reference: str) -> str:
    """The secret behind `env:NAME` or `ssm:/path`. An empty one signs anything, so it is refused."""
    source, _, name = reference.partition(":")
    value = _SOURCES[source](name) if source in _SOURCES else None
    if not value:
        raise Misconfigured(f"secret {reference!r} is missing or empty")
    return value


def at_start(*connects: Callable[[], object]) -> None:
    """Makes clients while a Lambda starts, so that SnapStart's picture has them ready. On any other
    machine they are made when first used."""
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        for connect in connects:
            connect()


def _parameter(name: str) -> str | None:
    from kesher import parameters  # noqa: PLC0415 (a secret may as well be in the environment)

    try:
        return parameters.parameter(name, kept_seconds=300)
    except NotFound:
        return None


_SOURCES: dict[str, Callable[[str], str | None]] = {"env": os.environ.get, "ssm": _parameter}
