"""Where the door finds a shop: in Parameter Store, since the door must open while the table does
not. Kept for a minute, so a pushed shop file is in force within one. Rooms behind the door ask
`store.load_shop`."""

import re
import time

import msgspec

from kesher import parameters
from kesher.domain.shop import Door
from kesher.errors import NotFound
from kesher.settings import settings

KEPT_SECONDS = 60
MOST_KEPT = 1000
_known: dict[str, tuple[float, Door | None]] = {}
"""Also which shops there are not: strangers who guess names must not use up Parameter Store's rate."""


def door(shop: str) -> Door:
    """What the door needs of a shop; raises NotFound. The last known answer will do while Parameter
    Store gives none."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", shop):
        raise NotFound("no such shop")
    asked_at, found = _known.get(shop, (0.0, None))
    if not asked_at or time.monotonic() - asked_at > KEPT_SECONDS:
        found = _asked(shop, found)
        if len(_known) >= MOST_KEPT:
            _known.clear()
        _known[shop] = time.monotonic(), found
    if found is None:
        raise NotFound(f"no shop {shop!r}")
    return found


def _asked(shop: str, last: Door | None) -> Door | None:
    try:
        document = parameters.parameter(parameter_name(shop), kept_seconds=0)
    except NotFound:
        return None
    except Exception:
        if last is None:
            raise
        return last
    return msgspec.json.decode(document, type=Door)


def every() -> tuple[Door, ...]:
    """What the door needs of each shop there is, by their ids."""
    documents = parameters.under(settings().shop_parameters)
    return tuple(msgspec.json.decode(documents[shop], type=Door) for shop in sorted(documents))


def parameter_name(shop: str) -> str:
    return f"{settings().shop_parameters}/{shop}"


def connect() -> None:
    parameters.provider()
