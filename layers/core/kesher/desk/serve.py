"""One request at the desk: who asks, may they, what do they ask; then its resource."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
from aws_lambda_powertools.utilities.typing import LambdaContext

from kesher import instant, wire
from kesher.desk import identity
from kesher.desk.problem import Answer
from kesher.desk.route import Answered, Asked, Given, Route
from kesher.errors import Conflict, LostRace, Unreadable
from kesher.store import posts
from kesher.store.posts import Post

G = TypeVar("G", bound=Given)

_KEY = re.compile(r"[!-~]{1,255}")


@dataclass(frozen=True)
class Request:
    """As API Gateway hands it over."""

    claims: Mapping[str, str] = field(repr=False)
    method: str
    url: str
    """Its path as it was asked for."""
    path: Mapping[str, str]
    """What the names in the route's path stand for."""
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case."""
    body: bytes = field(repr=False)


def serve(route: Route, request: Request, context: LambdaContext) -> Answer:
    """Raises Refusal."""
    asked = asked_by(request, route)
    if asked.key:
        return _answer(posted(route, asked, context), None)
    answered = got(route, asked)
    return _answer(answered.body, answered.etag)


def asked_by(request: Request, route: Route) -> Asked:
    """Who asks, and what, once it is sure that they may."""
    agent, shop = identity.signed_in(request.claims, route.least)
    return Asked(
        agent=agent,
        shop=shop,
        now=instant.now(),
        path=request.path,
        query=_query(request, route.query),
        said=_said(request, route.takes) if route.takes else None,
        if_match=request.headers.get("if-match"),
        key=_key(request) if route.method == "POST" else "",
        drawn=secrets.token_urlsafe(16),
    )


def got(route: Route, asked: Asked) -> Answered:
    try:
        return route.handler(asked)
    except LostRace as error:
        raise Conflict("others are changing the same thing; ask again") from error


def posted(route: Route, asked: Asked, context: LambdaContext) -> Any:
    """What the handler answered, now or to the same request before, as JSON has it."""
    whole = [route.path, dict(asked.path), msgspec.to_builtins(asked.said)]
    post = Post(asked.shop.shop, asked.agent.id, asked.key, whole)
    return posts.once(post, lambda: msgspec.to_builtins(got(route, asked).body), context)


def _key(request: Request) -> str:
    key = request.headers.get("idempotency-key", "")
    if not _KEY.fullmatch(key):
        raise Unreadable("a POST carries an Idempotency-Key: 1 to 255 visible ASCII characters")
    return key


def _query(request: Request, kind: type[G]) -> G:
    """Numbers in a query are text."""
    try:
        return msgspec.convert(dict(request.query), kind, strict=False)
    except msgspec.ValidationError as error:
        raise Unreadable(f"the query: {error}") from error


def _said(request: Request, kind: type[G]) -> G:
    try:
        return msgspec.convert(wire.read_json(request.body), kind)
    except msgspec.ValidationError as error:
        raise Unreadable(f"the body: {error}") from error


def _answer(body: Any, etag: str | None) -> Answer:
    headers = {"cache-control": "no-store"} | ({"etag": etag} if etag else {})
    return Answer(200, "application/json", msgspec.json.encode(body).decode(), headers)
