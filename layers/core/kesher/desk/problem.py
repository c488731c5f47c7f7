"""What the desk says no with: RFC 9457, in this one place."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import msgspec

from kesher.desk.route import Body
from kesher.errors import Refusal

CONTENT_TYPE = "application/problem+json"
BROKEN = "broken"


class Problem(Body, frozen=True):
    """RFC 9457. `code` is for programs, `detail` for people."""

    title: str
    status: int
    detail: str
    code: str
    type: str = "about:blank"


@dataclass(frozen=True)
class Answer:
    """As it goes over the wire."""

    status: int
    content_type: str
    body: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


def of(refusal: Refusal) -> Answer:
    return _answer(refusal.status, str(refusal), code(type(refusal)), refusal.headers)


def unexpected() -> Answer:
    """Something broke; the log says what."""
    detail = "something broke here; ask again with the same Idempotency-Key"
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, detail, BROKEN, {})


def code(refusal: type[Refusal]) -> str:
    """`not-found` of NotFound."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", refusal.__name__).lower()


def _answer(status: HTTPStatus, detail: str, code: str, headers: Mapping[str, str]) -> Answer:
    """In ASCII, since a detail may quote what no encoding can say."""
    problem = msgspec.to_builtins(Problem(status.phrase, status.value, detail, code))
    plain = {"cache-control": "no-store"}
    return Answer(status.value, CONTENT_TYPE, json.dumps(problem), plain | dict(headers))
