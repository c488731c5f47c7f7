"""A resource of the desk's API: who may ask for it, what it takes, what it answers. The room serves by
this, and the OpenAPI document is made of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import msgspec

from kesher.domain.shop import Agent, Level, Shop
from kesher.errors import Changed, Refusal

BASE = "/desk/api/v1"


class Body(msgspec.Struct, frozen=True):
    """A JSON object of the API. What is answered may have more fields one day."""


class Given(Body, frozen=True, forbid_unknown_fields=True):
    """What a caller gives: a field we do not know is a mistake of theirs."""


class NoQuery(Given, frozen=True):
    pass


@dataclass(frozen=True)
class Asked:
    """What somebody who may ask for it asks, checked and converted."""

    agent: Agent
    """At the level they act on: the lower of what the shop file and their token say."""
    shop: Shop
    now: datetime
    path: Mapping[str, str]
    """What the names in the route's path stand for; anything at all."""
    query: Any
    """As the route's `query` has it."""
    said: Any
    """As the route's `takes` has it."""
    if_match: str | None = None
    key: str = ""
    """Of a POST: the same for the same request, which may come twice."""
    drawn: str = field(default="", repr=False)
    """128 random bits, should it need a token; in characters of a URL."""

    def must_have_seen(self, etag: str) -> None:
        """Raises Changed where the caller has seen another version, and says so."""
        seen = [each.strip() for each in (self.if_match or "*").split(",")]
        if etag not in seen and "*" not in seen:
            raise Changed("it has changed since you have read it; read it again")


@dataclass(frozen=True)
class Answered:
    body: Body
    etag: str | None = None


@dataclass(frozen=True)
class Route:
    method: Literal["GET", "POST"]
    path: str
    """Below BASE, names in braces."""
    least: Level
    """Who may ask for it: people of this level and above."""
    does: str
    """Its summary in the OpenAPI document."""
    handler: Callable[[Asked], Answered] = field(repr=False)
    answers: type[Body]
    query: type[Given] = NoQuery
    takes: type[Given] | None = None
    refuses: tuple[type[Refusal], ...] = ()
    """Beyond what any route may refuse with."""
    versioned: bool = False
    """Its GET gives an ETag; its POST heeds If-Match."""


def etag(version: int) -> str:
    return f'"{version}"'
