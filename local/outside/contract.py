"""What a provider or a shop system posts, as `docs/openapi.json` describes it to strangers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any


@dataclass(frozen=True)
class Contract:
    """The requests of one adapter's far side, and what it hears when they are taken."""

    what: str
    signature: str
    """The header that holds it."""
    signed: str
    content: Mapping[str, Mapping[str, Any]]
    """Media type to the JSON Schema of its body."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Others that are read."""
    required: frozenset[str] = frozenset()
    """Of these, the ones without which there is no signature."""
    taken: HTTPStatus = HTTPStatus.OK
    answer: str | None = None
    """The media type of the answer, where it has a body."""
    also_gets: bool = False
    """It may be told to use GET, with the same fields in the query."""
    has_fallback: bool = False
    """It knows a second URL for when the first one fails."""
