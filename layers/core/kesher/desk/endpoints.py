"""All that the desk's room serves, and what it says where it does not."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from aws_lambda_powertools.utilities.typing import LambdaContext

from kesher.desk import (
    attend,
    behind,
    canned,
    conversations,
    customers,
    escalations,
    figures,
    guesses,
    me,
    notes,
    pages,
    problem,
    summary,
    unknown,
)
from kesher.desk.problem import Answer
from kesher.desk.route import BASE, Route
from kesher.desk.serve import Request, serve
from kesher.errors import NotFound, Refusal, WrongMethod

ROUTES: tuple[Route, ...] = (
    *me.ROUTES,
    *conversations.ROUTES,
    *attend.ROUTES,
    *customers.ROUTES,
    *canned.ROUTES,
    *notes.ROUTES,
    *summary.ROUTES,
    *guesses.ROUTES,
    *escalations.ROUTES,
    *unknown.ROUTES,
    *figures.ROUTES,
    *behind.ROUTES,
)


@dataclass(frozen=True)
class Endpoint:
    method: str
    path: str
    """Names in braces."""
    answer: Callable[[Request, LambdaContext], Answer] = field(repr=False)
    """Raises Refusal."""


def _document(request: Request, context: LambdaContext) -> Answer:  # noqa: ARG001
    from kesher.desk import openapi  # noqa: PLC0415 (hardly ever asked for)

    return Answer(200, "application/json", json.dumps(openapi.document(ROUTES)))


PUBLIC = (
    Endpoint("GET", f"{BASE}/openapi.json", _document),
    Endpoint("GET", "/desk", pages.frame),
    Endpoint("GET", "/desk/{page}", pages.frame),
    Endpoint("GET", "/desk/assets/{release}/{file}", pages.asset),
)
"""What takes no token."""
ENDPOINTS = (
    *PUBLIC,
    *(Endpoint(each.method, BASE + each.path, partial(serve, each)) for each in ROUTES),
    *(
        Endpoint(each.route.method, pages.BASE + each.route.path, partial(pages.show, each))
        for each in pages.PAGES
    ),
)


def refused(refusal: Refusal, request: Request) -> Answer:
    return pages.refused(refusal, request) if _is_page(request) else problem.of(refusal)


def broken(request: Request) -> Answer:
    return pages.broken(request) if _is_page(request) else problem.unexpected()


def unrouted(request: Request) -> Answer:
    """There is no such resource, or not with this method."""
    methods = {each.method for each in ENDPOINTS if _pattern(each).fullmatch(request.url)}
    if not methods or request.method in methods:
        return refused(NotFound("no such resource"), request)
    return refused(WrongMethod(", ".join(sorted(methods))), request)


def _is_page(request: Request) -> bool:
    return request.url.startswith(f"{pages.BASE}/")


def _pattern(endpoint: Endpoint) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", endpoint.path))
