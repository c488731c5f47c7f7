"""The public door as an OpenAPI 3.1 document, for those who post to it. Its routes are the template's,
its refusals those of `kesher.errors`, its bodies what each adapter's far side posts (`local.outside`).
"""

import importlib
from http import HTTPStatus
from typing import Any

import pydantic

from kesher import __version__, channels, platforms, wire
from kesher.errors import BadSignature, NotFound, Refusal, TooLarge, Unreadable
from kesher.platforms import generic
from local.outside.contract import Contract

Json = dict[str, Any]

_REFUSALS: dict[type[Refusal], str] = {
    Unreadable: "The body, or something in it, is not what it should be. The reason names it.",
    BadSignature: "The signature is missing, malformed or wrong.",
    NotFound: "No such shop; or the shop has no such channel or platform; or no such text.",
    TooLarge: f"The body is over {wire.BODY_LIMIT // 1024} kB.",
}
_SHOP = {
    "name": "shop",
    "in": "path",
    "required": True,
    "description": "The shop's id, as its shop file has it",
    "schema": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,39}$"},
    "example": "demo",
}
_MESSAGE = {
    "name": "message",
    "in": "path",
    "required": True,
    "description": "Our id of the text the receipt is about, from the callback URL it came with",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{32}-[0-9a-f]{20}$"},
}


def document() -> Json:
    event = pydantic.TypeAdapter(generic.CloudEvent).json_schema(
        ref_template="#/components/schemas/{model}"
    )
    parts = event.pop("$defs")
    hooks = {
        name: contract(name)
        for name in sorted((channels.NAMES - channels.ONLY_SEND) | platforms.NAMES)
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kesher's public door",
            "version": __version__,
            "description": (
                "Where messaging providers post texts and receipts, and shop systems post order events."
                " A 2xx says that what was posted is safe; what it means is worked out afterwards."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "http://127.0.0.1:8080", "description": "`make run`"}],
        "paths": {"/health": {"get": _HEALTH}, "/t/{token}": {"get": _SUMMARY}} | _paths(hooks),
        "components": {
            "schemas": {"CloudEvent": event, "Refusal": _REFUSAL} | parts,
            "responses": {kind.__name__: _refused(why) for kind, why in _REFUSALS.items()},
            "securitySchemes": {
                name: {
                    "type": "apiKey",
                    "in": "header",
                    "name": hook.signature,
                    "description": hook.signed,
                }
                for name, hook in hooks.items()
            },
        },
    }


def contract(name: str) -> Contract:
    """What the far side of an adapter posts."""
    found: Contract = importlib.import_module(f"local.outside.{name}").CONTRACT
    return found


def _paths(hooks: dict[str, Contract]) -> Json:
    paths: Json = {}
    for name in sorted(channels.NAMES - channels.ONLY_SEND):
        path, hook = f"/hooks/{{shop}}/channels/{name}", hooks[name]
        paths[path] = {"post": _post(name, hook, hook.what)}
        if hook.also_gets:
            paths[path]["get"] = _get(name, hook)
        receipts = _post(name, hook, "Receipts of one text of ours", _MESSAGE)
        paths[f"{path}/receipts/{{message}}"] = {"post": receipts}
        if hook.has_fallback:
            paths[f"{path}/fallback"] = {"post": _fallback(name, hook)}
    for name in sorted(platforms.NAMES):
        path, hook = f"/hooks/{{shop}}/platforms/{name}", hooks[name]
        paths[path] = {"post": _post(name, hook, hook.what)}
    return paths


def _post(name: str, hook: Contract, summary: str, *path: Json) -> Json:
    content = {kind: {"schema": schema} for kind, schema in hook.content.items()}
    return {
        "summary": summary,
        "parameters": [_SHOP, *path, *_headers(hook)],
        "requestBody": {"required": True, "content": content},
        "security": [{name: []}],
        "responses": {str(int(hook.taken)): _taken(hook)} | _refusals(),
    }


def _get(name: str, hook: Contract) -> Json:
    (schema,) = hook.content.values()
    fields = [
        {"name": name, "in": "query", "schema": each} for name, each in schema["properties"].items()
    ]
    post = _post(name, hook, "The same by GET, for those who set their provider so", *fields)
    del post["requestBody"]
    return post


def _fallback(name: str, hook: Contract) -> Json:
    """API Gateway's own answers: no function of ours has a part in them, so anybody is let in."""
    post = _post(name, hook, "The same while the first URL fails. Verified later, behind a queue")
    signature = _header(hook.signature, f"{hook.signed}; it is passed on", required=True)
    return post | {
        "parameters": [*post["parameters"], signature],
        "security": [],
        "responses": {
            "200": {
                "description": "It is on the queue.",
                "content": {"text/xml": {"schema": {"type": "string"}}},
            },
            "400": {"description": "The queue cannot take it: there is no signature, or no body."},
        },
    }


def _headers(hook: Contract) -> list[Json]:
    return [
        _header(name, what, required=name in hook.required) for name, what in hook.headers.items()
    ]


def _header(name: str, what: str, *, required: bool) -> Json:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": what,
        "schema": {"type": "string"},
    }


def _taken(hook: Contract) -> Json:
    body = {"content": {hook.answer: {"schema": {"type": "string"}}}} if hook.answer else {}
    return {"description": "It is safe on its queue, or of no interest."} | body


def _refusals() -> Json:
    kinds = sorted(_REFUSALS, key=lambda kind: kind.status)
    return {
        str(int(kind.status)): {"$ref": f"#/components/responses/{kind.__name__}"} for kind in kinds
    }


def _refused(why: str) -> Json:
    schema = {"$ref": "#/components/schemas/Refusal"}
    return {"description": why, "content": {"application/json": {"schema": schema}}}


_REFUSAL: Json = {
    "type": "object",
    "required": ["error"],
    "additionalProperties": False,
    "properties": {"error": {"type": "string", "description": "why, in a sentence"}},
}
_PAGE = {"text/html": {"schema": {"type": "string"}}}
_SUMMARY: Json = {
    "summary": "What was agreed with a customer, for who has the link",
    "parameters": [
        {
            "name": "token",
            "in": "path",
            "required": True,
            "description": "128 random bits, from a text to that customer",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{22}$"},
        }
    ],
    "security": [],
    "responses": {
        str(int(HTTPStatus.OK)): {"description": "A page in their language.", "content": _PAGE},
        str(int(HTTPStatus.NOT_FOUND)): {
            "description": "The same page for a token that is wrong, has expired or was revoked.",
            "content": _PAGE,
        },
    },
}
_HEALTH: Json = {
    "summary": "Whether the door is there, and which version",
    "security": [],
    "responses": {
        str(int(HTTPStatus.OK)): {
            "description": "It is.",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["status", "version"],
                        "properties": {"status": {"const": "ok"}, "version": {"type": "string"}},
                    }
                }
            },
        }
    },
}
