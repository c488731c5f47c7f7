"""Where the door finds a shop: in Parameter Store, since the door must open while the table does
not. Kept for a minute, so a pushed shop file is in force within one. Rooms behind the door ask
`store.load_shop`."""

import re

import msgspec

from kesher import parameters
from kesher.domain.shop import Door
from kesher.errors import NotFound
from kesher.settings import settings


def door(shop: str) -> Door:
    """What the door needs of a shop; raises NotFound."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", shop):
        raise NotFound("no such shop")
    try:
        document = parameters.parameter(parameter_name(shop), kept_seconds=60)
    except NotFound:
        raise NotFound(f"no shop {shop!r}") from None
    return msgspec.json.decode(document, type=Door)


def parameter_name(shop: str) -> str:
    return f"{settings().shop_parameters}/{shop}"


def connect() -> None:
    parameters.provider()
