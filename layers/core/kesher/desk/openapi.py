"""The API as OpenAPI 3.1 has it, made of the routes that serve it. Served at `/desk/api/v1/openapi.json`
and published as `docs/desk-openapi.json`."""

import re
from http import HTTPStatus
from typing import Any

import msgspec

from kesher import __version__
from kesher.desk import problem
from kesher.desk.problem import Problem
from kesher.desk.route import BASE, Body, NoQuery, Route
from kesher.errors import (
    BeingWorkedOn,
    Forbidden,
    KeyReused,
    NotSignedIn,
    Refusal,
    TooLarge,
    Unreadable,
    WrongMethod,
)

PATH = f"{BASE}/openapi.json"
ANY: tuple[type[Refusal], ...] = (Unreadable, NotSignedIn, Forbidden, WrongMethod)
"""What any route may refuse with."""
ANY_POST: tuple[type[Refusal], ...] = (BeingWorkedOn, KeyReused, TooLarge)

Json = dict[str, Any]


class Gatekeeper(Body, frozen=True):
    """What API Gateway itself says no with: a token it does not take, too many requests."""

    message: str


def document(routes: tuple[Route, ...]) -> Json:
    shapes = {Problem, Gatekeeper} | {each.answers for each in routes}
    shapes |= {each.takes for each in routes if each.takes}
    in_order = sorted(shapes, key=lambda each: each.__name__)
    reference = "#/components/schemas/{name}"
    _, schemas = msgspec.json.schema_components(in_order, ref_template=reference)
    paths: dict[str, Json] = {}
    for route in routes:
        paths.setdefault(BASE + route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kesher: the desk",
            "version": __version__,
            "description": "Where the shop's people work. The shop is the token's.",
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"signedIn": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "signedIn": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "An ID token of the stack's user pool.",
                }
            },
        },
    }


def _operation(route: Route) -> Json:
    operation: Json = {
        "operationId": route.handler.__name__,
        "summary": route.does,
        "description": f"For people of the level {route.least} and above.",
        "x-least-level": route.least,
        "parameters": [*_path(route), *_query(route), *_headers(route)],
        "responses": _responses(route),
    }
    if route.takes:
        operation["requestBody"] = {"required": True, "content": _json(route.takes)}
    return operation


def _path(route: Route) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", route.path)
    ]


def _query(route: Route) -> list[Json]:
    if route.query is NoQuery:
        return []
    schema = msgspec.json.schema(route.query)
    (shape,) = schema["$defs"].values()
    return [
        {"name": name, "in": "query", "required": name in shape.get("required", ()), "schema": each}
        for name, each in shape["properties"].items()
    ]


def _headers(route: Route) -> list[Json]:
    if route.method != "POST":
        return []
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "The same key is the same request, for seven days: done once, answered alike.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]{1,255}$"},
    }
    seen = {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": "The ETag the caller has seen; refused with 412 where it is another by now.",
        "schema": {"type": "string"},
    }
    return [key, seen] if route.versioned else [key]


def _responses(route: Route) -> Json:
    done: Json = {"description": route.does, "content": _json(route.answers)}
    if route.versioned and route.method == "GET":
        schema = {"type": "string"}
        done["headers"] = {"ETag": {"description": "Its version, for If-Match.", "schema": schema}}
    refusals = (*ANY, *(ANY_POST if route.method == "POST" else ()), *route.refuses)
    codes: dict[HTTPStatus, list[str]] = {}
    for refusal in refusals:
        codes.setdefault(refusal.status, []).append(problem.code(refusal))
    codes[HTTPStatus.INTERNAL_SERVER_ERROR] = [problem.BROKEN]
    answers: Json = {"200": done}
    for status in sorted(codes):
        answers[str(status.value)] = _refused(status, codes[status])
    answers["429"] = {"description": "too many requests", "content": _json(Gatekeeper)}
    return answers


def _refused(status: HTTPStatus, codes: list[str]) -> Json:
    content = {problem.CONTENT_TYPE: _json(Problem)["application/json"]}
    if status == HTTPStatus.UNAUTHORIZED:
        content |= _json(Gatekeeper)
    return {"description": f"code {' or '.join(codes)}", "content": content}


def _json(shape: type[Body]) -> Json:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape.__name__}"}}}
