"""The shop systems Kesher listens to. `docs/channels.md` says what each can do."""

import importlib
from typing import cast

from kesher.domain.shop import Door
from kesher.errors import NotFound
from kesher.platforms.base import Account, Adapter
from kesher.settings import secret

NAMES = frozenset({"generic", "shopify"})


def adapter(kind: str) -> Adapter:
    if kind not in NAMES:
        raise NotFound(f"no platform {kind!r}")
    return cast("Adapter", importlib.import_module(f"kesher.platforms.{kind}"))


def account(door: Door, kind: str) -> Account:
    """This shop's connection; raises NotFound where it has none."""
    for each in door.platforms:
        if each.kind == kind:
            references = (each.secret, each.previous_secret)
            secrets = tuple(secret(reference) for reference in references if reference)
            return Account(door.shop, door.country, kind, secrets)
    raise NotFound(f"shop {door.shop!r} has no platform {kind!r}")
