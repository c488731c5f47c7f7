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
from kesher.desk.route import BASE, Asked, Given, Route
from kesher.errors import Conflict, LostRace, NotFound, Refusal, Unreadable, WrongMethod
from kesher.store import posts
from kesher.store.posts import Post

G = TypeVar("G", bound=Given)

_KEY = re.compile(r"[!-~]{1,255}")


@dataclass(frozen=True)
class Request:
    """As API Gateway hands it over."""

    claims: Mapping[str, str] = field(repr=False)
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case."""
    body: bytes = field(repr=False)


def serve(route: Route, request: Request, context: LambdaContext) -> Answer:
    """Raises Refusal."""
    agent, shop = identity.signed_in(request.claims, route.least)
    key = _key(request) if route.method == "POST" else ""
    asked = Asked(
        agent=agent,
        shop=shop,
        now=instant.now(),
        path=request.path,
        query=_query(request, route.query),
        said=_said(request, route.takes) if route.takes else None,
        if_match=request.headers.get("if-match"),
        key=key,
        drawn=secrets.token_urlsafe(16),
    )
    try:
        return _posted(route, request, asked, key, context) if key else _got(route, asked)
    except LostRace as error:
        raise Conflict("others are changing the same thing; ask again") from error


def _got(route: Route, asked: Asked) -> Answer:
    answered = route.handler(asked)
    return _answer(answered.body, answered.etag)


def _posted(
    route: Route, request: Request, asked: Asked, key: str, context: LambdaContext
) -> Answer:
    whole = [route.path, dict(request.path), msgspec.to_builtins(asked.said)]
    post = Post(asked.shop.shop, asked.agent.id, key, whole)
    kept = posts.once(post, lambda: msgspec.to_builtins(route.handler(asked).body), context)
    return _answer(kept, None)


def unrouted(routes: tuple[Route, ...], method: str, path: str) -> Refusal:
    """Why nothing serves a path: there is none, or not with this method."""
    methods = {route.method for route in routes if _pattern(route).fullmatch(path)}
    if not methods or method in methods:
        return NotFound("no such resource")
    return WrongMethod(", ".join(sorted(methods)))


def _pattern(route: Route) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", BASE + route.path))


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
