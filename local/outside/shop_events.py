"""What a shop system posts when an order moves: a ready-made request per kind of event."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Move:
    """An order moves: which, how, in which shop system, and whose it is."""

    order: str
    kind: str
    platform: str = "shopify"
    phone: str = "+972502345678"
    language: str = "he"


@dataclass(frozen=True)
class Order:
    """The order an event is about, as far as a ready-made body needs it."""

    number: str
    phone: str
    language: str
    at: datetime


@dataclass(frozen=True)
class Platform:
    """The other side of one platform adapter."""

    headers: Callable[[str, Order, str], dict[str, str]]
    """Unsigned headers of a kind of event of an order, under a delivery id."""
    body: Callable[[str, Order, str], Body]
    sign: Callable[[dict[str, str], bytes, str], dict[str, str]]
    """The headers with the signature over them and the raw body, made with the shop's secret."""
